"""What `advance` takes and returns: the canonical state of an instance, one input, its effects.

State is a cache of history: everything in it follows from the entries. `projection` is the part that
`state_hash` covers; the tree of tokens behind it belongs to the engine and may change with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from engine.revision import CURRENT
from engine.values import Value

if TYPE_CHECKING:
    from engine.calendar import Calendar

Status = Literal["active", "suspended", "completed", "cancelled"]
WaitKind = Literal["task", "job", "timer", "message", "signal", "child"]
InputKind = Literal[
    "start", "complete", "assign", "cancel", "suspend", "resume", "correct", "move", "job_done", "job_failed",
    "retry", "timer", "message", "signal", "child_ended",
]  # fmt: skip
"""What an instance can be told."""
ClosedWhy = Literal["completed", "failed", "interrupted", "not_needed", "terminated", "error", "cancelled", "moved"]
"""Why a wait closed: answered, an error of it was caught, an event interrupted it, nothing needs it any more, a
terminate end or an uncaught error ended what it was in, the case was cancelled, its token was moved."""
INSTANCE_SCOPE = ""


class WaitId(NamedTuple):
    """The entry that opened a wait, and its index among the waits of that entry."""

    seq: int
    k: int


@dataclass(slots=True)
class Wait:
    """One thing an instance waits for. `token` is the engine's own number of the waiting token."""

    id: WaitId
    kind: WaitKind
    node_id: str
    scope: str
    token: int
    lane: str | None = None
    assignee: str | None = None
    due: datetime | None = None
    priority: int = 0
    details: dict[str, Value] = field(default_factory=dict)
    """job: handler, retries, input, incident · child: process, incident · message: name, key · signal: name.

    Any with a deadline in working time: working; while its case is suspended: left (the rest of it).
    """

    def to_value(self) -> dict[str, Value]:
        """The wait as history records its opening; absent facts are left out."""
        found: dict[str, Value] = {"k": self.id.k, "kind": self.kind, "node": self.node_id}
        for name in ("scope", "lane", "assignee", "due", "priority", "details"):
            fact = getattr(self, name)
            if fact:
                found[name] = fact
        return found


_identity = attrgetter("id")


@dataclass(slots=True)
class State:
    """Where an instance stands after entry `seq`: tokens, scoped variables, open waits."""

    seq: int = -1
    status: Status = "active"
    title: str = ""
    variables: dict[str, dict[str, Value]] = field(default_factory=lambda: {INSTANCE_SCOPE: {}})
    waits: list[Wait] = field(default_factory=list)
    completed_by: dict[str, list[str]] = field(default_factory=dict)
    """Node id -> the people (actor, and whom they acted for) who completed it so far; four eyes reads it."""
    tokens: list[tuple[str, str]] = field(default_factory=list)
    """Every token at rest as (node id, scope), in canonical order."""
    calendar: str = ""
    """Hex hash of the working-calendar version in force (`facts["calendar"]` of the last input that named one)."""
    tree: Any = None
    """The engine's token tree in its stored form; opaque outside `engine.bpmn`."""

    def wait(self, wait_id: tuple[int, int]) -> Wait | None:
        """The open wait of that identity, or None when it is gone."""
        return next((wait for wait in self.waits if wait.id == wait_id), None)

    def ordered_waits(self) -> list[Wait]:
        """The open waits by identity."""
        return sorted(self.waits, key=_identity)

    def projection(self) -> dict[str, Value]:
        """The canonical value that `state_hash` covers."""
        return {
            "status": self.status,
            "title": self.title,
            "variables": self.variables,
            "tokens": [[node, scope, count] for (node, scope), count in sorted(Counter(self.tokens).items())],
            "waits": [{"seq": wait.id.seq, **wait.to_value()} for wait in self.ordered_waits()],
            "completed_by": self.completed_by,
            "calendar": self.calendar,
        }


@dataclass(frozen=True, slots=True)
class Input:
    """One input to an instance, with everything the caller supplied.

    `wait` names the wait it answers, where it answers one. `values` are what a person or handler supplied, `facts`
    what the command looked up (number, reason, ...).
    `calendar` is the content of the version in force; it carries the company's zone for `today()` and is not
    stored: `facts["calendar"]` names its hash in every input that starts an instance or changes the version.
    `revision` is the engine's, by whose rules the input is carried out; the entry's head names it.
    """

    kind: InputKind
    now: datetime
    actor: str | None = None
    on_behalf_of: str | None = None
    wait: WaitId | None = None
    values: dict[str, Value] = field(default_factory=dict)
    facts: dict[str, Value] = field(default_factory=dict)
    calendar: Calendar | None = field(default=None, compare=False)
    revision: int = CURRENT

    def payload(self) -> dict[str, Value]:
        """What the entry stores beside its head (kind, time and people are in the head)."""
        found: dict[str, Value] = {}
        if self.wait is not None:
            found["wait"] = list(self.wait)
        if self.values:
            found["values"] = self.values
        if self.facts:
            found["facts"] = self.facts
        return found


Effects = dict[str, Value]
"""What one input did, as a value; empty parts are left out and nothing of the input is repeated.

path: ids of flow nodes and sequence flows passed, in order; a node when it is done
opened: waits (`Wait.to_value`)
closed: [{wait: [seq, k], why}]; why: `ClosedWhy`
set: [{scope, name, value}] that the step itself computed
decisions: [{node, decision, trace}]
tokens: [[node, scope, count]] after the step
status, title: when they changed
assigned: {wait, to}
children: [{wait, process, values}]
sent: [{message, key, values} | {signal, values}]; a signal has already reached the waits of its own instance
error: {code, name} when the case ended by an error that nothing caught
"""
