"""Reads boxed expressions."""

from __future__ import annotations

from collections.abc import Callable

from engine.decisions.logic import boxed as b
from engine.decisions.logic.cells import Cell
from engine.decisions.logic.parts import DecisionVariable
from engine.decisions.read.decision_tables import read_table
from engine.decisions.read.source import DecisionSource
from engine.decisions.read.type_references import NamedTypes
from engine.feel.names import normalise
from engine.feel.types import FunctionType
from engine.xml import Element


class BoxedReader:
    """Turns the logic elements of one file into boxed expressions."""

    def __init__(self, source: DecisionSource, types: NamedTypes) -> None:
        self.source = source
        self.types = types
        self.language = source.root.get("expressionLanguage", "")

    def inside(self, element: Element | None) -> b.Boxed | None:
        """The expression an element holds, if it holds one."""
        children = [] if element is None else element
        return next((self.read(child) for child in children if self.source.kind(child) in READERS), None)

    def needed(self, element: Element | None, around: Element) -> b.Boxed:
        """The expression an element holds; an absent one is an empty literal, which is null."""
        return self.inside(element) or b.Literal(place=self.source.place(around), cell=self.cell(around, "text"))

    def read(self, element: Element) -> b.Boxed:
        """The boxed expression an element is."""
        return READERS[self.source.kind(element)](self, element)

    def cell(self, element: Element, kind: str = "text") -> Cell:
        """The FEEL text of an element."""
        return Cell(self.source.text(element, kind), self.source.place(self._text_element(element)))

    def _text_element(self, element: Element) -> Element:
        child = self.source.child(element, "text")
        return element if child is None else child

    def variable(self, element: Element, fallback: str = "") -> DecisionVariable:
        """The variable, parameter or column an element declares."""
        name = self.source.name(element) or normalise(fallback)
        return DecisionVariable(name=name, place=self.source.place(element), type=self.types.of(element))

    def literal(self, element: Element) -> b.Boxed:
        language = element.get("expressionLanguage") or self.language
        if self.source.child(element, "importedValues") is not None or not _is_feel(language):
            zh = f"表达式语言 {language or '（外部）'} 不受支持，请用 FEEL 写在此处。"
            return self._unsupported(element, zh, f"Expressions must be FEEL, written in place, not {language}.")
        place, kind = self.source.place(element), self.types.of(element)
        return b.Literal(place=place, type=kind, cell=self.cell(element))

    def _unsupported(self, element: Element, zh: str, en: str) -> b.Boxed:
        self.source.tell(element, "dmn-unsupported", zh, en)
        return b.Unsupported(place=self.source.place(element), zh=zh, en=en)

    def context(self, element: Element) -> b.Boxed:
        entries = [self._entry(one) for one in self.source.children(element, "contextEntry")]
        return b.Context(place=self.source.place(element), type=self.types.of(element), entries=entries)

    def _entry(self, element: Element) -> tuple[DecisionVariable | None, b.Boxed]:
        found, value = self.source.child(element, "variable"), self.needed(element, element)
        if found is None:
            return None, value
        variable = self.variable(found)
        self.source.member(variable.name)
        if isinstance(value, b.FunctionDefinition) and not isinstance(variable.type, FunctionType):
            # Files write the type of a function's results here.
            variable.type = None
        return variable, value

    def list_of(self, element: Element) -> b.Boxed:
        items = [self.read(child) for child in element if self.source.kind(child) in READERS]
        return b.ListOf(place=self.source.place(element), type=self.types.of(element), items=items)

    def relation(self, element: Element) -> b.Boxed:
        columns = [self.variable(one) for one in self.source.children(element, "column")]
        for column in columns:
            self.source.member(column.name)
        rows = [self._row(one, len(columns)) for one in self.source.children(element, "row")]
        return b.Relation(place=self.source.place(element), type=self.types.of(element), columns=columns, rows=rows)

    def _row(self, element: Element, width: int) -> list[b.Boxed]:
        cells = [self.read(child) for child in element if self.source.kind(child) in READERS]
        if len(cells) != width:
            zh, en = f"此行有 {len(cells)} 格，应有 {width} 格。", f"The row has {len(cells)} cells, not {width}."
            self.source.refuse(element, "dmn-structure", zh, en)
        return cells

    def function(self, element: Element) -> b.Boxed:
        """A function definition; also the encapsulated logic of a business knowledge model."""
        kind = element.get("kind") or "FEEL"
        if kind != "FEEL":
            zh, en = (
                f"{kind} 函数不受支持，请用 FEEL 编写。",
                f"{kind} functions are not carried out; write them in FEEL.",
            )
            return self._unsupported(element, zh, en)
        parameters = [self.variable(one) for one in self.source.children(element, "formalParameter")]
        return b.FunctionDefinition(
            place=self.source.place(element), parameters=parameters, body=self.needed(element, element)
        )

    def invocation(self, element: Element) -> b.Boxed:
        bindings = []
        for binding in self.source.children(element, "binding"):
            parameter = self.source.child(binding, "parameter")
            if parameter is None:
                self.source.refuse(binding, "dmn-structure", "绑定缺少参数。", "The binding has no parameter.")
            else:
                bindings.append((self.variable(parameter), self.needed(binding, binding)))
        place, kind = self.source.place(element), self.types.of(element)
        return b.Invocation(place=place, type=kind, called=self.needed(element, element), bindings=bindings)

    def conditional(self, element: Element) -> b.Boxed:
        condition, yes, no = (self._part(element, kind) for kind in ("if", "then", "else"))
        place, kind = self.source.place(element), self.types.of(element)
        return b.Conditional(place=place, type=kind, condition=condition, yes=yes, no=no)

    def filter(self, element: Element) -> b.Boxed:
        source, match = self._part(element, "in"), self._part(element, "match")
        return b.Filter(place=self.source.place(element), type=self.types.of(element), source=source, match=match)

    def loop(self, element: Element) -> b.Boxed:
        kind = self.source.kind(element)
        return b.Loop(
            place=self.source.place(element),
            type=self.types.of(element),
            kind=kind,
            variable=normalise(element.get("iteratorVariable", "")),
            source=self._part(element, "in"),
            body=self._part(element, "return" if kind == "for" else "satisfies"),
        )

    def _part(self, element: Element, kind: str) -> b.Boxed:
        return self.needed(self.source.child(element, kind), element)

    def table(self, element: Element) -> b.Boxed:
        return read_table(self, element)


def _is_feel(language: str) -> bool:
    return not language or language.rstrip("/").lower().endswith("feel") or "/FEEL/" in language


READERS: dict[str, Callable[[BoxedReader, Element], b.Boxed]] = {
    "literalExpression": BoxedReader.literal,
    "context": BoxedReader.context,
    "list": BoxedReader.list_of,
    "relation": BoxedReader.relation,
    "functionDefinition": BoxedReader.function,
    "invocation": BoxedReader.invocation,
    "conditional": BoxedReader.conditional,
    "filter": BoxedReader.filter,
    "for": BoxedReader.loop,
    "some": BoxedReader.loop,
    "every": BoxedReader.loop,
    "decisionTable": BoxedReader.table,
}
