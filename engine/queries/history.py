"""The history of a case, for people: its steps, and what they lead to."""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn import Diagram
from engine.calendar import Calendar
from engine.history import calendars
from engine.history.fold import History
from engine.history.reading_steps import steps_of
from engine.history.steps import Step
from engine.session import Session


def history_of(session: Session, instance_id: int, diagram: Diagram) -> History:
    """The history of an instance, which runs on that diagram. Raises DamagedEntry."""
    steps = steps_of(session, instance_id)
    return History(steps, diagram, _calendars(session, steps))


def _calendars(session: Session, steps: Iterable[Step]) -> dict[str, Calendar]:
    """The calendars that deadlines were counted anew by; a case that never rested needs none."""
    if not any(step.kind == "suspend" for step in steps):
        return {}
    named = {step.facts["calendar"] for step in steps if step.facts.get("calendar")}
    return {name: calendars.read_version(session, name) for name in named}
