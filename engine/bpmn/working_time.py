"""Deadlines in working time rest while their case is suspended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol, TypedDict

from engine.values import Value

if TYPE_CHECKING:
    from engine.calendar import Calendar

LEFT: Final = "left"
"""The detail of a wait that holds the rest of its deadline."""


class Due(Protocol):
    """A wait, of a state or of history."""

    @property
    def due(self) -> datetime | None: ...
    @property
    def details(self) -> dict[str, Value]: ...


class Changed(TypedDict):
    """What becomes different about a wait."""

    due: datetime | None
    details: dict[str, Value]


def is_running(wait: Due, now: datetime) -> bool:
    """Whether a deadline in working time is still ahead."""
    return bool(wait.details.get("working") and wait.due and wait.due > now)


def paused(wait: Due, now: datetime, calendar: Calendar) -> Changed:
    """A running deadline as it rests: it keeps what is left of it."""
    assert wait.due is not None
    return {"due": None, "details": wait.details | {LEFT: calendar.working_between(now, wait.due)}}


def resumed(wait: Due, now: datetime, calendar: Calendar) -> Changed:
    """A resting deadline as it runs on: what was left of it runs from now."""
    details = {name: fact for name, fact in wait.details.items() if name != LEFT}
    return {"due": calendar.add_working(now, wait.details[LEFT]), "details": details}
