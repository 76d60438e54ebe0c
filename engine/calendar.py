"""The working calendar: when the company works, and how to count in that time.

A calendar is an immutable version, stored by `to_value` and named by the hash of that. Days
are the company's days, in its zone. A day's hours come from the first of: special hours, a holiday
(none), a swap workday (the hours of the first weekday that has any), the weekday.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import ClauseflowError
from engine.values import Value

Hours = tuple[tuple[time, time], ...]
"""Spans of one day in order, without overlap. An end of 00:00 is the midnight that follows."""

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")
"""The zone of a new company, until its calendar says another."""

HORIZON_DAYS = 20_000
"""How far counting looks before it says that the calendar does not get there."""


class InvalidCalendar(ClauseflowError):
    """A calendar that cannot be counted in."""

    zh = "工作日历有误：{reason_zh}。"
    en = "The working calendar is wrong: {reason}."


class BeyondCalendar(ClauseflowError):
    """A moment so far away that the calendar does not reach it, as when nobody ever works."""

    zh = "从 {start} 起数 {days} 天仍未数满，工作日历可能没有工作时间。"
    en = "Counting from {start} did not finish within {days} days; the calendar may hold no working time."


@dataclass(frozen=True)
class Calendar:
    """One version of the working calendar. `week` holds the hours of Monday to Sunday."""

    zone: ZoneInfo
    week: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    special: Mapping[date, Hours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise InvalidCalendar(reason="a week has seven days", reason_zh="一周须有七天")
        for hours in (*self.week, *self.special.values()):
            _check_hours(hours)

    @cached_property
    def _usual(self) -> Hours:
        return next((hours for hours in self.week if hours), ())

    def hours_of(self, day: date) -> Hours:
        """The working hours of a day; empty when it is free."""
        if day in self.special:
            return self.special[day]
        if day in self.holidays:
            return ()
        return self._usual if day in self.workdays else self.week[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Whether anybody works on a day."""
        return bool(self.hours_of(day))

    def close_of(self, day: date) -> datetime:
        """When business closes on a day, in UTC; on a free day at the usual time, at midnight if nobody ever works."""
        hours = self.hours_of(day) or self._usual
        closes = hours[-1][1] if hours else time()
        return self._moment(day if closes > time() else day + timedelta(days=1), closes)

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The hours of a day as moments in UTC, so that summer time does not stretch or shrink them unseen."""
        return [
            (self._moment(day, start), self._moment(day if end > start else day + timedelta(days=1), end))
            for start, end in self.hours_of(day)
        ]

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _days(self, start: datetime, step: int) -> Iterator[date]:
        day = start.astimezone(self.zone).date()
        for count in range(HORIZON_DAYS):
            yield day + timedelta(days=count * step)
        raise BeyondCalendar(start=start.isoformat(), days=HORIZON_DAYS)

    def _aware(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def add_working(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment by which `amount` of working time has passed since `start`, in the zone of `start`.

        A negative amount counts back, to the last moment from which that much time passes until `start`.
        A start without a zone is the company's local time. Raises BeyondCalendar.
        """
        begin = self._aware(start)
        if not amount:
            return begin
        count = self._forward if amount > timedelta(0) else self._backward
        try:
            return count(begin.astimezone(UTC), abs(amount)).astimezone(begin.tzinfo)
        except OverflowError:
            raise BeyondCalendar(start=begin.isoformat(), days=HORIZON_DAYS) from None

    def _forward(self, begin: datetime, left: timedelta) -> datetime:
        # A span that began the day before may reach past midnight.
        for day in self._days(begin - timedelta(days=1), 1):
            for start, end in self._spans(day):
                open_from = max(start, begin)
                if end - open_from >= left:
                    return open_from + left
                left -= max(end - open_from, timedelta(0))
        raise AssertionError("_days ends in BeyondCalendar")

    def _backward(self, begin: datetime, left: timedelta) -> datetime:
        for day in self._days(begin, -1):
            for start, end in reversed(self._spans(day)):
                open_until = min(end, begin)
                if open_until - start >= left:
                    return open_until - left
                left -= max(open_until - start, timedelta(0))
        raise AssertionError("_days ends in BeyondCalendar")

    def add_working_days(self, start: datetime, n: int) -> datetime:
        """The same local time on the n-th working day after the day of `start` (before it, when negative)."""
        begin = self._aware(start)
        local = begin.astimezone(self.zone)
        if not n:
            return begin
        left = abs(n)
        for day in self._days(begin, 1 if n > 0 else -1):
            left -= day != local.date() and self.is_working_day(day)
            if not left:
                return local.replace(year=day.year, month=day.month, day=day.day).astimezone(begin.tzinfo)
        raise AssertionError("_days ends in BeyondCalendar")

    def working_between(self, a: datetime, b: datetime) -> timedelta:
        """The working time from `a` to `b`; negative when `b` comes first. Raises BeyondCalendar."""
        start, end = self._aware(a).astimezone(UTC), self._aware(b).astimezone(UTC)
        if end < start:
            return -self.working_between(end, start)
        total = timedelta(0)
        for day in self._days(start - timedelta(days=1), 1):
            if day > end.astimezone(self.zone).date():
                break
            for opens, closes in self._spans(day):
                total += max(min(closes, end) - max(opens, start), timedelta(0))
        return total

    def to_value(self) -> Value:
        """The calendar as a value for the codec; `from_value` reads it."""
        return {
            "zone": self.zone.key,
            "week": [_written(hours) for hours in self.week],
            "holidays": sorted(self.holidays),
            "workdays": sorted(self.workdays),
            "special": [{"date": day, "hours": _written(self.special[day])} for day in sorted(self.special)],
        }

    @classmethod
    def from_value(cls, value: Value) -> Calendar:
        """The calendar that `to_value` wrote. Raises InvalidCalendar."""
        try:
            return cls(
                ZoneInfo(value["zone"]),
                tuple(map(_read, value["week"])),
                frozenset(value["holidays"]),
                frozenset(value["workdays"]),
                {entry["date"]: _read(entry["hours"]) for entry in value["special"]},
            )
        except (KeyError, TypeError, ValueError, OSError) as error:
            raise InvalidCalendar(reason=f"unreadable ({error})", reason_zh=f"无法读取（{error}）") from None


def _check_hours(hours: Hours) -> None:
    ends = [clock for span in hours for clock in span]
    ends_at_midnight = bool(ends) and ends[-1] == time()
    checked = ends[:-1] if ends_at_midnight else ends
    if any(later <= earlier for earlier, later in pairwise(checked)):
        raise InvalidCalendar(reason="the hours of a day are not in order", reason_zh="一天的时段顺序不对")


def _written(hours: Hours) -> list[Any]:
    return [{"from": start, "to": end} for start, end in hours]


def _read(spans: Sequence[Mapping[str, time]]) -> Hours:
    return tuple((span["from"], span["to"]) for span in spans)
