"""History folded: the variables and the open waits after any entry, as the engine held them.

Held against re-execution by tests. What a repeated activity keeps for itself is not in history and therefore not here:
its counts, its list, the item of each repetition, the results gathered so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from engine.bpmn import INSTANCE_SCOPE, Diagram, InputKind, WaitId
from engine.bpmn.working_time import LEFT, is_running, paused, resumed
from engine.calendar import Calendar
from engine.history.entries import DamagedEntry
from engine.history.scopes import Scopes
from engine.history.steps import Opened, Sent, Step
from engine.values import Value

_ANSWERS: Final[frozenset[InputKind]] = frozenset(("complete", "job_done", "timer", "message", "signal", "child_ended"))
"""Inputs that bring values to the step that waited; `move`, `assign` and the others bring none."""

Waits = dict[WaitId, Opened]


class Change(NamedTuple):
    """A variable that a step gave another value; `before` is what was seen there under its name, null for nothing."""

    scope: str
    name: str
    before: Value
    after: Value


@dataclass(slots=True)
class Situation:
    """Where an instance stands after the steps taken so far."""

    scopes: Scopes
    calendars: Mapping[str, Calendar]
    waits: Waits = field(default_factory=dict)
    calendar: str = ""
    """The hash of the working calendar in force."""

    def seen_by(self, wait: WaitId | None) -> dict[str, Value]:
        """The variables that an open wait's form may read; without a wait those of the instance."""
        return self.scopes.seen_from(self.waits[wait].scope if wait in self.waits else INSTANCE_SCOPE)

    def take(self, step: Step) -> list[Change]:
        """Go on by one step; returns the variables it wrote, those of its input first. Raises DamagedEntry."""
        try:
            changes = self._write(step)
            self.calendar = step.facts.get("calendar", self.calendar)
            self.waits = _after(step, self.waits, self.calendars.get(self.calendar))
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedEntry(seq=step.seq) from error
        return changes

    def _write(self, step: Step) -> list[Change]:
        scopes = self.scopes
        new = scopes.open(step.tokens)
        found: dict[tuple[str, str], Change] = {}
        for scope, name, value in self._written(step, new):
            before = found[scope, name].before if (scope, name) in found else scopes.seen_from(scope).get(name)
            found[scope, name] = Change(scope, name, before, value)
            scopes.write(scope, name, value)
        scopes.close(step.tokens)
        return list(found.values())

    def _written(self, step: Step, new: Sequence[str]) -> Iterator[tuple[str, str, Value]]:
        """What a step wrote, in order: what it was given, what it told itself by a signal, what it computed."""
        if step.kind in ("start", "correct"):
            scope = step.facts.get("scope", INSTANCE_SCOPE) if step.kind == "correct" else INSTANCE_SCOPE
            yield from ((scope, name, value) for name, value in step.values.items())
        answered = [self.waits[closed.wait] for closed in step.closed if closed.why == "completed"]
        for wait in answered:
            if wait.id != step.wait:
                yield from self._given(wait, _signalled(wait, step.sent), new)
            elif step.kind in _ANSWERS:
                yield from self._given(wait, step.values, new)
        yield from ((write.scope, write.name, write.value) for write in step.writes)

    def _given(self, wait: Opened, values: Mapping[str, Value], new: Sequence[str]) -> Iterator[tuple[str, str, Value]]:
        """The variables that an answer writes: of the names of its values, or the one of `cf:result`."""
        node, nodes = self.scopes.diagram.nodes[wait.node], self.scopes.diagram.nodes
        begins = node.type == "startEvent" and node.parent is not None and nodes[node.parent].by_event
        scope = self.scopes.begun_by(node, wait.scope, new) if begins else wait.scope
        for name, value in ({node.result: dict(values)} if node.result else values).items():
            yield self.scopes.home(scope, name), name, value


def _signalled(wait: Opened, sent: Sequence[Sent]) -> Mapping[str, Value]:
    """What a signal brought that a step threw to its own instance."""
    return next((each.values for each in sent if each.signal and each.name == wait.details["name"]), {})


def _after(step: Step, before: Waits, calendar: Calendar | None) -> Waits:
    """The open waits after a step."""
    waits = dict(before)
    for closed in step.closed:
        del waits[closed.wait]
    if step.assigned:
        waits[step.assigned.wait] = replace(waits[step.assigned.wait], assignee=step.assigned.to)
    if step.wait in waits and step.kind in ("job_failed", "child_ended", "retry"):
        waits[step.wait] = _troubled(step, waits[step.wait])
    if step.kind in ("suspend", "resume"):
        waits = {wait_id: _rested(step, wait, calendar) for wait_id, wait in waits.items()}
    return waits | {opened.id: opened for opened in step.opened}


def _troubled(step: Step, wait: Opened) -> Opened:
    """A wait whose work failed, or that somebody has tried again."""
    if step.kind == "retry":
        details = {name: fact for name, fact in wait.details.items() if name != "incident"}
        return replace(wait, details=details | {name: step.values[name] for name in ("input",) if name in step.values})
    error = step.facts.get("error") if step.kind == "child_ended" else step.values.get("error")
    return replace(wait, details=wait.details | {"incident": step.values | ({} if error is None else {"error": error})})


def _rested(step: Step, wait: Opened, calendar: Calendar | None) -> Opened:
    """A wait while its case is suspended, and once it goes on."""
    changes = is_running(wait, step.at) if step.kind == "suspend" else LEFT in wait.details
    if not changes:
        return wait
    if calendar is None:
        raise ValueError("working time without a calendar")
    return replace(wait, **(paused if step.kind == "suspend" else resumed)(wait, step.at, calendar))


@dataclass(frozen=True, slots=True)
class History:
    """The steps of one instance, oldest first, on the diagram they ran on; `calendars` by their hashes."""

    steps: Sequence[Step]
    diagram: Diagram
    calendars: Mapping[str, Calendar]

    def after(self, seq: int) -> Situation:
        """Where the instance stood after that entry; before the first for -1. Raises DamagedEntry."""
        situation = Situation(Scopes(self.diagram), self.calendars)
        for step in self.steps[: seq + 1]:
            situation.take(step)
        return situation

    def changes(self, seq: int) -> list[Change]:
        """The variables that an entry wrote, those of its input first. Raises DamagedEntry."""
        return self.after(seq - 1).take(self.steps[seq])

    def waits(self) -> Mapping[WaitId, Opened]:
        """Every wait that was ever opened, as its entry opened it."""
        return {opened.id: opened for step in self.steps for opened in step.opened}
