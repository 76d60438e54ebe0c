"""What stands behind a dot besides context entries: parts of dates, times, durations and ranges (DMN 1.5, table 60)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.comparison import EPOCH
from engine.feel.ranges import Range
from engine.values import YearsMonths

Property = Callable[[Any], Any]


def _number(name: str) -> Property:
    return lambda value: Decimal(getattr(value, name))


def _offset(value: datetime | time) -> timedelta | None:
    if type(value) is time and value.tzinfo:
        # A zone such as Europe/Paris has an offset on a day only; the day is the one that times are compared on.
        return datetime.combine(EPOCH, value).utcoffset()
    return value.utcoffset()


def _zone(value: datetime | time) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _part(unit: timedelta, within: timedelta | None) -> Property:
    def read(value: timedelta) -> Decimal:
        rest = abs(value) % within if within else abs(value)
        return _signed(rest // unit, value < timedelta(0))

    return read


def _signed(size: int, negative: bool) -> Decimal:
    return Decimal(-size if negative else size)


_DATE: dict[str, Property] = {
    "year": _number("year"),
    "month": _number("month"),
    "day": _number("day"),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_TIME: dict[str, Property] = {
    "hour": _number("hour"),
    "minute": _number("minute"),
    "second": _number("second"),
    "time offset": _offset,
    "timezone": _zone,
}
PROPERTIES: dict[type, dict[str, Property]] = {
    date: _DATE,
    time: _TIME,
    datetime: {**_DATE, **_TIME},
    timedelta: {
        "days": _part(timedelta(days=1), None),
        "hours": _part(timedelta(hours=1), timedelta(days=1)),
        "minutes": _part(timedelta(minutes=1), timedelta(hours=1)),
        "seconds": _part(timedelta(seconds=1), timedelta(minutes=1)),
    },
    YearsMonths: {
        "years": lambda value: _signed(abs(value.months) // 12, value.months < 0),
        "months": lambda value: _signed(abs(value.months) % 12, value.months < 0),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
PROPERTY_NAMES = frozenset(name for names in PROPERTIES.values() for name in names)


def path(value: Any, name: str) -> Any:
    """`value.name`: an entry of a context, a property of a value, or the list of these over a list; else null."""
    kind = type(value)
    if kind is dict:
        return value.get(name)
    if kind is list:
        return [path(item, name) for item in value]
    read = PROPERTIES.get(kind, {}).get(name)
    return read(value) if read else None
