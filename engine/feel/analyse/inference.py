"""What type an expression will have, as far as its text and the types of its names tell. None means: cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.comparison import order
from engine.feel.errors import NoValue
from engine.feel.evaluate.operators import ARITHMETIC, NEGATION, apply
from engine.feel.evaluate.properties import PROPERTIES
from engine.feel.ranges import Range
from engine.feel.types import (
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NUMBER,
    STRING,
    TIME,
    ContextType,
    FeelType,
    ListType,
    RangeType,
    type_of,
)
from engine.values import YearsMonths

KnownType = FeelType | None

_SAMPLES: dict[FeelType, Any] = {
    NUMBER: Decimal(1),
    STRING: "a",
    BOOLEAN: True,
    DATE: date(2000, 1, 1),
    TIME: time(12, tzinfo=UTC),
    DATE_TIME: datetime(2000, 1, 1, tzinfo=UTC),
    DAYS_DURATION: timedelta(days=1),
    MONTHS_DURATION: YearsMonths(12),
}
"""One value of each simple type: an operation on types is the operation on their samples."""

_RESULTS: dict[FeelType, tuple[str, ...]] = {
    NUMBER: (
        *("number", "string length", "count", "sum", "mean", "product", "median", "stddev", "decimal", "floor"),
        *("ceiling", "round up", "round down", "round half up", "round half down", "modulo", "sqrt", "log", "exp"),
        *("day of year", "week of year"),
    ),
    STRING: (
        *("string", "substring", "upper case", "lower case", "substring before", "substring after", "replace"),
        *("string join", "day of week", "month of year"),
    ),
    BOOLEAN: (
        *("not", "is", "contains", "starts with", "ends with", "matches", "list contains", "all", "any", "odd"),
        *("even", "before", "after", "meets", "met by", "overlaps", "overlaps before", "overlaps after"),
        *("finishes", "finished by", "includes", "during", "starts", "started by", "coincides"),
    ),
    DATE: ("date", "today"),
    TIME: ("time",),
    DATE_TIME: ("date and time", "now", "working hours", "working days"),
    MONTHS_DURATION: ("years and months duration",),
    ListType(element=STRING): ("split",),
}
RESULTS: dict[str, FeelType] = {name: kind for kind, names in _RESULTS.items() for name in names}
"""The result types of built-ins that always give one type."""


def sample(kind: FeelType) -> Any:
    """Some value of a type, None if there is none at hand."""
    if isinstance(kind, RangeType):
        point = _SAMPLES.get(kind.element)
        return Range(point, point, True, True)
    if isinstance(kind, ListType):
        return []
    return {} if isinstance(kind, ContextType) else _SAMPLES.get(kind)


def simple(kind: KnownType) -> bool:
    """Whether a type is known well enough to judge what is done with it."""
    return kind in _SAMPLES


def judged(kind: KnownType) -> bool:
    """Whether a type is known at all, lists, ranges and contexts included."""
    return simple(kind) or isinstance(kind, (ListType, RangeType, ContextType))


def arithmetic(operator: str, left: FeelType, right: FeelType) -> KnownType:
    """The type of `left operator right`; None when the operation is not defined."""
    a, b = _SAMPLES.get(left), _SAMPLES.get(right)
    return _outcome(ARITHMETIC[operator].get((type(a), type(b))), a, b)


def _outcome(operation: Callable[[Any, Any], Any] | None, a: Any, b: Any) -> KnownType:
    try:
        return type_of(apply(operation, a, b)) if operation else None
    except NoValue:
        return None


def can_be_negated(kind: FeelType) -> bool:
    """Whether `-value` is defined."""
    return type(_SAMPLES.get(kind)) in NEGATION


def comparable(left: FeelType, right: FeelType) -> bool:
    """Whether values of the two types have a common order."""
    return order(_SAMPLES.get(left), _SAMPLES.get(right)) is not None


def property_of(kind: FeelType, name: str) -> tuple[bool, KnownType]:
    """Whether values of a type have the property, and its type."""
    if isinstance(kind, RangeType):
        bounds = {"start": kind.element, "end": kind.element, "start included": BOOLEAN, "end included": BOOLEAN}
        return name in bounds, bounds.get(name)
    value = _SAMPLES.get(kind)
    read = PROPERTIES.get(type(value), {}).get(name)
    if read is None:
        return False, None
    found = read(value)
    return True, None if found is None else type_of(found)
