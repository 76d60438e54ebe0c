"""Entries folded into variables: what each step wrote, and in which scope it lives.

History repeats nothing: what an input gave stands in the input, what the step computed in its effects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from engine.bpmn import INSTANCE_SCOPE, Definition
from engine.values import Value

Variable = tuple[str, str]
"""Scope and name."""

Place = tuple[int, int]
"""The entry that opened a wait, and which of its waits."""

Waits = Mapping[Place, Mapping[str, Any]]

ANSWERS = frozenset({"complete", "job_done", "timer", "message", "signal", "child_ended"})
"""Inputs that bring values to the step that waited; `move`, `assign` and the others bring none."""


class Step(Protocol):
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


def waits_of(steps: Iterable[Step]) -> dict[Place, dict[str, Any]]:
    """Every wait these steps opened, as history recorded it."""
    return {(step.seq, int(wait["k"])): wait for step in steps for wait in step.effects.get("opened", ())}


def written(step: Step, waits: Waits, definition: Definition) -> dict[Variable, Value]:
    """The variables a step wrote: those it was given, then those it computed. `waits` are those opened until then."""
    return _given(step, waits, definition) | {
        (each["scope"], each["name"]): each["value"] for each in step.effects.get("set", ())
    }


def variables(steps: Iterable[Step], definition: Definition) -> dict[Variable, Value]:
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


def scope_of(step: Step, waits: Waits) -> str:
    """The scope of the wait a step answered; the instance's where it answered none."""
    answered = _answered(step, waits)
    return str(answered.get("scope", INSTANCE_SCOPE))


def _given(step: Step, waits: Waits, definition: Definition) -> dict[Variable, Value]:
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


def _answered(step: Step, waits: Waits) -> Mapping[str, Any]:
    closed = (each["wait"] for each in step.effects.get("closed", ()) if each["why"] == "completed")
    return next((waits.get((int(seq), int(k)), {}) for seq, k in closed), {})


def _home(scope: str, definition: Definition) -> str:
    """Where an answer is written: the item of the multi-instance activity it belongs to, else the instance."""
    node = definition.diagram.nodes.get(scope.partition(":")[0])
    is_item = "/" in scope and node is not None and node.loop is not None and node.loop.kind != "standard"
    return scope if is_item else INSTANCE_SCOPE
