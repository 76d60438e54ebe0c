"""What an evaluation carries along: the run (its clock, its budget, its warnings) and the frames of names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from time import perf_counter
from typing import Any, TypeVar

from engine.feel.budget import MAX_CALLS, MAX_STEPS, REGEX_SECONDS, deep_size, exceeded
from engine.feel.errors import NoValue
from engine.revision import CURRENT

T = TypeVar("T")


class FeelRun:
    """One evaluation. Nothing in it reads a clock: `now` is what the caller gave, or None.

    `revision` says by whose rules (`engine.revision`)."""

    __slots__ = ("calendar", "calls", "now", "regex_seconds", "revision", "steps", "warnings", "zone")

    def __init__(
        self,
        now: datetime | None = None,
        zone: tzinfo | None = None,
        calendar: Any = None,
        warnings: list[str] | None = None,
        revision: int = CURRENT,
    ) -> None:
        self.now = now
        self.zone = zone
        self.calendar = calendar
        self.warnings = warnings
        self.revision = revision
        self.steps = 0
        self.calls = 0
        self.regex_seconds = REGEX_SECONDS

    def moment(self) -> datetime:
        """The caller's `now`, in its zone if it gave one. Raises NoValue without a `now`."""
        if self.now is None:
            raise NoValue("no current time was given")
        return self.now.astimezone(self.zone) if self.zone and self.now.tzinfo else self.now

    def spend(self, steps: int) -> None:
        """Count steps against the budget."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise exceeded("steps")

    def spend_on(self, value: Any) -> None:
        """Count the work of going through a value once."""
        if type(value) is str:
            self.spend(len(value) >> 3)
        elif type(value) is list or type(value) is dict:
            self.spend(deep_size(value) >> 2)

    def match(self, step: Callable[[float], T]) -> T:
        """The result of a regular expression, which gets the time that is left for all of them."""
        begin = perf_counter()
        try:
            return step(max(self.regex_seconds, 1e-6))
        except TimeoutError:
            raise exceeded("seconds in a pattern") from None
        finally:
            self.regex_seconds -= perf_counter() - begin

    def enter(self, levels: int) -> None:
        """Count the levels of a function that starts; give them back with `leave`."""
        self.calls += levels
        if self.calls > MAX_CALLS:
            raise exceeded("levels of function calls")

    def leave(self, levels: int) -> None:
        """Give back what `enter` counted."""
        self.calls -= levels

    def warn(self, reason: str) -> None:
        """Tell the caller why something became null, if it asked for warnings."""
        if self.warnings is not None and len(self.warnings) < 100:
            self.warnings.append(reason)


class Frame:
    """Names with values, and the frame around them. `names` may be the caller's own mapping; nothing writes to it."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: Mapping[str, Any], outer: Frame | None, run: FeelRun) -> None:
        self.names = names
        self.outer = outer
        self.run = run
