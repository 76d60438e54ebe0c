"""History as values: each entry read once, checked, and frozen. Whatever asks what happened reads steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.bpmn import ClosedWhy, Input, InputKind, Status, WaitId, WaitKind
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
