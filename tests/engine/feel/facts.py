"""The shape of most tests here: rows of an expression and the value it must have."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from engine.feel import Range, adopt, evaluate
from engine.feel.temporal_text import read_zone
from engine.values import YearsMonths

CONTEXT: dict[str, Any] = {
    "x": 5,
    "nothing": None,
    "Monthly Income": 3000,
    "单价": 1200,
    "a-b": 7,
    "loan": {"amount": 100, "Due Date": date(2026, 1, 31)},
    "people": [
        {"name": "Bob", "age": 30, "item": "tea"},
        {"name": "Ann", "age": 25, "item": "ink"},
        {"name": "Cyd", "age": 41, "item": "oil"},
    ],
}


def facts(*rows: tuple[str, Any]) -> Callable[[Any], Any]:
    """Run a test once per row of `(text, expected)`."""
    return pytest.mark.parametrize("text,expected", rows, ids=[row[0] for row in rows])


def nulls(*texts: str) -> Callable[[Any], Any]:
    """Run a test once per text whose value is null."""
    return facts(*((text, None) for text in texts))


def check(text: str, expected: Any) -> None:
    """The expression has exactly that value: of the same type, in the same zone."""
    assert exact(evaluate(text, CONTEXT)) == exact(adopt(expected))


def exact(value: Any) -> Any:
    """A value in a form that tells numbers from booleans and one zone from another."""
    if isinstance(value, list):
        return [exact(item) for item in value]
    if isinstance(value, dict):
        return [(key, exact(part)) for key, part in value.items()]
    if isinstance(value, (datetime, time)):
        return type(value), value.isoformat(), str(value.tzinfo)
    return type(value), value


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str, zone: str = "") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=read_zone(zone) if zone else None)


def clock(text: str, zone: str = "") -> time:
    return time.fromisoformat(text).replace(tzinfo=read_zone(zone) if zone else None)


def days(count: float = 0, **more: float) -> timedelta:
    return timedelta(days=count, **more)


def months(count: int) -> YearsMonths:
    return YearsMonths(count)


def span(start: Any, end: Any, brackets: str = "[]") -> Range:
    return Range(adopt(start), adopt(end), brackets[0] == "[", brackets[1] == "]")
