"""The FEEL texts of a decision file: literal expressions and the entries of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import feel
from engine.decisions.logic.parts import Evaluation
from engine.decisions.place import Place
from engine.errors import Problem
from engine.feel.types import FeelType

ANYTHING = "-"
"""The input entry that every value meets; an empty entry means the same."""


@dataclass(slots=True)
class Cell:
    """One FEEL expression. It is compiled when first evaluated, since only its scope tells where names end."""

    text: str
    place: Place
    _ready: Any = field(default=None, init=False, repr=False, compare=False)

    def value(self, scope: Mapping[str, Any], evaluation: Evaluation) -> Any:
        """The value in a scope; null, with a problem noted, for a text that is not FEEL. Raises BudgetExceeded."""
        if not self.text:
            return None
        return self._run(scope, evaluation)

    def _run(self, scope: Mapping[str, Any], evaluation: Evaluation) -> Any:
        ready = self._ready
        if ready is None:
            ready = self._ready = self._compile({*scope, *evaluation.model.member_names}, evaluation.model.types)
        if isinstance(ready, Problem):
            evaluation.note(ready)
            return None
        # One run for all cells of an evaluation: its budget covers the whole graph.
        return ready.within(scope, evaluation.run)

    def _compile(self, names: Iterable[str], types: Mapping[str, FeelType]) -> Any:
        try:
            return feel.compile(self.text, names, types)
        except feel.FeelError as error:
            return syntax_problem(error, self.place)


@dataclass(slots=True)
class Tests(Cell):
    """The unary tests of an input entry, or of a column's allowed values."""

    def meets(self, value: Any, scope: Mapping[str, Any], evaluation: Evaluation) -> bool:
        """Whether a value meets the tests; undecided counts as no."""
        if self.text in ("", ANYTHING):
            return True
        return self._run({**scope, "?": value}, evaluation) is True

    def _compile(self, names: Iterable[str], types: Mapping[str, FeelType]) -> Any:
        try:
            return feel.compile_unary_tests(self.text, names, types)
        except feel.FeelError as error:
            return syntax_problem(error, self.place)


def syntax_problem(error: feel.FeelError, place: Place) -> Problem:
    """What is wrong with a text, at its place in the file."""
    column = error.facts.get("column") if error.facts.get("line") == 1 else None
    return place.problem("dmn-feel", error.text("zh"), error.text("en"), column=column, line=error.facts.get("line"))
