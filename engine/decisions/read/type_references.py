"""Reads item definitions and type references."""

from __future__ import annotations

from engine import feel
from engine.decisions.item_types import Constrained, Recursive
from engine.decisions.read.source import DecisionSource
from engine.feel.names import normalise
from engine.feel.types import ANY, NAMED, ContextType, FeelType, FunctionType, ListType
from engine.xml import Element


class NamedTypes:
    """The types a file can name: its item definitions, those of its imports, and FEEL's own."""

    def __init__(self, source: DecisionSource, imported: dict[str, FeelType], prefixes: dict[str, str]) -> None:
        self.source = source
        self.prefixes = prefixes
        self.known: dict[str, FeelType] = dict(imported)
        self._definitions = {source.name(one): one for one in source.children(source.root, "itemDefinition")}
        self._active: set[str] = set()
        for name in self._definitions:
            self._defined(name)

    def of(self, element: Element | None) -> FeelType | None:
        """The type an element declares by its typeRef attribute (or, in item definitions, child element)."""
        if element is None:
            return None
        written = element.get("typeRef") or self.source.text(element, "typeRef")
        return self.named(written, element) if written else None

    def named(self, written: str, element: Element) -> FeelType | None:
        """The type a reference means; a problem is collected and None given for an unknown one."""
        name = self._plain(normalise(written), element)
        if name in self._definitions:
            return self._defined(name)
        if name in self.known or name in NAMED:
            return self.known.get(name) or NAMED[name]
        try:
            return feel.parse_type(name, self.known)
        except feel.FeelError:
            self.source.tell(element, "dmn-unknown-type", f"没有名为“{name}”的类型。", f"There is no type “{name}”.")
            return None

    def _plain(self, written: str, element: Element) -> str:
        """The reference without its XML prefix, which DMN 1.1 wrote; an import's prefix becomes its name."""
        prefix, colon, local = written.partition(":")
        if not colon or "<" in written:
            return written
        imported = self.prefixes.get(self.source.prefixes(element).get(prefix, ""), "")
        return f"{imported}.{local}" if imported else local

    def _defined(self, name: str) -> FeelType:
        if name in self.known:
            return self.known[name]
        if name in self._active:
            return Recursive(name, lambda: self.known[name])
        self._active.add(name)
        element = self._definitions[name]
        found = self._read(element, name)
        if _goes_nowhere(found):
            self.source.tell(
                element, "dmn-unknown-type", f"类型“{name}”只以自身定义。", f"Type “{name}” is only defined by itself."
            )
            found = ANY
        self.known[name] = found
        return found

    def _read(self, element: Element, name: str) -> FeelType:
        found = self._constrained(element, self._base(element), "allowedValues", name)
        if element.get("isCollection") == "true":
            found = ListType(element=found)
        return self._constrained(element, found, "typeConstraint", name)

    def _base(self, element: Element) -> FeelType:
        components = list(self.source.children(element, "itemComponent"))
        if components:
            return ContextType(entries=tuple(self._component(one) for one in components))
        function = self.source.child(element, "functionItem")
        return self._function(function) if function is not None else self.of(element) or ANY

    def _component(self, element: Element) -> tuple[str, FeelType]:
        name = self.source.member(self.source.name(element))
        return name, self._read(element, name)

    def _function(self, element: Element) -> FeelType:
        written = element.get("outputTypeRef")
        parameters = tuple(self.of(one) or ANY for one in self.source.children(element, "parameters"))
        result = self.named(written, element) if written else None
        # Files often leave the parameters out; that means any function with this result.
        return FunctionType(parameters=parameters or None, result=result or ANY)

    def _constrained(self, element: Element, base: FeelType, kind: str, name: str) -> FeelType:
        constraint = self.source.child(element, kind)
        tests = self.source.text(constraint)
        if constraint is None or not tests:
            return base
        try:
            feel.compile_unary_tests(tests)
        except feel.FeelError as error:
            self.source.tell(constraint, "dmn-feel", error.text("zh"), error.text("en"))
        return Constrained(name, base, tests)


def _goes_nowhere(kind: FeelType) -> bool:
    while isinstance(kind, Constrained):
        kind = kind.base
    return isinstance(kind, Recursive)
