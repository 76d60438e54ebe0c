"""The problems found while a diagram is read, each with its element and line."""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram import Flow, Node
from engine.bpmn.read.sentences import SENTENCES
from engine.errors import Problem, Refused
from engine.xml import Element, line_of


class Findings:
    """Collects problems of one file, so that a designer sees all of them at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, rule: str, at: Node | Flow | Element, **facts: Any) -> None:
        """Note that `at` breaks a rule of `sentences`; the facts fill its sentences."""
        if isinstance(at, (Node, Flow)):
            where, line = at.id, at.line or None
        else:
            where, line = at.get("id") or str(at.tag).rpartition("}")[2], line_of(at)
        zh, en = (sentence.format_map(facts) for sentence in SENTENCES[rule])
        self.problems.append(Problem(rule, where, zh, en, line=line, file=self.file))

    def refuse(self) -> None:
        """Raise Refused when there is any problem, in the order of their lines."""
        if self.problems:
            raise Refused(sorted(self.problems, key=lambda problem: problem.line or 0))
