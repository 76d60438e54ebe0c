"""Changing the working calendar: a year's days, the weekly hours and the zone, every save a version that stays.

Time limits counted from then on use the new version; what was counted before stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select

from company.people import audit_log
from engine import forms
from engine.actor import Actor
from engine.calendar import Calendar, Hours, InvalidCalendar
from engine.database import command
from engine.errors import ClauseflowError, Problem, Refused
from engine.history import calendars
from engine.session import Session
from engine.tables import calendars as calendar_table
from engine.values import Value, decode

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The form's fields for the hours of the week."""
FORM = Path(__file__).resolve().parents[2] / "forms" / "administration" / "working_calendar.form"
OTHER_ZONE = "other"
"""The form's choice for a zone that it does not list."""
PUBLISHED = 11
"""The month in which the state publishes the next year's holidays."""
DAY = timedelta(days=1)
_UTC = ZoneInfo("UTC")
_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2}) *[-–] *([0-9]{1,2}):([0-9]{2})")

Span = tuple[date, date]
"""The first and the last of some days in a row."""


class InvalidDays(Refused):
    """Days or hours a calendar cannot have; `problems` name the fields."""


class CalendarChanged(ClauseflowError):
    """Somebody else saved a version while this one was open."""

    zh = "在您打开工作日历之后，别人已保存过新版本，未保存。请核对最新版本后再改。"
    en = "Somebody else saved a new version after you opened the calendar. Nothing was saved; please look at it again."


class NoSuchVersion(ClauseflowError):
    """No version of the calendar has that number."""

    zh = "工作日历没有第 {version} 版。"
    en = "The working calendar has no version {version}."


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the calendar, numbered from 1, and who put it in force when."""

    number: int
    hash: str
    calendar: Calendar
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Days or hours that one version has and its predecessor had not, or the other way (`gone`)."""

    what: str
    """`holidays`, `workdays`, `special`, `week` or `zone`."""
    gone: bool
    spans: list[Span]


@lru_cache
def form() -> forms.Form:
    """What an administrator fills in for a year."""
    return forms.read(FORM.read_bytes(), "forms/administration/working_calendar.form")


def versions(session: Session) -> list[Version]:
    """Every version there ever was, oldest first."""
    rows = session.execute(select(calendar_table).order_by(calendar_table.c.id))
    return [
        Version(number, row.hash, Calendar.from_value(decode(row.content)), row.at, row.actor)
        for number, row in enumerate(rows, 1)
    ]


def unknown_years(calendar: Calendar, today: date) -> list[int]:
    """The years that count as plain weeks as no holiday of theirs is known: this one, from November on the next."""
    known = {day.year for day in calendar.holidays}
    years = (today.year, today.year + 1) if today.month >= PUBLISHED else (today.year,)
    return [year for year in years if year not in known]


def values_of(calendar: Calendar, year: int) -> dict[str, Value]:
    """A year of the calendar as its form shows it."""
    special = sorted(day for day in calendar.special if day.year == year)
    return {
        "holidays": [_span_value(span) for span in _spans(calendar, year)],
        "workdays": [{"day": day} for day in sorted(calendar.workdays) if day.year == year],
        "special": [{"day": day, "hours": written(calendar.special[day]) or None} for day in special],
        **{name: written(hours) or None for name, hours in zip(WEEK, calendar.week, strict=True)},
        **_zone_values(calendar.zone.key),
    }


def _zone_values(name: str) -> dict[str, Value]:
    """A zone as the form shows it: one of its choices, or another by its name."""
    choices = form().level.by_key["zone"].settings.fixed
    return {"zone": name, "other_zone": None} if name in choices else {"zone": OTHER_ZONE, "other_zone": name}


@command
def save_year(
    session: Session, actor: Actor, now: datetime, based_on: str, year: int, values: Mapping[str, Value]
) -> bool:
    """Put a version in force that has these days in `year`, made from the version with the hash `based_on`.

    `values` as the form gives them. Returns whether anything differs. Raises NotPermitted, NoSuchVersion, InvalidDays,
    CalendarChanged.
    """
    actor.require("administer")
    if calendars.hash_in_force(session) != based_on:
        raise CalendarChanged
    before = calendars.by_hash(session, based_on)
    if before is None:
        raise NoSuchVersion(version=1)
    clean, problems = forms.validate(form(), values, {})
    if problems:
        raise InvalidDays(problems)
    after = changed(before, year, clean)
    if clean == values_of(before, year) or after == before:
        return False
    calendars.put_in_force(session, after, now, actor.id)
    zone = audit_log.changes({"zone": before.zone.key}, {"zone": after.zone.key})
    audit_log.record(session, actor, now, "change_calendar", "calendar", {"year": str(year), **zone})
    return True


def changed(calendar: Calendar, year: int, values: Mapping[str, Value]) -> Calendar:
    """The calendar with these days in `year`; other years stay. Raises InvalidDays."""
    holidays = {day for row in values["holidays"] for day in _days(row["first"], row["last"] or row["first"], year)}
    workdays = {row["day"] for row in values["workdays"]}
    special = {row["day"]: row["hours"] for row in values["special"]}
    problems = [*_outside(year, values), *_twice(holidays, values)]
    if problems:
        raise InvalidDays(problems)
    return replace(
        calendar,
        zone=_zone(values),
        week=tuple(_hours(values[name], name) for name in WEEK),
        holidays=_other_years(calendar.holidays, year) | holidays,
        workdays=_other_years(calendar.workdays, year) | workdays,
        special={day: hours for day, hours in calendar.special.items() if day.year != year}
        | {day: _hours(hours, "special") for day, hours in special.items()},
    )


