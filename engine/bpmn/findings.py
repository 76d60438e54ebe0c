"""The problems found while a diagram is read, each with its element and line."""

from __future__ import annotations

from engine.errors import Problem, Refused
from engine.xml import Element, line_of


class Findings:
    """Collects problems of one file, so that a designer sees all of them at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, rule: str, at: Element | int | None, where: str, zh: str, en: str) -> None:
        """Note a problem of the element `where` at an element or line."""
        line = at if isinstance(at, int) or at is None else line_of(at)
        self.problems.append(Problem(rule, where, zh, en, line=line, file=self.file))

    def refuse(self) -> None:
        """Raise Refused when there is any problem, in the order of their lines."""
        if self.problems:
            raise Refused(sorted(self.problems, key=lambda problem: problem.line or 0))
