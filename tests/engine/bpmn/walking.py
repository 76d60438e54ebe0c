"""A case to walk through a diagram of tests/diagrams, every step taken live, cold, and by the fold of its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.bpmn import Definition, Effects, Input, State, Wait, advance, load_state, store_state, visible_variables
from engine.calendar import Calendar
from engine.values import canonical
from tests.engine.history.folding import Folding

DIAGRAMS = Path(__file__).parents[2] / "diagrams"
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = ((time(8), time(12)), (time(13), time(17)))
CALENDAR = Calendar(SHANGHAI, (OFFICE,) * 5 + ((), ()))
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Nine o'clock in Shanghai."""


def definition(name: str) -> Definition:
    """The diagram `name` of tests/diagrams, with the decision file of that name if there is one."""
    files = {
        f"processes/{path.name}": path.read_bytes()
        for path in (DIAGRAMS / f"{name}.bpmn", DIAGRAMS / f"{name}.dmn")
        if path.exists()
    }
    return Definition(name, files)


class Case:
    """One instance. Every step is repeated from stored bytes, and must give the same and leave the old state alone."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.state: State | None = None
        self.effects: Effects = {}
        self.now = MONDAY
        self.names: dict[tuple[int, int], str] = {}
        self.folding = Folding(definition, {"": CALENDAR})

    def start(self, actor: str = "lin", facts: dict[str, Any] | None = None, **values: Any) -> Case:
        return self.take("start", values=values, actor=actor, facts=facts)

    def take(
        self,
        kind: str,
        wait: Wait | None = None,
        values: dict[str, Any] | None = None,
        actor: str | None = "lin",
        facts: dict[str, Any] | None = None,
        on_behalf_of: str | None = None,
    ) -> Case:
        given = Input(
            kind, self.now, actor=actor, on_behalf_of=on_behalf_of, wait=wait.id if wait else None,
            values=values or {}, facts=facts or {}, calendar=CALENDAR,
        )  # fmt: skip
        before = store_state(self.state) if self.state else None
        after, effects = advance(self.definition, self.state, given)
        assert before is None or store_state(self.state) == before
        assert advance(self.definition, load_state(before) if before else None, given) == (after, effects)
        assert load_state(store_state(after)) == after
        self.state, self.effects = after, effects
        self.folding.take(replace(given, values=canonical(given.values)), effects, after)
        self.names |= {wait.id: wait.node_id for wait in after.waits}
        return self

    def wait(self, node: str, scope: str | None = None) -> Wait:
        """The oldest open wait at a node."""
        assert self.state is not None
        found = [w for w in self.state.waits if w.node_id == node and scope in (None, w.scope)]
        assert found, f"{node} does not wait; open: {self.open}"
        return found[0]

    def do(self, node: str, scope: str | None = None, actor: str = "lin", **values: Any) -> Case:
        """Somebody completes the task."""
        return self.take("complete", self.wait(node, scope), values, actor)

    def job(self, node: str, scope: str | None = None, **values: Any) -> Case:
        """A handler has done its work."""
        return self.take("job_done", self.wait(node, scope), values, None)

    def fail(self, node: str, scope: str | None = None, **values: Any) -> Case:
        """A handler has given up."""
        return self.take("job_failed", self.wait(node, scope), values, None)

    def message(self, node: str, **values: Any) -> Case:
        return self.take("message", self.wait(node), values, None)

    def signal(self, node: str, **values: Any) -> Case:
        return self.take("signal", self.wait(node), values, None)

    def child(self, node: str, scope: str | None = None, error: str | None = None, **values: Any) -> Case:
        """A called case has ended."""
        return self.take("child_ended", self.wait(node, scope), values, None, {"error": error} if error else {})

    def fire(self, node: str) -> Case:
        """The time of a timer has come."""
        wait = self.wait(node)
        assert wait.due is not None
        self.now = wait.due
        return self.take("timer", wait, actor=None)

    def later(self, **amount: int) -> Case:
        self.now += timedelta(**amount)
        return self

    @property
    def open(self) -> list[str]:
        """Where the case waits."""
        assert self.state is not None
        return sorted(wait.node_id for wait in self.state.waits)

    @property
    def tokens(self) -> list[str]:
        """Where tokens rest."""
        assert self.state is not None
        return [node for node, _ in self.state.tokens]

    @property
    def path(self) -> list[str]:
        """The flow nodes the last step passed."""
        return [name for name in self.effects.get("path", []) if name in self.definition.diagram.nodes]

    @property
    def closed(self) -> dict[str, str]:
        """Node -> why its wait ended in the last step."""
        return {self.names[tuple(each["wait"])]: each["why"] for each in self.effects.get("closed", [])}

    @property
    def status(self) -> str:
        assert self.state is not None
        return self.state.status

    @property
    def variables(self) -> dict[str, Any]:
        """The instance's variables."""
        assert self.state is not None
        return self.state.variables[""]

    def visible(self, node: str) -> dict[str, Any]:
        """The variables visible where a node waits."""
        assert self.state is not None
        return visible_variables(self.state, self.wait(node).scope)
