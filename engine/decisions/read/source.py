"""The XML of a decision file while it is being read: lookups that hide namespaces and DMN's versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from engine import xml
from engine.decisions.place import Place
from engine.errors import Problem, Refused
from engine.feel.names import normalise, split
from engine.xml import Element

NAMESPACES: Final = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}


class DecisionSource:
    """One file. Severe problems are `refuse`d at once; what only spoils a part is collected in `problems`."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self.root = xml.parse(data, file)
        self.dmn, _, name = self.root.tag[1:].partition("}")
        # Some tools declare the DMN namespace but leave the elements in one of their own.
        declared = {self.dmn, *self.root.nsmap.values()}
        if name != "definitions" or not declared & NAMESPACES.keys():
            self.refuse(
                self.root,
                "dmn-version",
                "不是 DMN 1.1 至 1.5 的决策文件。",
                "This is no decision file of DMN 1.1 to 1.5.",
            )
        self.namespace = self.root.get("namespace", "")
        self.problems: list[Problem] = []
        self.member_names: set[str] = set()

    def kind(self, element: Element) -> str:
        """The DMN name of an element; empty for elements of other namespaces."""
        namespace, _, name = element.tag[1:].partition("}")
        return name if namespace == self.dmn else ""

    def children(self, element: Element, kind: str) -> Iterator[Element]:
        """The children of one kind, in order."""
        return (child for child in element if self.kind(child) == kind)

    def child(self, element: Element, kind: str) -> Element | None:
        """The first child of a kind."""
        return next(self.children(element, kind), None)

    def text(self, element: Element | None, kind: str = "text") -> str:
        """The text of a child, without the space around it; empty if there is none."""
        child = None if element is None else self.child(element, kind)
        return "" if child is None else "".join(map(str, child.itertext())).strip()

    def name(self, element: Element) -> str:
        """The name attribute, as FEEL normalises names."""
        return normalise(element.get("name", ""))

    def member(self, name: str) -> str:
        """Remember a name that may stand behind a dot; one-word names need no remembering. Returns the name."""
        if len(split(name)) > 1:
            self.member_names.add(name)
        return name

    def place(self, element: Element, cell_zh: str = "", cell_en: str = "") -> Place:
        """Where an element stands."""
        around: Element | None = element
        while around is not None and not around.get("id"):
            around = around.getparent()
        where = "" if around is None else around.get("id", "")
        return Place(self.file, where, xml.line_of(element), cell_zh, cell_en)

    def tell(self, element: Element, rule: str, zh: str, en: str) -> None:
        """Collect a problem."""
        self.problems.append(self.place(element).problem(rule, zh, en))

    def refuse(self, element: Element, rule: str, zh: str, en: str) -> None:
        """Stop reading. Raises Refused."""
        raise Refused([self.place(element).problem(rule, zh, en)])

    def prefixes(self, element: Element) -> Mapping[str | None, str]:
        """The namespace prefixes in force at an element."""
        return element.nsmap
