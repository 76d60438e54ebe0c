"""History as values: each entry read once, checked, and frozen. Whatever asks what happened reads steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.bpmn import INSTANCE_SCOPE, ClosedWhy, Definition, Input, InputKind, Status, WaitId, WaitKind
from engine.calendar import Calendar
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Opened:
    """A wait as its entry opened it; `details` are those of `engine.bpmn.Wait`."""

    id: WaitId
    kind: WaitKind
    node: str
    scope: str
    lane: str | None
    assignee: str | None
    due: datetime | None
    priority: int
    details: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Closed:
    """A wait of an earlier entry that ended, and why."""

    wait: WaitId
    why: ClosedWhy


@dataclass(frozen=True, slots=True)
class Write:
    """A variable that the step itself computed."""

    scope: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Standing:
    """Tokens at rest after the step: how many on a node in a scope."""

    node: str
    scope: str
    count: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that a business rule task took; `trace` is that of `engine.decisions`."""

    node: str
    decision: str
    trace: list[dict[str, Value]]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A task that was claimed, released or given to somebody; `to` is None when it went back to its lane."""

    wait: WaitId
    to: str | None


@dataclass(frozen=True, slots=True)
class Called:
    """A case that a call activity asked for."""

    wait: WaitId
    process: str
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message (with its correlation key) or a signal that the step sent."""

    signal: bool
    name: str
    key: Value
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Step:
    """One entry: who gave which input (`kind`, `wait`, `values`, `facts`), and what it did.

    `version` is that of the diagram it ran on. `node` is the node whose wait it answered; of a start the start event,
    of a move the node that the token left. `path` are the ids of flow nodes and sequence flows passed, in order.
    `status` and `title` are None where they stayed, `error` is the code of an error that nothing caught.
    """

    seq: int
    kind: InputKind
    at: datetime
    actor: str | None
    on_behalf_of: str | None
    version: int
    revision: int
    hash: bytes
    wait: WaitId | None
    values: dict[str, Value]
    facts: dict[str, Value]
    node: str | None
    path: tuple[str, ...]
    opened: tuple[Opened, ...]
    closed: tuple[Closed, ...]
    writes: tuple[Write, ...]
    decisions: tuple[Decided, ...]
    tokens: tuple[Standing, ...]
    children: tuple[Called, ...]
    sent: tuple[Sent, ...]
    status: Status | None
    title: str | None
    assigned: Assigned | None
    error: str | None

    def input(self, calendar: Calendar | None) -> Input:
        """The input that was recorded, with the calendar version that was in force."""
        return Input(
            self.kind, self.at, self.actor, self.on_behalf_of, self.wait, self.values, self.facts, calendar,
            self.revision,
        )  # fmt: skip


Variable = tuple[str, str]
"""Scope and name."""

Place = tuple[int, int]
"""The entry that opened a wait, and which of its waits."""

Waits = Mapping[Place, Mapping[str, Any]]

ANSWERS = frozenset({"complete", "job_done", "timer", "message", "signal", "child_ended"})
"""Inputs that bring values to the step that waited; `move`, `assign` and the others bring none."""


class Decoded(Protocol):
    """One entry, decoded."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def values(self) -> dict[str, Value]: ...
    @property
    def facts(self) -> dict[str, Value]: ...
    @property
    def effects(self) -> dict[str, Value]: ...


def waits_of(steps: Iterable[Decoded]) -> dict[Place, dict[str, Any]]:
    """Every wait these steps opened, as history recorded it."""
    return {(step.seq, int(wait["k"])): wait for step in steps for wait in step.effects.get("opened", ())}


def written(step: Decoded, waits: Waits, definition: Definition) -> dict[Variable, Value]:
    """The variables a step wrote: those it was given, then those it computed. `waits` are those opened until then."""
    return _given(step, waits, definition) | {
        (each["scope"], each["name"]): each["value"] for each in step.effects.get("set", ())
    }


def variables(steps: Iterable[Decoded], definition: Definition) -> dict[Variable, Value]:
    """All that these steps wrote, the last value of each; scopes that have ended are still in it."""
    steps = list(steps)
    waits = waits_of(steps)
    known: dict[Variable, Value] = {}
    for step in steps:
        known |= written(step, waits, definition)
    return known


def seen_from(scope: str, known: Mapping[Variable, Value]) -> dict[str, Value]:
    """What a step in a scope sees: its own variables over those of the instance."""
    outer = {name: value for (home, name), value in known.items() if home == INSTANCE_SCOPE}
    return outer | {name: value for (home, name), value in known.items() if home == scope}


def scope_of(step: Decoded, waits: Waits) -> str:
    """The scope of the wait a step answered; the instance's where it answered none."""
    answered = _answered(step, waits)
    return str(answered.get("scope", INSTANCE_SCOPE))


def _given(step: Decoded, waits: Waits, definition: Definition) -> dict[Variable, Value]:
    if step.kind == "start":
        return {(INSTANCE_SCOPE, name): value for name, value in step.values.items()}
    if step.kind == "correct":
        scope = str(step.facts.get("scope", INSTANCE_SCOPE))
        return {(scope, name): value for name, value in step.values.items()}
    answered = _answered(step, waits) if step.kind in ANSWERS and "error" not in step.facts else {}
    node = definition.diagram.nodes.get(answered.get("node", ""))
    if node is None:
        return {}
    home = _home(str(answered.get("scope", INSTANCE_SCOPE)), definition)
    values = {node.result: step.values} if node.result else step.values
    return {(home, name): value for name, value in values.items()}


def _answered(step: Decoded, waits: Waits) -> Mapping[str, Any]:
    closed = (each["wait"] for each in step.effects.get("closed", ()) if each["why"] == "completed")
    return next((waits.get((int(seq), int(k)), {}) for seq, k in closed), {})


def _home(scope: str, definition: Definition) -> str:
    """Where an answer is written: the item of the multi-instance activity it belongs to, else the instance."""
    node = definition.diagram.nodes.get(scope.partition(":")[0])
    is_item = "/" in scope and node is not None and node.loop is not None and node.loop.kind != "standard"
    return scope if is_item else INSTANCE_SCOPE
