"""Built-ins that relate ranges and points (DMN 1.5, table 80).

All of them compare cuts: a cut lies just below (-1) or just above (+1) a value, so an included start and
an excluded end cut below, the others above. A point is the range from below itself to above itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.feel.builtins.signature import Signature, signature
from engine.feel.comparison import equal, order
from engine.feel.errors import NoValue
from engine.feel.ranges import Range


@dataclass(frozen=True, slots=True)
class _Cut:
    value: Any
    side: int
    infinite: int = 0

    def compare(self, other: _Cut) -> int:
        if self.infinite or other.infinite:
            return (self.infinite > other.infinite) - (self.infinite < other.infinite)
        found = order(self.value, other.value)
        if found is None:
            raise NoValue("the values have no common order")
        return found or (self.side > other.side) - (self.side < other.side)


def _start(value: Any) -> _Cut:
    if type(value) is not Range:
        return _Cut(value, -1)
    if value.start is None:
        return _Cut(None, 0, -1)
    return _Cut(value.start, -1 if value.start_included else 1)


def _end(value: Any) -> _Cut:
    if type(value) is not Range:
        return _Cut(value, 1)
    if value.end is None:
        return _Cut(None, 0, 1)
    return _Cut(value.end, 1 if value.end_included else -1)


def _before(a: Any, b: Any) -> bool:
    return _end(a).compare(_start(b)) <= 0


def _meets(a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and equal(a.end, b.start) is True


def _overlaps(a: Range, b: Range) -> bool:
    return _end(a).compare(_start(b)) > 0 and _start(a).compare(_end(b)) < 0


def _overlaps_before(a: Range, b: Range) -> bool:
    begins_first = _start(a).compare(_start(b)) < 0
    return begins_first and _end(a).compare(_start(b)) > 0 and _end(a).compare(_end(b)) <= 0


def _finishes(a: Any, b: Range) -> bool:
    return _end(a).compare(_end(b)) == 0 and _start(a).compare(_start(b)) >= 0


def _includes(a: Range, b: Any) -> bool:
    return _start(a).compare(_start(b)) <= 0 and _end(a).compare(_end(b)) >= 0


def _starts(a: Any, b: Range) -> bool:
    return _start(a).compare(_start(b)) == 0 and _end(a).compare(_end(b)) <= 0


def _coincides(a: Any, b: Any) -> bool:
    return _start(a).compare(_start(b)) == 0 and _end(a).compare(_end(b)) == 0


def _swapped(relation: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda a, b: relation(b, a)


_POINTS = "point1: point, point2: point"
_POINT_RANGE = "point: point, range: range"
_RANGE_POINT = "range: range, point: point"
_RANGES = "range1: range, range2: range"


def _relation(function: Callable[[Any, Any], bool], *texts: str) -> list[Signature]:
    return [signature(text, function) for text in texts]


SIGNATURES = {
    "before": _relation(_before, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES),
    "after": _relation(_swapped(_before), _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES),
    "meets": _relation(_meets, _RANGES),
    "met by": _relation(_swapped(_meets), _RANGES),
    "overlaps": _relation(_overlaps, _RANGES),
    "overlaps before": _relation(_overlaps_before, _RANGES),
    "overlaps after": _relation(_swapped(_overlaps_before), _RANGES),
    "finishes": _relation(_finishes, _POINT_RANGE, _RANGES),
    "finished by": _relation(_swapped(_finishes), _RANGE_POINT, _RANGES),
    "includes": _relation(_includes, _RANGE_POINT, _RANGES),
    "during": _relation(_swapped(_includes), _POINT_RANGE, _RANGES),
    "starts": _relation(_starts, _POINT_RANGE, _RANGES),
    "started by": _relation(_swapped(_starts), _RANGE_POINT, _RANGES),
    "coincides": _relation(_coincides, _POINTS, _RANGES),
}
