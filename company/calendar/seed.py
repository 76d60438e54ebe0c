"""The working calendar a new company begins with: office hours, and the state's holidays with their swap workdays."""

from __future__ import annotations

from datetime import datetime, time

from chinese_calendar.constants import holidays, workdays

from engine.calendar import DEFAULT_ZONE, Calendar
from engine.database import command
from engine.history import calendars
from engine.session import Session

OFFICE_HOURS = ((time(8, 30), time(12, 0)), (time(13, 0), time(17, 30)))
FIRST_YEAR = 2024


def seeded() -> Calendar:
    """Monday to Friday, eight hours, with every holiday and swap workday the package knows from FIRST_YEAR on."""
    return Calendar(
        DEFAULT_ZONE,
        (OFFICE_HOURS,) * 5 + ((), ()),
        frozenset(day for day in holidays if day.year >= FIRST_YEAR and day.weekday() < 5),
        frozenset(day for day in workdays if day.year >= FIRST_YEAR and day.weekday() >= 5),
    )


@command
def ensure_calendar(session: Session, now: datetime) -> None:
    """Put the seeded calendar in force in a database that has none; a calendar that is there stays."""
    if not calendars.hash_in_force(session):
        calendars.put_in_force(session, seeded(), now, "system")
