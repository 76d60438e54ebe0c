"""When the clock starts cases: the timer start events at the top of a process, asked without any case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.bpmn.expressions import EvaluationContext
from engine.bpmn.run.events import StartSpec
from engine.bpmn.run.timers import Cycle, Moment

if TYPE_CHECKING:
    from engine.bpmn.run.executable import Executable


@dataclass(frozen=True, slots=True)
class Firing:
    """The next time a start event begins a case; `left` counts this and all later times (None: endless)."""

    node_id: str
    at: datetime | None
    """None when it never comes: it lies before now."""
    left: int | None


def first_firings(definition: Executable, context: EvaluationContext) -> list[Firing]:
    """What a deploy at `context.now` sets going, durations counted from then. Raises ExpressionFailed."""
    return [_first(spec.node.id, timer, context) for spec, timer in _timers(definition)]


def next_firing(definition: Executable, fired: Firing, context: EvaluationContext) -> Firing:
    """What comes after a firing; a cycle makes up for nothing it missed. Raises ExpressionFailed."""
    timer = next(timer for spec, timer in _timers(definition) if spec.node.id == fired.node_id)
    if not isinstance(timer, Cycle) or fired.at is None or fired.left == 1:
        return Firing(fired.node_id, None, 0)
    return Firing(fired.node_id, *timer.following(fired.at, fired.left, {}, context))


def _timers(definition: Executable) -> Iterator[tuple[StartSpec, Moment | Cycle]]:
    for spec in definition.diagram.spec.containers[None].starts:
        if spec.timer is not None:
            yield spec, spec.timer


def _first(node_id: str, timer: Moment | Cycle, context: EvaluationContext) -> Firing:
    if isinstance(timer, Cycle):
        return Firing(node_id, *(timer.next_from_now(context) or (None, 0)))
    at = timer.surely_at({}, context)
    return Firing(node_id, at, 1) if at >= context.now else Firing(node_id, None, 0)
