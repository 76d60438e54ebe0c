"""How a scenario lies in time: where its days fall, and when in the day its people act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.calendar import Calendar
from engine.scenarios.scenario_file import Scenario
from engine.values import Value


def _soon(_moment: datetime) -> timedelta:
    return timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Clock:
    """Moved by `shift` (whole days), into the hours of `calendar`, ended at `until`.

    With a calendar, what is written for a moment happens `soon` after it in working time; for a task that is not open
    yet people wait with `patience`, and go on without it in the end.
    """

    shift: timedelta = timedelta(0)
    until: datetime | None = None
    calendar: Calendar | None = None
    soon: Callable[[datetime], timedelta] = _soon
    patience: timedelta = timedelta(0)

    def at(self, moment: datetime) -> datetime:
        """When what is written for `moment` happens."""
        return self.calendar.add_working(moment, self.soon(moment)) if self.calendar else moment

    def begins(self, scenario: Scenario) -> datetime:
        """When the start happens."""
        return self.at(scenario.at + self.shift)

    def moments(self, scenario: Scenario) -> Iterator[datetime]:
        """When the start and each step happen, if nobody has to wait."""
        now = self.begins(scenario)
        yield now
        for step in scenario.steps:
            now = self.at(now + step.after)
            yield now

    def dated(self, value: Value, written: datetime, now: datetime) -> Value:
        """The value with every date in it as seen from `now` instead of from `written`; no date falls on a holiday."""
        if isinstance(value, date):
            return self._moved(value, written, now)
        if isinstance(value, Mapping):
            return {key: self.dated(inner, written, now) for key, inner in value.items()}
        return [self.dated(inner, written, now) for inner in value] if isinstance(value, list) else value

    def _moved(self, value: date, written: datetime, now: datetime) -> date:
        value += timedelta(days=(now.astimezone(written.tzinfo).date() - written.date()).days)
        while self.calendar is not None and type(value) is date and not self.calendar.is_working_day(value):
            value += timedelta(days=1)
        return value

    def over(self, now: datetime) -> bool:
        """Whether the scenario stops before `now`."""
        return self.until is not None and now > self.until
