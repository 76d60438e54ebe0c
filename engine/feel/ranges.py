"""The range value: two end points, each with or without the point itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Range:
    """`[start..end)` and its relatives. An end point that is None and not included is unbounded, as in `> 5`."""

    start: Any
    end: Any
    start_included: bool
    end_included: bool

    @property
    def sample(self) -> Any:
        """An end point that tells the type of the values in the range (None for a range of nulls)."""
        return self.start if self.start is not None else self.end

    __hash__ = None  # type: ignore[assignment]
