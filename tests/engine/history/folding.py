"""A case taken step by step beside the fold of its history, which must hold what the engine holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn import Definition, Effects, Input, State
from engine.bpmn.run.loops import ACTIVE, ALL, COMPLETED, ITEMS
from engine.calendar import Calendar
from engine.history.entries import Entry
from engine.history.fold import Situation
from engine.history.open_waits import OpenWaits
from engine.history.reading_steps import read
from engine.history.scopes import Scopes
from engine.history.steps import Step
from engine.values import encode

NO_HASHES: dict[str, Any] = dict.fromkeys(("input_digest", "effects_digest", "state_hash", "hash"), b"")


class Folding:
    """The fold so far, of a history that is not stored anywhere."""

    def __init__(self, definition: Definition, calendars: Mapping[str, Calendar] | None = None) -> None:
        self.definition = definition
        self.situation = Situation(Scopes(definition.diagram), OpenWaits(calendars or {}))

    def take(self, given: Input, effects: Effects, state: State) -> None:
        """Go on by one step. Raises AssertionError where the fold differs from the state."""
        self.follow(step_of(given, effects, state.seq), state)

    def follow(self, step: Step, state: State) -> None:
        """Go on by one step that was read already."""
        self.situation.take(step)
        assert self.variables() == _kept(state.variables, self.definition)
        assert self.waits() == [wait.to_value() | {"seq": wait.id.seq} for wait in state.ordered_waits()]

    def variables(self) -> dict[str, dict[str, Any]]:
        return _kept(self.situation.scopes.variables, self.definition)

    def waits(self) -> list[dict[str, Any]]:
        found = []
        for wait in sorted(self.situation.waits.values(), key=lambda wait: wait.id):
            facts = {name: getattr(wait, name) for name in ("scope", "lane", "assignee", "due", "priority", "details")}
            head = {"seq": wait.id.seq, "k": wait.id.k, "kind": wait.kind, "node": wait.node}
            found.append(head | {name: fact for name, fact in facts.items() if fact})
        return found


def step_of(given: Input, effects: Effects, seq: int) -> Step:
    """The step of an entry as it would be read back from the database."""
    entry = Entry(
        instance_id=0, seq=seq, kind=given.kind, at=given.now, actor=given.actor, on_behalf_of=given.on_behalf_of,
        definition_id=0, revision=given.revision, input=encode(given.payload()).decode(),
        effects=encode(effects).decode(), **NO_HASHES,
    )  # fmt: skip
    return next(read([(entry, 1)]))


def _kept(variables: Mapping[str, Mapping[str, Any]], definition: Definition) -> dict[str, dict[str, Any]]:
    """Variables by scope without what a repeated activity keeps for itself, which no history tells."""
    found = {}
    for scope, held in variables.items():
        loop = definition.diagram.nodes[scope.partition(":")[0]].loop if scope else None
        own = {ACTIVE, ALL, COMPLETED, ITEMS, loop.item, loop.output_collection} if loop else set()
        found[scope] = {name: value for name, value in held.items() if name not in own}
    return {scope: held for scope, held in found.items() if held}
