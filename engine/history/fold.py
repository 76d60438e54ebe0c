"""History folded: the variables and the open waits after any entry, as the engine held them.

Held against re-execution by tests. What a repeated activity keeps for itself is not in history and therefore not here:
its counts, its list, the item of each repetition, the results gathered so far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from engine.bpmn import INSTANCE_SCOPE, Diagram, InputKind, WaitId
from engine.calendar import Calendar
from engine.history.entries import DamagedEntry
from engine.history.open_waits import OpenWaits
from engine.history.scopes import Scopes
from engine.history.steps import Opened, Sent, Step
from engine.values import Value

_ANSWERS: Final[frozenset[InputKind]] = frozenset(("complete", "job_done", "timer", "message", "signal", "child_ended"))
"""Inputs that bring values to the step that waited; `move`, `assign` and the others bring none."""


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
    waiting: OpenWaits

    @property
    def waits(self) -> Mapping[WaitId, Opened]:
        """The open waits, with whoever they are assigned to now."""
        return self.waiting.open

    def seen_by(self, wait: WaitId | None) -> dict[str, Value]:
        """The variables that an open wait's form may read; without a wait those of the instance."""
        return self.scopes.seen_from(self.waits[wait].scope if wait and wait in self.waits else INSTANCE_SCOPE)

    def take(self, step: Step) -> list[Change]:
        """Go on by one step; returns the variables it wrote, those of its input first. Raises DamagedEntry."""
        try:
            changes = self._write(step)
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedEntry(seq=step.seq) from error
        self.waiting.take(step)
        return changes

    def _write(self, step: Step) -> list[Change]:
        scopes = self.scopes
        new = scopes.open(step.tokens)
        found: dict[tuple[str, str], Change] = {}
        for scope, name, value in self._written(step, new):
            before = found[scope, name].before if (scope, name) in found else scopes.seen(scope, name)
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
                yield from self._given(wait.node, wait.scope, _signalled(wait, step.sent), new)
            elif step.kind in _ANSWERS:
                yield from self._given(wait.node, wait.scope, step.values, new)
        if any(sent.signal and sent.values for sent in step.sent):
            yield from self._overheard(step, Counter(wait.node for wait in answered), new)
        yield from ((write.scope, write.name, write.value) for write in step.writes)

    def _overheard(self, step: Step, answered: Counter[str], new: Sequence[str]) -> Iterator[tuple[str, str, Value]]:
        """What a signal brought to waits that the same step opened: they have left no trace but the path."""
        sent, said = iter(step.sent), dict[str, Mapping[str, Value]]()
        for element in step.path:
            node = self.scopes.diagram.nodes.get(element)
            if node is None or node.event is None or node.event.kind not in ("signal", "message"):
                continue
            if node.type in ("endEvent", "intermediateThrowEvent"):
                thrown = next(sent, None)
                if thrown is None:
                    raise ValueError(element)
                said |= {thrown.name: thrown.values} if thrown.signal else {}
            elif answered[element]:
                answered[element] -= 1
            elif node.event.kind == "signal" and node.event.name in said:
                yield from self._given(element, self.scopes.listening(node), said[node.event.name], new)

    def _given(
        self, node_id: str, scope: str, values: Mapping[str, Value], new: Sequence[str]
    ) -> Iterator[tuple[str, str, Value]]:
        """The variables that an answer writes: of the names of its values, or the one of `cf:result`."""
        node = self.scopes.diagram.nodes[node_id]
        if self.scopes.begins(node):
            scope = self.scopes.begun_by(node, scope, new)
        for name, value in ({node.result: dict(values)} if node.result else values).items():
            yield self.scopes.home(scope, name), name, value


def _signalled(wait: Opened, sent: Sequence[Sent]) -> Mapping[str, Value]:
    """What a signal brought that a step threw to its own instance."""
    return next((each.values for each in sent if each.signal and each.name == wait.details["name"]), {})


@dataclass(frozen=True, slots=True)
class History:
    """The steps of one instance, oldest first, on the diagram they ran on; `calendars` by their hashes."""

    steps: Sequence[Step]
    diagram: Diagram
    calendars: Mapping[str, Calendar]

    def after(self, seq: int) -> Situation:
        """Where the instance stood after that entry; before the first for -1. Raises DamagedEntry."""
        situation = Situation(Scopes(self.diagram), OpenWaits(self.calendars))
        for step in self.steps[: seq + 1]:
            situation.take(step)
        return situation

    def open_waits(self) -> Mapping[WaitId, Opened]:
        """What the instance waits for now. Raises DamagedEntry."""
        waiting = OpenWaits(self.calendars)
        for step in self.steps:
            waiting.take(step)
        return waiting.open

    def changes(self, seq: int) -> list[Change]:
        """The variables that an entry wrote, those of its input first. Raises DamagedEntry."""
        return self.after(seq - 1).take(self.steps[seq])

    def waits(self) -> Mapping[WaitId, Opened]:
        """Every wait that was ever opened, as its entry opened it."""
        return {opened.id: opened for step in self.steps for opened in step.opened}
