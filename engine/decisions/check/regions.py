"""The values of one input column, cut into regions that every rule treats alike.

The constants in a column's cells are its boundaries. Between, on and beyond them each cell holds everywhere or
nowhere, so one sample tells: `< 1000` and `[1000..5000]` cut the numbers into five regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine import feel
from engine.feel.analyse.free_names import free_names
from engine.feel.comparison import identity, order
from engine.feel.evaluate.building import parts
from engine.feel.evaluate.compiler import build
from engine.feel.evaluate.frames import FeelRun, Frame
from engine.feel.parse import nodes as n
from engine.feel.parse.parser import parse_unary_tests
from engine.feel.types import BOOLEAN, FeelType
from engine.values import YearsMonths

_KNOWN_CALLS = frozenset({"date", "time", "date and time", "duration"})
_PLAIN = (
    *(n.UnaryTests, n.AnyTest, n.NotEqualTest, n.RangeLiteral, n.Literal, n.Negation, n.ListLiteral, n.Name),
    *(n.Call, n.Binary, n.Logical, n.Between, n.In),
)
_ORDERS = ("<", "<=", ">", ">=")
OTHER = "\N{REPLACEMENT CHARACTER} any other text"
"""The sample of the texts that no cell names."""


@dataclass(frozen=True, slots=True)
class Region:
    """A sample, and the words for its region: as a point, or between `low` and `high` (None is without end)."""

    sample: Any
    point: bool = True
    low: Any = None
    high: Any = None


def constants(text: str) -> list[Any] | None:
    """The constants that a cell compares with; None for a cell whose meaning they do not tell."""
    try:
        tree = parse_unary_tests(text or "-", ())
    except feel.FeelError:
        return None
    nodes = list(parts(tree))
    if free_names(tree) or not all(isinstance(node, _PLAIN) and _comparable(node) for node in nodes):
        return None
    return [build(node)(Frame({}, None, FeelRun())) for node in _constants(tree)]


def _constants(node: Any) -> Iterator[n.Node]:
    """The outermost literals and calls: the text inside `date("2026-01-01")` is no constant of the cell."""
    if isinstance(node, (n.Literal, n.Negation, n.Call)):
        yield node
    elif isinstance(node, n.Node):
        for name in node.__dataclass_fields__:
            yield from _constants(getattr(node, name))
    elif isinstance(node, list):
        for item in node:
            yield from _constants(item)


def _comparable(node: n.Node) -> bool:
    if isinstance(node, n.Call):
        return isinstance(node.function, n.Name) and node.function.name in _KNOWN_CALLS and node.names is None
    if isinstance(node, n.RangeLiteral):
        # Texts are only told apart, not ordered: nothing shows what lies between two of them.
        return node.start is node.end or not any(_is_text(end) for end in (node.start, node.end))
    if isinstance(node, n.Binary):
        return node.operator in ("=", "!=") or (node.operator in _ORDERS and not _is_text(node.right))
    return True


def _is_text(node: n.Node | None) -> bool:
    return isinstance(node, n.Literal) and isinstance(node.value, str)


def regions(found: Iterable[Any], kind: FeelType | None) -> list[Region]:
    """The regions that constants cut the values of a column into; a single one without constants."""
    points = list({identity(value): value for value in found}.values())
    special = [Region(point) for point in points if point is None]
    plain = [point for point in points if point is not None]
    if kind == BOOLEAN or (plain and all(isinstance(point, bool) for point in plain)):
        return [Region(True), Region(False), *special]
    if plain and all(type(point) is type(plain[0]) and order(point, plain[0]) is not None for point in plain):
        return [*(_texts(plain) if isinstance(plain[0], str) else _line(plain)), *special]
    return [Region(None, point=False)] if not points else []


def _texts(points: list[str]) -> list[Region]:
    return [*map(Region, points), Region(OTHER)]


def _line(points: list[Any]) -> list[Region]:
    points = sorted(points, key=_Position)
    found = [Region(_beyond(points[0], -1), point=False, high=points[0])]
    for low, high in zip(points, [*points[1:], None], strict=True):
        found.append(Region(low))
        sample = _beyond(low, 1) if high is None else _between(low, high)
        found.append(Region(sample, point=False, low=low, high=high))
    return [region for region in found if region.point or region.sample is not None]


class _Position:
    """Sorts values by FEEL's order, which knows time zones."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Position) -> bool:
        return order(self.value, other.value) == -1


_STEPS: dict[type, Any] = {
    Decimal: Decimal(1),
    date: timedelta(days=1),
    datetime: timedelta(days=1),
    timedelta: timedelta(days=1),
}


def _beyond(point: Any, sign: int) -> Any:
    if isinstance(point, YearsMonths):
        return YearsMonths(point.months + sign)
    if isinstance(point, time):
        edge = time.min if sign < 0 else time.max
        return None if point.replace(tzinfo=None) == edge else edge.replace(tzinfo=point.tzinfo)
    try:
        return point + _STEPS[type(point)] * sign
    except (OverflowError, KeyError):
        return None


def _between(low: Any, high: Any) -> Any:
    """A value strictly between two, or None where nothing is (days, months)."""
    if isinstance(low, YearsMonths):
        middle = (low.months + high.months) // 2
        return YearsMonths(middle) if low.months < middle else None
    if isinstance(low, time):
        return _time_between(low, high)
    if isinstance(low, Decimal):
        return (low + high) / 2
    middle = low + (high - low) / 2
    return middle if middle not in (low, high) else None


def _time_between(low: time, high: time) -> time | None:
    day = date(2000, 1, 1)
    middle = _between(datetime.combine(day, low), datetime.combine(day, high))
    return None if middle is None else middle.timetz()
