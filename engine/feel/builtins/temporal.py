"""Built-ins on dates, times and durations (DMN 1.5, tables 73, 77, 78 and 79)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_DOWN, Decimal
from typing import Any

from engine.feel.builtins.signature import signature
from engine.feel.comparison import order
from engine.feel.errors import NoValue
from engine.feel.evaluate.operators import midnight
from engine.feel.numbers import whole
from engine.feel.temporal_text import (
    made,
    months,
    offset_zone,
    read_date,
    read_date_time,
    read_duration,
    read_time,
    read_zone,
)
from engine.values import YearsMonths

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SIX = "year: number, month: number, day: number, hour: number, minute: number, second: number"


def _date(year: Decimal, month: Decimal, day: Decimal) -> date:
    return made(date, whole(year), whole(month), whole(day))


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: tzinfo | None) -> time:
    micro = int(((second % 1) * 1_000_000).to_integral_value(ROUND_DOWN))
    return made(time, whole(hour), whole(minute), int(second), micro, zone)


def _time(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    return _clock(hour, minute, second, None if offset is None else offset_zone(offset))


def _date_time(*parts: Decimal, zone: tzinfo | None = None) -> datetime:
    year, month, day, hour, minute, second = parts
    return datetime.combine(_date(year, month, day), _clock(hour, minute, second, zone))


def _date_time_zone(*parts: Any) -> datetime:
    zone = parts[6]
    if zone is None:
        return _date_time(*parts[:6])
    return _date_time(*parts[:6], zone=offset_zone(zone) if type(zone) is timedelta else read_zone(zone))


def _combine(day: date | datetime, clock: time) -> datetime:
    return datetime.combine(date(day.year, day.month, day.day), clock)


def _in_zone(moment: datetime, zone: str) -> datetime:
    target = read_zone(zone)
    return moment.replace(tzinfo=target) if moment.tzinfo is None else moment.astimezone(target)


def _months_between(start: date, end: date) -> YearsMonths:
    """Whole months from one day to the other; a date stands for its midnight in UTC."""
    first, last = _moment(start, end), _moment(end, start)
    backwards = order(last, first)
    if backwards is None:
        raise NoValue("only one of the two has a time zone")
    if backwards < 0:
        first, last = last, first
    count = (last.year - first.year) * 12 + last.month - first.month
    if (last.day, last.time()) < (first.day, first.time()):
        count -= 1
    return months(-count if backwards < 0 else count)


def _moment(value: date, other: date) -> datetime:
    if type(value) is datetime:
        return value
    moment = midnight(value)
    return moment if type(other) is datetime and other.tzinfo else moment.replace(tzinfo=None)


def _on_days(function: Any) -> list[Any]:
    return [signature("date: date", function), signature("date: date and time", function)]


SIGNATURES = {
    "date": [
        signature("from: string", read_date),
        signature("from: date", lambda value: value),
        signature("from: date and time", datetime.date),
        signature("year: number, month: number, day: number", _date),
    ],
    "time": [
        signature("from: string", read_time),
        signature("from: time", lambda value: value),
        signature("from: date and time", datetime.timetz),
        signature("from: date", lambda *args: time(tzinfo=UTC)),
        signature("hour: number, minute: number, second: number, [offset: days and time duration?]", _time),
    ],
    "date and time": [
        signature("from: string", read_date_time),
        signature("from: date and time", lambda value: value),
        signature("from: date", midnight),
        signature("date: date, time: time", _combine),
        signature("date: date and time, time: time", _combine),
        signature("date: date and time, timezone: string", _in_zone),
        signature(_SIX, _date_time),
        signature(_SIX + ", offset: days and time duration?", _date_time_zone),
        signature(_SIX + ", timezone: string", _date_time_zone),
    ],
    "duration": [
        signature("from: string", read_duration),
        signature("from: days and time duration", lambda value: value),
        signature("from: years and months duration", lambda value: value),
    ],
    "years and months duration": [
        signature(f"from: {first}, to: {second}", _months_between)
        for first in ("date", "date and time")
        for second in ("date", "date and time")
    ],
    "now": [signature("", lambda run: run.moment(), with_run=True)],
    "today": [signature("", lambda run: run.moment().date(), with_run=True)],
    "day of year": _on_days(lambda day: Decimal(day.timetuple().tm_yday)),
    "day of week": _on_days(lambda day: _DAYS[day.weekday()]),
    "month of year": _on_days(lambda day: _MONTHS[day.month - 1]),
    "week of year": _on_days(lambda day: Decimal(day.isocalendar().week)),
}
