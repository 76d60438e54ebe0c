"""Walks through small diagrams of the tests, kept as tapes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.bpmn import Definition, Effects, Input, State, Wait, advance
from engine.second_opinion import Case, Played
from engine.values import canonical
from tests.engine.bpmn.walking import CALENDAR, MONDAY, definition
from tests.engine.history.folding import step_of


class TapedCase:
    """A case that our engine runs, and the tape of it."""

    def __init__(self, source: str | Definition) -> None:
        self.definition = definition(source) if isinstance(source, str) else source
        self.case = Case(1, self.definition.key)
        self.state: State | None = None
        self.steps: list[Played] = []

    @property
    def definitions(self) -> dict[str, Definition]:
        return {self.definition.key: self.definition}

    @property
    def tape(self) -> tuple[Played, ...]:
        return tuple(self.steps)

    @property
    def open(self) -> list[str]:
        assert self.state is not None
        return sorted(wait.node_id for wait in self.state.waits)

    @property
    def passed(self) -> list[str]:
        """Every node passed so far."""
        nodes = self.definition.diagram.nodes
        return [name for played in self.steps for name in played.step.path if name in nodes]

    def start(self, **values: Any) -> TapedCase:
        return self.take("start", values=values)

    def do(self, node: str, **values: Any) -> TapedCase:
        """Somebody completes the task."""
        return self.take("complete", self._wait(node), values)

    def happen(self, node: str, **values: Any) -> TapedCase:
        """The message, signal or time that is waited for has come."""
        wait = self._wait(node)
        return self.take(wait.kind, wait, values)

    def take(self, kind: str, wait: Wait | None = None, values: dict[str, Any] | None = None) -> TapedCase:
        given = Input(kind, MONDAY, actor="lin", wait=wait.id if wait else None, values=canonical(values or {}),
                      calendar=CALENDAR)  # fmt: skip
        self.state, effects = advance(self.definition, self.state, given)
        self._keep(replace(given), effects)
        return self

    def _keep(self, given: Input, effects: Effects) -> None:
        self.steps.append(Played(self.case, step_of(given, effects, len(self.steps)), given))

    def _wait(self, node: str) -> Wait:
        assert self.state is not None
        return next(wait for wait in self.state.waits if wait.node_id == node)
