"""A decision file that was read: evaluate its decisions and services, check it, ask for its names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from engine.decisions.logic.evaluation import ModelEvaluation
from engine.decisions.logic.graph import Decision, GraphElement, Service
from engine.decisions.logic.parts import Reference
from engine.decisions.trace import Trace
from engine.errors import ClauseflowError, Problem
from engine.feel import BudgetExceeded, adopt
from engine.feel.budget import exceeded
from engine.feel.evaluate.frames import FeelRun
from engine.feel.names import normalise
from engine.feel.types import FeelType
from engine.revision import CURRENT


class UnknownDecision(ClauseflowError):
    """A decision that the file does not hold."""

    zh = "{file} 中没有决策或决策服务“{name}”。"
    en = "{file} holds no decision or decision service “{name}”."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluation came to: the value, why (see `Trace`), and what went wrong on the way."""

    value: Any
    trace: list[dict[str, Any]]
    problems: list[Problem]


@dataclass(slots=True, kw_only=True, eq=False)
class Model:
    """A decision model. It is never changed once read, so threads may share it."""

    file: str
    name: str
    namespace: str
    elements: dict[str, GraphElement]
    types: dict[str, FeelType]
    member_names: frozenset[str]
    """Names of components, entries and outputs: what may stand behind a dot."""
    imports: dict[str, Model] = field(default_factory=dict)
    """By namespace."""
    prefixes: dict[str, str] = field(default_factory=dict)
    """The import names, by namespace."""
    problems: list[Problem] = field(default_factory=list)
    """What reading found that does not keep the rest of the file from being used."""

    def names(self) -> list[str]:
        """What can be evaluated: ids and names of decisions and decision services."""
        return [name for one in self._callable() for name in dict.fromkeys((one.id, one.title))]

    def evaluate(
        self,
        decision: str,
        inputs: Mapping[str, Any],
        *,
        now: datetime | None = None,
        zone: tzinfo | None = None,
        calendar: Any = None,
        revision: int = CURRENT,
    ) -> Outcome:
        """Evaluate a decision or decision service, by id or name, with input data by name.

        Inputs a decision needs and does not get are null; those it does not know are ignored. A violated hit
        policy, a value that is not of its type and an exceeded budget give null and a problem.
        Raises UnknownDecision.
        """
        element, problems, trace = self.find(decision), list[Problem](), Trace()
        values = adopt({normalise(name): value for name, value in inputs.items()})
        evaluation = ModelEvaluation(self, values, FeelRun(now, zone, calendar, revision=revision), trace, problems)
        try:
            value = self._value(element, values, evaluation)
        except (BudgetExceeded, RecursionError) as error:
            told = error if isinstance(error, BudgetExceeded) else exceeded("levels of function calls")
            problems.append(element.place.problem("dmn-budget", told.text("zh"), told.text("en")))
            value = None
        return Outcome(value, trace.steps, problems)

    def _value(self, element: GraphElement, values: dict[str, Any], evaluation: ModelEvaluation) -> Any:
        if isinstance(element, Service):
            return element.serve(values, evaluation)
        return evaluation.value_of(element)

    def find(self, decision: str) -> GraphElement:
        """The decision or service with this id or name. Raises UnknownDecision."""
        found = self.elements.get(decision)
        if isinstance(found, (Decision, Service)):
            return found
        wanted = normalise(decision)
        for element in self._callable():
            if wanted in (element.title, element.name):
                return element
        raise UnknownDecision(file=self.file, name=decision)

    def _callable(self) -> Iterator[GraphElement]:
        return (one for one in self.elements.values() if isinstance(one, (Decision, Service)))

    def element(self, reference: Reference) -> GraphElement:
        """What a reference means. References were checked when the file was read."""
        home = self.imports[reference.namespace] if reference.namespace else self
        return home.elements[reference.id]

    def prefix(self, reference: Reference) -> str:
        """The name below which an imported element is seen; empty for the file's own."""
        return self.prefixes.get(reference.namespace, "")
