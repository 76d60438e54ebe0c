"""Our own built-ins: points in working time, by the calendar version that the caller names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.calendar import BeyondCalendar
from engine.feel.builtins.signature import signature
from engine.feel.errors import NoValue
from engine.feel.numbers import whole

_HOUR_MICROSECONDS = 3_600_000_000
_MOST_DAYS = 4_000


def _start(run: Any, start: datetime | None) -> datetime:
    if run.calendar is None:
        raise NoValue("no working calendar was given")
    begin: datetime = run.moment() if start is None else start
    return begin


def _limited(count: Decimal, most: int) -> Decimal:
    if abs(count) > most:
        raise NoValue(f"at most {most} can be counted")
    return count


def _counted(count: Callable[[], datetime]) -> datetime:
    try:
        return count()
    except BeyondCalendar as error:
        raise NoValue(str(error)) from None


def _hours(run: Any, n: Decimal, start: datetime | None = None) -> datetime:
    begin, micros = _start(run, start), int(_limited(n, _MOST_DAYS * 8) * _HOUR_MICROSECONDS)
    return _counted(lambda: run.calendar.add_working(begin, timedelta(microseconds=micros)))


def _days(run: Any, n: Decimal, start: datetime | None = None) -> datetime:
    begin, count = _start(run, start), whole(_limited(n, _MOST_DAYS))
    return _counted(lambda: run.calendar.add_working_days(begin, count))


SIGNATURES = {
    "working hours": [signature("n: number, [from: date and time]", _hours, with_run=True)],
    "working days": [signature("n: number, [from: date and time]", _days, with_run=True)],
}
