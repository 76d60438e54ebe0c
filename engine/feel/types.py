"""FEEL types (DMN 1.5, 10.3.2.9): what `instance of`, parameters and DMN's type references check and convert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.ranges import Range
from engine.values import YearsMonths


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type by name: Any, Null, number, string, boolean, date, time, ... and the bases of the structured ones."""

    name: str

    def matches(self, value: Any) -> bool:
        """Whether a value belongs to the type. Null belongs to `Null` only, even where it means a missing value."""
        if self.name == "Any":
            return value is not None
        return type(value) is _PYTHON[self.name]

    def accepts(self, other: FeelType) -> bool:
        """Whether every value of `other` conforms to this type."""
        return self.name == "Any" or other.name == "Null" or self == other

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    """`list<element>`."""

    name: str = "list"
    element: FeelType = FeelType("Any")

    def matches(self, value: Any) -> bool:
        return type(value) is list and all(item is None or self.element.matches(item) for item in value)

    def accepts(self, other: FeelType) -> bool:
        return other.name == "Null" or (isinstance(other, ListType) and self.element.accepts(other.element))

    def __str__(self) -> str:
        return f"list<{self.element}>"


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    """`range<element>`."""

    name: str = "range"
    element: FeelType = FeelType("Any")

    def matches(self, value: Any) -> bool:
        return type(value) is Range and all(
            point is None or self.element.matches(point) for point in (value.start, value.end)
        )

    def accepts(self, other: FeelType) -> bool:
        return other.name == "Null" or (isinstance(other, RangeType) and self.element.accepts(other.element))

    def __str__(self) -> str:
        return f"range<{self.element}>"


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    """`context<a: number, b: string>`; more entries than these are allowed, fewer are not."""

    name: str = "context"
    entries: tuple[tuple[str, FeelType], ...] = ()

    def matches(self, value: Any) -> bool:
        return type(value) is dict and all(
            key in value and (value[key] is None or entry.matches(value[key])) for key, entry in self.entries
        )

    def accepts(self, other: FeelType) -> bool:
        if not isinstance(other, ContextType):
            return other.name == "Null"
        theirs = dict(other.entries)
        return all(key in theirs and entry.accepts(theirs[key]) for key, entry in self.entries)

    def __str__(self) -> str:
        inner = ", ".join(f"{key}: {entry}" for key, entry in self.entries)
        return f"context<{inner}>" if inner else "context"


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    """`function<number, string>->boolean`; without parameters given (None) it is any function."""

    name: str = "function"
    parameters: tuple[FeelType, ...] | None = None
    result: FeelType = FeelType("Any")

    def matches(self, value: Any) -> bool:
        declared = getattr(value, "declared_type", None)
        return isinstance(declared, FunctionType) and self.accepts(declared)

    def accepts(self, other: FeelType) -> bool:
        if not isinstance(other, FunctionType):
            return other.name == "Null"
        if self.parameters is None or other.parameters is None:
            return True
        return (
            len(self.parameters) == len(other.parameters)
            and all(theirs.accepts(ours) for ours, theirs in zip(self.parameters, other.parameters, strict=True))
            and self.result.accepts(other.result)
        )

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.parameters or ()))
        return f"function<{inner}>->{self.result}"


_PYTHON: dict[str, type] = {
    "Null": type(None),
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "days and time duration": timedelta,
    "years and months duration": YearsMonths,
}
ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER = FeelType("number")
STRING = FeelType("string")
BOOLEAN = FeelType("boolean")
DATE = FeelType("date")
TIME = FeelType("time")
DATE_TIME = FeelType("date and time")
DAYS_DURATION = FeelType("days and time duration")
MONTHS_DURATION = FeelType("years and months duration")

NAMED: Mapping[str, FeelType] = {
    **{name: FeelType(name) for name in ("Any", *_PYTHON)},
    "list": ListType(),
    "context": ContextType(),
    "range": RangeType(),
    "function": FunctionType(),
    # DMN 1.1 wrote these without spaces, and files with them are still around.
    "dateTime": DATE_TIME,
    "dayTimeDuration": DAYS_DURATION,
    "yearMonthDuration": MONTHS_DURATION,
}


def type_of(value: Any) -> FeelType:
    """The most specific simple type of a value; lists, contexts and ranges come back without their parts' types."""
    if value is None:
        return NULL
    for name, python in _PYTHON.items():
        if type(value) is python:
            return NAMED[name]
    if type(value) is list:
        return NAMED["list"]
    if type(value) is dict:
        return NAMED["context"]
    return NAMED["range"] if type(value) is Range else NAMED["function"]


def coerce(value: Any, wanted: FeelType) -> Any:
    """`value` as a `wanted`, by the implicit conversions of DMN 1.5, 10.3.2.9.4; null where it does not conform.

    A single value becomes a list of one and back, a date becomes midnight UTC of that day.
    """
    if value is None or wanted.matches(value):
        return value
    if type(wanted) is ListType:
        item = coerce(value, wanted.element) if type(value) is not list else None
        return None if item is None else [item]
    if type(value) is list:
        return coerce(value[0], wanted) if len(value) == 1 else None
    if wanted == DATE_TIME and type(value) is date:
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None
