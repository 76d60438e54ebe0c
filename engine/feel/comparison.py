"""Equality and order of values (DMN 1.5, 10.3.2.13): true, false, or null for values that cannot be compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.budget import MAX_ITEMS, exceeded
from engine.feel.ranges import Range
from engine.values import YearsMonths

EPOCH = date(1970, 1, 1)
_PLAIN = frozenset({Decimal, str, bool, date, timedelta, YearsMonths})
_ORDERED = frozenset({Decimal, str, date, timedelta, YearsMonths})


def equal(left: Any, right: Any) -> bool | None:
    """Whether two values are equal; null for values of different kinds, except that null equals only null."""
    kind = type(left)
    if kind is type(right) and kind in _PLAIN:
        return bool(left == right)
    return _equal(left, right, [MAX_ITEMS])


def _equal(left: Any, right: Any, left_over: list[int]) -> bool | None:
    left_over[0] -= 1
    if left_over[0] < 0:
        raise exceeded("list elements")
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _PLAIN:
        return bool(left == right)
    if kind is list:
        return _equal_lists(left, right, left_over)
    if kind is dict:
        if left.keys() != right.keys():
            return False
        return _equal_lists([left[key] for key in left], [right[key] for key in left], left_over)
    if kind is Range:
        return _equal_lists(_range_parts(left), _range_parts(right), left_over)
    if kind in _ON_A_LINE:
        a, b = _ON_A_LINE[kind](left), _ON_A_LINE[kind](right)
        return a == b if (a.tzinfo is None) == (b.tzinfo is None) else False
    return left is right


def _equal_lists(left: list[Any], right: list[Any], left_over: list[int]) -> bool:
    if len(left) != len(right):
        return False
    return all(_equal(a, b, left_over) is True for a, b in zip(left, right, strict=True))


def _range_parts(value: Range) -> list[Any]:
    return [value.start, value.end, value.start_included, value.end_included]


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 as `left` comes before, with or after `right`; None for values without an order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ORDERED:
        return int(left > right) - int(left < right)
    if kind not in _ON_A_LINE:
        return None
    a, b = _ON_A_LINE[kind](left), _ON_A_LINE[kind](right)
    if (a.tzinfo is None) != (b.tzinfo is None):
        return None
    return (a > b) - (a < b)


def instant(value: datetime) -> datetime:
    """A date and time on the UTC line if it has a zone, so that zones and summer time do not matter; else itself."""
    return value if value.tzinfo is None else value.astimezone(UTC)


def time_on_a_line(value: time) -> datetime:
    """A time of day as a point on the day 1970-01-01, in UTC if it has a zone."""
    return instant(datetime.combine(EPOCH, value))


_ON_A_LINE: dict[type, Callable[[Any], datetime]] = {datetime: instant, time: time_on_a_line}


def includes(interval: Range, point: Any) -> bool | None:
    """Whether a range holds a point; null when they cannot be compared."""
    low = _beyond(interval.start, point, interval.start_included, 1)
    if low is False:
        return False
    high = _beyond(interval.end, point, interval.end_included, -1)
    return False if high is False else (None if low is None or high is None else True)


def _beyond(end: Any, point: Any, included: bool, sign: int) -> bool | None:
    if end is None:
        return None if included or point is None else True
    found = order(point, end)
    return None if found is None else found * sign > 0 or (included and found == 0)


def identity(value: Any) -> Any:
    """A hashable key; values that are `equal` and only those have the same key. Functions are equal to themselves."""
    kind = type(value)
    if kind in _PLAIN:
        return kind, value
    if kind is list:
        return list, tuple(map(identity, value))
    if kind is dict:
        return dict, frozenset((key, identity(part)) for key, part in value.items())
    if kind is Range:
        return Range, tuple(map(identity, _range_parts(value)))
    return (kind, _ON_A_LINE[kind](value)) if kind in _ON_A_LINE else (kind, value)
