"""Deadlines: ISO 8601 literals or FEEL, turned into a moment when the element is entered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from engine import feel
from engine.bpmn.expressions import EvaluationContext, Formula, shown
from engine.values import (
    Value,
    YearsMonths,
    parse_datetime,
    parse_duration,
    parse_years_months,
)

_CYCLE: Final = re.compile(r"R(\d*)/(?:([^/]+)/)?(P[^/]+)", re.ASCII)
MOST_DAYS: Final = timedelta(days=36_500)
"""The longest duration a deadline may state: a hundred years."""
LEAST_STEP: Final = timedelta(seconds=1)
"""The shortest step of a cycle."""
FIRST_YEAR, LAST_YEAR = 1900, 3000
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
        self, variables: Mapping[str, Value], context: EvaluationContext, end_of_day: bool = False
    ) -> datetime | None:
        """The moment in UTC, durations counted from now; None for a formula that gives null.

        A date without a time means its first moment, or with `end_of_day` its close of business. Raises
        ExpressionFailed, also for working time that gives null: there is no calendar, or it does not reach that far.
        """
        found = self.literal
        if isinstance(self.source, Formula):
            found = self.source.value(variables, context)
            if isinstance(found, str):
                found = self._read(found)
        if found is None and not self.in_working_time:
            return None
        if isinstance(found, (timedelta, YearsMonths)) and _within_bounds(found):
            return later(context.now, found, context)
        if isinstance(found, datetime) and _within_bounds(found):
            return _utc(found, context)
        if isinstance(found, date) and _within_bounds(found):
            return _end_of(found, context) if end_of_day else _utc(datetime.combine(found, time()), context)
        raise self._unusable(found)

    def surely_at(
        self, variables: Mapping[str, Value], context: EvaluationContext, end_of_day: bool = False
    ) -> datetime:
        """As `at`, for what cannot do without a moment. Raises ExpressionFailed for null too."""
        found = self.at(variables, context, end_of_day)
        if found is None:
            raise self._unusable(None)
        return found

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

    def first(self, variables: Mapping[str, Value], context: EvaluationContext) -> tuple[datetime, int | None]:
        """The first moment, and how many firings there are in all (None: endless). Raises ExpressionFailed."""
        times, start, step = self._read(variables, context)
        return (_utc(start, context) if start else later(context.now, step, context)), times

    def following(
        self, due: datetime, left: int | None, variables: Mapping[str, Value], context: EvaluationContext
    ) -> tuple[datetime, int | None]:
        """The next moment after `due` that is still to come: what was missed in an outage is not made up for."""
        _, _, step = self._read(variables, context)
        if isinstance(step, timedelta) and due < context.now:
            due += (context.now - due) // step * step
        due = later(due, step, context)
        while due <= context.now:
            due = later(due, step, context)
        return due, None if left is None else left - 1

    def next_from_now(self, context: EvaluationContext) -> tuple[datetime, int | None] | None:
        """As `first`, for a cycle that no case waits for: what lay before now is over; None when nothing is left."""
        due, left = self.first({}, context)
        if due >= context.now:
            return due, left
        following, _ = self.following(due, None, {}, context)
        if left is not None:
            left -= self._passed(due, following, context)
            if left <= 0:
                return None
        return following, left

    def _passed(self, start: datetime, end: datetime, context: EvaluationContext) -> int:
        """How many steps lie between two moments of the cycle."""
        _, _, step = self._read({}, context)
        if isinstance(step, timedelta):
            return (end - start) // step
        count = 0
        while start < end:
            start, count = later(start, step, context), count + 1
        return count

    def _read(
        self, variables: Mapping[str, Value], context: EvaluationContext
    ) -> tuple[int | None, datetime | None, timedelta | YearsMonths]:
        if isinstance(self.source, str):
            return parse_cycle(self.source)
        found = self.source.value(variables, context)
        if isinstance(found, (timedelta, YearsMonths)) and _repeats(found):
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
    found: Value = _parse_amount(text) if text.startswith(("P", "-P")) else parse_datetime(text)
    if not _within_bounds(found):
        raise ValueError(text)
    return found


def _parse_amount(text: str) -> timedelta | YearsMonths:
    try:
        return parse_duration(text)
    except ValueError:
        return parse_years_months(text)


def parse_cycle(text: str) -> tuple[int | None, datetime | None, timedelta | YearsMonths]:
    """Times (None: endless), start (or None) and step of an ISO 8601 repeating interval. Raises ValueError."""
    match = _CYCLE.fullmatch(text)
    if not match:
        raise ValueError(text)
    times, start, step = match.groups()
    found = parse_moment(step)
    if not _repeats(found) or times == "0":
        raise ValueError(text)
    return (int(times) if times else None), (parse_datetime(start) if start else None), found


def later(start: datetime, amount: timedelta | YearsMonths, context: EvaluationContext) -> datetime:
    """`start` plus a duration, as FEEL adds them (months keep the day where the month has it)."""
    if isinstance(amount, timedelta):
        return start + amount
    found: Any = feel.evaluate("start + amount", {"start": start, "amount": amount}, **context.for_feel())
    return _utc(found, context)


def _within_bounds(found: timedelta | YearsMonths | date) -> bool:
    """Whether a moment or amount is one a company could mean: arithmetic never leaves the calendar."""
    if isinstance(found, timedelta):
        return abs(found) <= MOST_DAYS
    if isinstance(found, YearsMonths):
        return abs(found.months) <= MOST_DAYS.days // 31
    return FIRST_YEAR <= found.year <= LAST_YEAR


def _repeats(amount: timedelta | YearsMonths) -> bool:
    """Whether an amount can be the step of a cycle."""
    if isinstance(amount, timedelta):
        return LEAST_STEP <= amount <= MOST_DAYS
    return amount.months > 0 and _within_bounds(amount)


def _end_of(day: date, context: EvaluationContext) -> datetime:
    """When what is due on a day is due: at its close of business, where a calendar says when that is."""
    if context.calendar is None:
        return _utc(datetime.combine(day + timedelta(days=1), time()), context)
    return context.calendar.close_of(day)


def _utc(moment: datetime, context: EvaluationContext) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=context.zone or UTC)).astimezone(UTC)