def differences(before: Calendar, after: Calendar) -> list[Difference]:
    """What a version changed: the zone, hours of the week, days that came, days that went."""
    whole = (("zone", before.zone != after.zone), ("week", before.week != after.week))
    found = [Difference(what, gone=False, spans=[]) for what, differs in whole if differs]
    sets = {
        "holidays": (_felt(before, before.holidays), _felt(after, after.holidays)),
        "workdays": (before.workdays, after.workdays),
        "special": (_not_in(before.special, after.special), _not_in(after.special, before.special)),
    }
    for what, (old, new) in sets.items():
        found += [Difference(what, gone, _runs(days)) for gone, days in ((False, new - old), (True, old - new)) if days]
    return found


def _not_in(days: Mapping[date, Hours], other: Mapping[date, Hours]) -> frozenset[date]:
    """The days whose hours the other version does not have just so."""
    return frozenset(day for day, hours in days.items() if other.get(day) != hours)


def written(hours: Hours) -> str:
    """Hours as people write them: `08:30-12:00, 13:00-17:30`; "" for a free day."""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in hours)


def _felt(calendar: Calendar, days: Iterable[date]) -> frozenset[date]:
    """The holidays that make a difference: those on days that would be worked."""
    plain = replace(calendar, holidays=frozenset())
    return frozenset(day for day in days if plain.is_working_day(day))


def _spans(calendar: Calendar, year: int) -> list[Span]:
    """The holidays of a year, those with nothing but free days between them as one."""
    spans: list[Span] = []
    for day in sorted(day for day in calendar.holidays if day.year == year):
        if spans and not any(map(calendar.is_working_day, _every(spans[-1][1], day))):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _runs(days: Iterable[date]) -> list[Span]:
    spans: list[Span] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] == DAY:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _span_value(span: Span) -> dict[str, Value]:
    first, last = span
    return {"first": first, "last": last if last != first else None}


def _every(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def _days(first: date, last: date, year: int) -> Iterator[date]:
    """The days of a span that lie in the year; what lies outside has its own problem."""
    return _every(max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))


def _other_years(days: Iterable[date], year: int) -> frozenset[date]:
    return frozenset(day for day in days if day.year != year)


def _outside(year: int, values: Mapping[str, Value]) -> Iterator[Problem]:
    for name in ("holidays", "workdays", "special"):
        for position, row in enumerate(values[name]):
            for field in ("first", "last", "day"):
                if row.get(field) is not None and row[field].year != year:
                    zh, en = f"{row[field]} 不在 {year} 年。", f"{row[field]} is not in {year}."
                    yield Problem("calendar.other_year", f"{name}[{position}].{field}", zh, en)


def _twice(holidays: set[date], values: Mapping[str, Value]) -> Iterator[Problem]:
    for position, row in enumerate(values["workdays"]):
        if row["day"] in holidays:
            zh = f"{row['day']} 既是节假日又是上班日，请去掉一个。"
            en = f"{row['day']} is both a holiday and a workday; please take one away."
            yield Problem("calendar.both", f"workdays[{position}].day", zh, en)
    for name in ("workdays", "special"):
        days = [row["day"] for row in values[name]]
        for position, day in enumerate(days):
            if day in days[:position]:
                yield Problem("calendar.twice", f"{name}[{position}].day", f"{day} 写了两次。", f"{day} stands twice.")


def _zone(values: Mapping[str, Value]) -> ZoneInfo:
    """The zone somebody chose or wrote. Raises InvalidDays when there is none of that name."""
    field = "other_zone" if values["zone"] == OTHER_ZONE else "zone"
    name = str(values[field] or "")
    if name not in available_timezones():
        zh, en = (
            f"没有“{name}”这个时区，请按 IANA 的写法，如 Europe/Zurich。",
            (f"There is no time zone “{name}”; write it as IANA does, such as Europe/Zurich."),
        )
        raise InvalidDays([Problem("calendar.zone", field, zh, en)])
    return ZoneInfo(name)


def _hours(text: str | None, where: str) -> Hours:
    """The hours somebody wrote. Raises InvalidDays when they are no times of day or overlap."""
    try:
        spans = tuple(_span(match.groups()) for match in _SPAN.finditer(text or ""))
        Calendar(_UTC, (spans,) * 7)
    except (ValueError, InvalidCalendar):
        zh = f"“{text}”不是一天里先后相接的时段。"
        raise InvalidDays(
            [Problem("calendar.hours", where, zh, f"“{text}” are no hours of one day in order.")]
        ) from None
    return spans


def _span(texts: tuple[str, ...]) -> tuple[time, time]:
    start_hour, start_minute, end_hour, end_minute = map(int, texts)
    return time(start_hour, start_minute), time(end_hour % 24 if end_minute == 0 else end_hour, end_minute)
