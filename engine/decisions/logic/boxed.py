"""Boxed expressions (DMN 1.5, 10.2.2): each knows its type and how to get its value in a scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from engine.decisions.logic.cells import Cell
from engine.decisions.logic.functions import DecisionFunction
from engine.decisions.logic.parts import DecisionVariable, Evaluation, Values
from engine.decisions.place import Place
from engine.feel import NoValue
from engine.feel.types import ANY, FeelType

ROUND = 10
"""Steps of the budget that one round of a boxed loop costs besides its expressions."""


@dataclass(slots=True, kw_only=True)
class Boxed:
    """Any boxed expression; `type` is what its typeRef names, None where nothing is declared."""

    place: Place
    type: FeelType | None = None

    def evaluate(self, scope: Values, evaluation: Evaluation) -> Any:
        """The value in a scope, made to conform to the declared type. Raises BudgetExceeded."""
        return evaluation.conformed(self.value(scope, evaluation), self.type, self.place)

    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        """The value before its type is checked."""
        raise NotImplementedError


@dataclass(slots=True, kw_only=True)
class Literal(Boxed):
    """A FEEL expression."""

    cell: Cell

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        return self.cell.value(scope, evaluation)


@dataclass(slots=True, kw_only=True)
class Unsupported(Boxed):
    """Logic that this product does not carry out; deploying it is refused, evaluating it gives null."""

    zh: str
    en: str

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        evaluation.note(self.place.problem("dmn-unsupported", self.zh, self.en))
        return None


@dataclass(slots=True, kw_only=True)
class Context(Boxed):
    """Entries that see the ones before them. An entry without a variable is the result."""

    entries: list[tuple[DecisionVariable | None, Boxed]]

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        # One growing mapping, so that a function in an entry can call itself.
        seen, values = dict(scope), {}
        for variable, expression in self.entries:
            found = expression.evaluate(seen, evaluation)
            if variable is None:
                return found
            found = evaluation.conformed(found, variable.type, variable.place)
            seen[variable.name] = values[variable.name] = found
        return values


@dataclass(slots=True, kw_only=True)
class ListOf(Boxed):
    """A boxed list."""

    items: list[Boxed]

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        return [item.evaluate(scope, evaluation) for item in self.items]


@dataclass(slots=True, kw_only=True)
class Relation(Boxed):
    """A list of contexts, written as a grid."""

    columns: list[DecisionVariable]
    rows: list[list[Boxed]]

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        return [
            {
                column.name: evaluation.conformed(cell.evaluate(scope, evaluation), column.type, cell.place)
                for column, cell in zip(self.columns, row, strict=True)
            }
            for row in self.rows
        ]


@dataclass(slots=True, kw_only=True)
class FunctionDefinition(Boxed):
    """A function with formal parameters: boxed, or the logic of a business knowledge model."""

    parameters: list[DecisionVariable]
    body: Boxed

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        def call(args: list[Any]) -> Any:
            inner = {**scope, **evaluation.arguments(self.parameters, args)}
            return evaluation.inside_call(lambda: self.body.evaluate(inner, evaluation))

        types = [parameter.type or ANY for parameter in self.parameters]
        return DecisionFunction([parameter.name for parameter in self.parameters], call, types, self.body.type or ANY)


@dataclass(slots=True, kw_only=True)
class Invocation(Boxed):
    """A call with named bindings."""

    called: Boxed
    bindings: list[tuple[DecisionVariable, Boxed]]

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        function = self.called.evaluate(scope, evaluation)
        arguments = {parameter.name: bound.evaluate(scope, evaluation) for parameter, bound in self.bindings}
        if not hasattr(function, "named"):
            evaluation.note(
                self.place.problem("dmn-invocation", "被调用的不是函数。", "What is invoked is not a function.")
            )
            return None
        try:
            return function.named(arguments, evaluation.run)
        except NoValue as reason:
            evaluation.note(self.place.problem("dmn-invocation", f"调用无结果：{reason}。", f"No result: {reason}."))
            return None


@dataclass(slots=True, kw_only=True)
class Conditional(Boxed):
    """Boxed `if`; a condition that is not true takes the else branch."""

    condition: Boxed
    yes: Boxed
    no: Boxed

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        branch = self.yes if self.condition.evaluate(scope, evaluation) is True else self.no
        return branch.evaluate(scope, evaluation)


@dataclass(slots=True, kw_only=True)
class Filter(Boxed):
    """Boxed filter. Its condition sees `item` and the entries of the element, and must be a boolean or null."""

    source: Boxed
    match: Boxed

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        items = evaluation.items_of(self.source.evaluate(scope, evaluation), self.place)
        kept = []
        for item in items or []:
            evaluation.run.spend(ROUND)
            inner = {**scope, "item": item, **(item if isinstance(item, dict) else {})}
            found = self.match.evaluate(inner, evaluation)
            if found is not None and not isinstance(found, bool):
                evaluation.note(self.place.problem("dmn-loop", *_NO_CONDITION))
                return None
            if found is True:
                kept.append(item)
        return kept


_NO_CONDITION = "条件的结果不是真或假。", "The condition is neither true nor false."


@dataclass(slots=True, kw_only=True)
class Loop(Boxed):
    """Boxed `for`, `some` and `every` over a list or a range."""

    kind: str
    variable: str
    source: Boxed
    body: Boxed

    @override
    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        source = self.source.evaluate(scope, evaluation)
        items = None if source is None else evaluation.items_of(source, self.place)
        if items is None:
            return None
        found: list[Any] = []
        for item in items:
            evaluation.run.spend(ROUND + len(found) // 4)
            inner = {**scope, self.variable: item, "partial": list(found)}
            found.append(self.body.evaluate(inner, evaluation))
        return found if self.kind == "for" else _quantified(found, self.kind == "some")


def _quantified(found: list[Any], decisive: bool) -> bool | None:
    """Three-valued, as in FEEL; but any value that is neither boolean nor null spoils the whole."""
    if any(value is not None and not isinstance(value, bool) for value in found):
        return None
    if any(value is decisive for value in found):
        return decisive
    return None if any(value is None for value in found) else not decisive
