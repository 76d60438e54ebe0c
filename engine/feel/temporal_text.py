"""Reads temporal values from the text forms of DMN 1.5, 10.3.4.1: ISO 8601 with `Z`, an offset or `@Zone/Id`.

Years run from 1 to 9999 and seconds have six decimals, as Python's values do; text beyond that is no value.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from engine.feel.errors import NoValue
from engine.values import YearsMonths, parse_duration, parse_years_months

T = TypeVar("T")
MAX_OFFSET = timedelta(hours=18)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?", re.ASCII)
_MONTHS_LIMIT = 12 * 10**9


def read_date(text: str) -> date:
    """A date from `2026-11-23`. Raises NoValue."""
    found = _DATE.fullmatch(text)
    if not found:
        raise NoValue(f"{text[:40]!r} is not a date")
    return made(date, *map(int, found.groups()))


def read_time(text: str) -> time:
    """A time from `09:30:00`, with a zone if given. Raises NoValue."""
    found = _TIME.fullmatch(text)
    if not found:
        raise NoValue(f"{text[:40]!r} is not a time")
    hour, minute, second, fraction, zone = found.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    return made(time, int(hour), int(minute), int(second), micro, read_zone(zone) if zone else None)


def read_date_time(text: str) -> datetime:
    """A date and time from `2026-11-23T09:30:00`, or midnight of a date. Raises NoValue."""
    day, mark, clock = text.partition("T")
    return datetime.combine(read_date(day), read_time(clock) if mark else time())


def read_duration(text: str) -> timedelta | YearsMonths:
    """Either duration from ISO 8601. Raises NoValue; the two kinds do not mix."""
    try:
        return parse_duration(text)
    except ValueError:
        pass
    try:
        return months(parse_years_months(text).months)
    except ValueError:
        raise NoValue(f"{text[:40]!r} is not a duration") from None


def read_temporal(text: str) -> date | time | datetime | timedelta | YearsMonths | None:
    """What `@"text"` means; null when it is no temporal value."""
    for read in (read_date, read_date_time, read_time, read_duration):
        try:
            return read(text)
        except NoValue:
            continue
    return None


def read_zone(text: str) -> tzinfo:
    """The zone of `Z`, `+08:00` or `@Europe/Paris` (`@` may be left out). Raises NoValue."""
    if text in ("Z", "z"):
        return UTC
    if text[0] in "+-":
        return offset_zone(_offset(text))
    try:
        return ZoneInfo(text.removeprefix("@"))
    except (KeyError, OSError, ValueError):
        raise NoValue(f"{text[:40]!r} is not a time zone") from None


def _offset(text: str) -> timedelta:
    hours, minutes, seconds = (*map(int, text[1:].split(":")), 0)[:3]
    if minutes > 59 or seconds > 59:
        raise NoValue(f"{text} is not a time offset")
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -size if text[0] == "-" else size


def offset_zone(offset: timedelta) -> tzinfo:
    """The fixed zone with an offset. Raises NoValue beyond eighteen hours."""
    if abs(offset) > MAX_OFFSET:
        raise NoValue(f"{offset} is too far from UTC")
    return timezone(offset) if offset else UTC


def months(count: int) -> YearsMonths:
    """A years-and-months duration of at most a thousand million years. Raises NoValue."""
    if abs(count) > _MONTHS_LIMIT:
        raise NoValue("the duration is too long")
    return YearsMonths(count)


def made(kind: type[T], *parts: Any) -> T:
    """`kind(*parts)`; parts that make no such value are null."""
    try:
        return kind(*parts)
    except (ValueError, OverflowError) as error:
        raise NoValue(str(error)) from None
