"""Goes through decision logic without running it, telling what names of which types each expression and table sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.decisions.item_types import plain_type
from engine.decisions.logic import boxed as b
from engine.decisions.logic.cells import Cell
from engine.decisions.logic.graph import Decision, GraphElement, InputData, Knowledge, Service, result_type
from engine.decisions.logic.parts import DecisionVariable
from engine.decisions.logic.tables import DecisionTable
from engine.feel.names import WORD
from engine.feel.types import ANY, ContextType, FeelType, FunctionType, ListType

if TYPE_CHECKING:
    from engine.decisions.model import Model

Types = dict[str, FeelType | None]
"""Names in scope and their types; None is an unknown type."""


@dataclass(frozen=True, slots=True)
class Site:
    """An expression, or a table, and what it sees."""

    found: Cell | DecisionTable
    types: Types


def sites(model: Model) -> Iterator[Site]:
    """Every expression and table of a model."""
    for element in model.elements.values():
        if isinstance(element, Decision) and element.logic:
            yield from _inside(element.logic, scope_of(model, element))
        elif isinstance(element, Knowledge) and element.function:
            types = scope_of(model, element)
            types[element.name] = type_of_element(model, element)
            yield from _inside(element.function, types)


def scope_of(model: Model, element: GraphElement) -> Types:
    """The names an element's requirements bring into view."""
    types: Types = {}
    below: dict[str, list[tuple[str, FeelType]]] = {}
    for reference in element.requires():
        home = model.imports[reference.namespace] if reference.namespace else model
        required = home.elements[reference.id]
        kind, prefix = type_of_element(home, required), model.prefix(reference)
        if prefix:
            below.setdefault(prefix, []).append((required.name, kind or ANY))
        else:
            types[required.name] = kind
    return types | {prefix: ContextType(entries=tuple(entries)) for prefix, entries in below.items()}


def type_of_element(model: Model, element: GraphElement) -> FeelType | None:
    """The type of the value that requiring an element brings into view."""
    if isinstance(element, (InputData, Decision)):
        return plain_type(element.variable.type)
    result = plain_type(result_type(element.variable.type)) or ANY
    if isinstance(element, Service):
        references = (*element.input_data, *element.input_decisions)
        return FunctionType(parameters=tuple(_any(model.element(one).variable) for one in references), result=result)
    if isinstance(element, Knowledge) and element.function:
        result = result if result is not ANY else plain_type(element.function.body.type) or ANY
        return FunctionType(parameters=tuple(map(_any, element.function.parameters)), result=result)
    return None


def _any(variable: DecisionVariable) -> FeelType:
    return plain_type(variable.type) or ANY


def _inside(logic: b.Boxed, types: Types) -> Iterator[Site]:
    walk: Callable[[Any, Types], Iterator[Site]] = _WALKS[type(logic)]
    return walk(logic, types)


def _nothing(*args: Any) -> Iterator[Site]:
    return iter(())


def _literal(logic: b.Literal, types: Types) -> Iterator[Site]:
    yield Site(logic.cell, types)


def _context(logic: b.Context, types: Types) -> Iterator[Site]:
    seen = dict(types)
    for variable, value in logic.entries:
        if variable is None:
            yield from _inside(value, seen)
            continue
        kind = plain_type(variable.type) or static_type(value, seen)
        # A function may call itself; any other entry sees only the ones before it.
        itself = {variable.name: kind} if may_be_function(value) else {}
        yield from _inside(value, {**seen, **itself})
        seen[variable.name] = kind


def may_be_function(value: b.Boxed) -> bool:
    """Whether an entry's value may be a function, which sees its own name."""
    if isinstance(value, b.Literal):
        return value.cell.text.startswith("function")
    return isinstance(value, b.FunctionDefinition)


def _list(logic: b.ListOf, types: Types) -> Iterator[Site]:
    for item in logic.items:
        yield from _inside(item, types)


def _relation(logic: b.Relation, types: Types) -> Iterator[Site]:
    for row in logic.rows:
        for cell in row:
            yield from _inside(cell, types)


def _function(logic: b.FunctionDefinition, types: Types) -> Iterator[Site]:
    own = {parameter.name: plain_type(parameter.type) for parameter in logic.parameters}
    yield from _inside(logic.body, {**types, **own})


def _invocation(logic: b.Invocation, types: Types) -> Iterator[Site]:
    yield from _inside(logic.called, types)
    for _, bound in logic.bindings:
        yield from _inside(bound, types)


def _conditional(logic: b.Conditional, types: Types) -> Iterator[Site]:
    for part in (logic.condition, logic.yes, logic.no):
        yield from _inside(part, types)


def _element(source: b.Boxed, types: Types) -> FeelType | None:
    kind = static_type(source, types)
    return kind.element if isinstance(kind, ListType) else None


def _filter(logic: b.Filter, types: Types) -> Iterator[Site]:
    yield from _inside(logic.source, types)
    element = _element(logic.source, types)
    if isinstance(element, ContextType) and element.entries:
        yield from _inside(logic.match, {**types, "item": element, **dict(element.entries)})


def _loop(logic: b.Loop, types: Types) -> Iterator[Site]:
    yield from _inside(logic.source, types)
    inner = {**types, logic.variable: _element(logic.source, types), "partial": ListType()}
    yield from _inside(logic.body, inner)


def _table(logic: DecisionTable, types: Types) -> Iterator[Site]:
    yield Site(logic, types)


def static_type(logic: b.Boxed, types: Types) -> FeelType | None:
    """The type of a value as far as declarations, names and structure tell; None if they do not."""
    if logic.type is not None:
        return plain_type(logic.type)
    if isinstance(logic, b.Literal):
        return types.get(logic.cell.text) if WORD.match(logic.cell.text) else None
    if isinstance(logic, b.FunctionDefinition):
        result = plain_type(logic.body.type) or ANY
        return FunctionType(parameters=tuple(map(_any, logic.parameters)), result=result)
    if isinstance(logic, b.Relation):
        return ListType(element=ContextType(entries=tuple((one.name, _any(one)) for one in logic.columns)))
    return None


_WALKS: dict[type[b.Boxed], Any] = {
    b.Literal: _literal,
    b.Unsupported: _nothing,
    b.Context: _context,
    b.ListOf: _list,
    b.Relation: _relation,
    b.FunctionDefinition: _function,
    b.Invocation: _invocation,
    b.Conditional: _conditional,
    b.Filter: _filter,
    b.Loop: _loop,
    DecisionTable: _table,
}
