"""Deadlines: ISO 8601 literals or FEEL, turned into a moment when the element is entered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from engine import feel
from engine.bpmn.expressions import Formula, Surroundings, shown
from engine.values import (
    Value,
    YearsMonths,
    parse_datetime,
    parse_duration,
    parse_years_months,
)

_CYCLE: Final = re.compile(r"R(\d*)/(?:([^/]+)/)?(P[^/]+)", re.ASCII)
_WORKING: Final = re.compile(r"\bworking\s+(?:hours|days)\s*\(")


class Moment:
    """A due date or timer as the diagram states it: a literal, or a formula behind `=`."""

    __slots__ = ("literal", "source")

    def __init__(self, source: Formula | str) -> None:
        """Raises ValueError for a literal that is neither a duration nor a date and time."""
        self.source = source
        self.literal: Value = None if isinstance(source, Formula) else parse_moment(source)

    @property
    def in_working_time(self) -> bool:
        """Whether a pause of the case stops the clock: only deadlines in working time do."""
        return isinstance(self.source, Formula) and bool(_WORKING.search(self.source.expression.text))

    def at(
        self,
        variables: Mapping[str, Value],
        around: Surroundings,
        base: datetime | None = None,
        end_of_day: bool = False,
    ) -> datetime | None:
        """The moment in UTC; durations count from `base` (default: now); None for a formula that gives null.

        A date without a time means its first moment, or its last with `end_of_day`. Raises ExpressionFailed.
        """
        found = self.literal
        if isinstance(self.source, Formula):
            found = self.source.value(variables, around)
            if isinstance(found, str):
                found = self._read(found)
        if found is None:
            return None
        if isinstance(found, (timedelta, YearsMonths)):
            return later(base or around.now, found, around)
        if isinstance(found, datetime):
            return _utc(found, around)
        if isinstance(found, date):
            return _utc(datetime.combine(found + timedelta(days=int(end_of_day)), time()), around)
        raise self._unusable(found)

    def _read(self, text: str) -> Value:
        try:
            return parse_moment(text)
        except ValueError as error:
            raise self._unusable(text) from error

    def _unusable(self, found: Value) -> Exception:
        assert isinstance(self.source, Formula)
        return self.source.failed(
            f"应得到日期时间或时长，得到 {shown(found)}。",
            f"a date and time or a duration is expected, not {shown(found)}.",
        )


class Cycle:
    """A repeated timer: `R3/PT1H`, `R/P1D`, `R3/<start>/PT1H`, or FEEL that gives such a text or a duration."""

    __slots__ = ("source",)

    def __init__(self, source: Formula | str) -> None:
        """Raises ValueError for a literal that is no cycle."""
        self.source = source
        if isinstance(source, str):
            parse_cycle(source)

    def first(self, variables: Mapping[str, Value], around: Surroundings) -> tuple[datetime, int | None]:
        """The first moment, and how many firings there are in all (None: endless). Raises ExpressionFailed."""
        times, start, step = self._read(variables, around)
        return (_utc(start, around) if start else later(around.now, step, around)), times

    def following(self, due: datetime, variables: Mapping[str, Value], around: Surroundings) -> datetime:
        """The next moment after `due` that is still to come: what was missed in an outage is not made up for."""
        _, _, step = self._read(variables, around)
        due = later(due, step, around)
        while due <= around.now:
            due = later(due, step, around)
        return due

    def _read(
        self, variables: Mapping[str, Value], around: Surroundings
    ) -> tuple[int | None, datetime | None, timedelta | YearsMonths]:
        if isinstance(self.source, str):
            return parse_cycle(self.source)
        found = self.source.value(variables, around)
        if isinstance(found, (timedelta, YearsMonths)) and _positive(found):
            return None, None, found
        try:
            return parse_cycle(found)
        except (TypeError, ValueError) as error:
            raise self.source.failed(
                f"应得到周期（如 R3/PT1H）或时长，得到 {shown(found)}。",
                f"a cycle such as R3/PT1H or a duration is expected, not {shown(found)}.",
            ) from error


def parse_moment(text: str) -> Value:
    """A duration, years-and-months duration, or date and time from ISO 8601 text. Raises ValueError."""
    if text.startswith(("P", "-P")):
        try:
            return parse_duration(text)
        except ValueError:
            return parse_years_months(text)
    return parse_datetime(text)


def parse_cycle(text: str) -> tuple[int | None, datetime | None, timedelta | YearsMonths]:
    """Times (None: endless), start (or None) and step of an ISO 8601 repeating interval. Raises ValueError."""
    match = _CYCLE.fullmatch(text)
    if not match:
        raise ValueError(text)
    times, start, step = match.groups()
    found = parse_moment(step)
    if not _positive(found) or times == "0":
        raise ValueError(text)
    return (int(times) if times else None), (parse_datetime(start) if start else None), found


def later(start: datetime, amount: timedelta | YearsMonths, around: Surroundings) -> datetime:
    """`start` plus a duration, as FEEL adds them (months keep the day where the month has it)."""
    if isinstance(amount, timedelta):
        return start + amount
    found: Any = feel.evaluate("start + amount", {"start": start, "amount": amount}, **around.for_feel())
    return _utc(found, around)


def _positive(amount: timedelta | YearsMonths) -> bool:
    return amount > timedelta(0) if isinstance(amount, timedelta) else amount.months > 0


def _utc(moment: datetime, around: Surroundings) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=around.zone or UTC)).astimezone(UTC)
