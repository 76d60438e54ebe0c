"""Changing the working calendar: versions that stay, days of one year at a time, sentences for what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

import pytest

from company.calendar.seed import ensure_calendar, seeded
from company.calendar.versions import (
    CalendarChanged,
    Difference,
    InvalidDays,
    changed,
    differences,
    save_year,
    unknown_years,
    values_of,
    versions,
    written,
)
from company.people import audit_log
from engine.actor import Actor, NotPermitted
from engine.database import Database
from engine.history import calendars
from tests.product import START

pytest_plugins = ["tests.accounts"]
SPRING = {"first": date(2027, 2, 6), "last": date(2027, 2, 12)}
ActorOf = Callable[[str], Actor]


@pytest.fixture
def dated(staffed: Database) -> Database:
    """A database with people and the seeded calendar."""
    ensure_calendar(staffed, START)
    return staffed


def in_force(db: Database) -> str:
    with db.reading() as session:
        return calendars.hash_in_force(session)


def save(db: Database, by: Actor, year: int = 2027, **days: Any) -> bool:
    """Save a year in which these days differ from what its form opens with."""
    with db.reading() as session:
        opened = values_of(versions(session)[-1].calendar, year)
    return save_year(db, by, START, in_force(db), year, {**opened, **days})


def problems(year: int, **days: Any) -> Mapping[str, str]:
    with pytest.raises(InvalidDays) as refused:
        changed(seeded(), year, {**values_of(seeded(), year), **days})
    return {problem.where: problem.zh for problem in refused.value.problems}


def test_a_save_is_a_new_version_and_the_old_one_stays(dated: Database, actor: ActorOf) -> None:
    before = in_force(dated)

    assert save(dated, actor("admin"), holidays=[SPRING])

    with dated.reading() as session:
        first, second = versions(session)
        assert audit_log.acts(session, subject="calendar").items[0].act == "change_calendar"
    assert (first.hash, first.number, second.number, second.actor) == (before, 1, 2, "admin")
    assert in_force(dated) == second.hash
    assert first.calendar.is_working_day(date(2027, 2, 8))
    assert not any(second.calendar.is_working_day(date(2027, 2, day)) for day in range(6, 13))


def test_saving_what_is_there_already_makes_no_version(dated: Database, actor: ActorOf) -> None:
    assert not save(dated, actor("admin"), 2026)

    with dated.reading() as session:
        assert len(versions(session)) == 1


def test_other_years_stay_as_they_are(dated: Database, actor: ActorOf) -> None:
    save(dated, actor("admin"), holidays=[SPRING])

    with dated.reading() as session:
        newest = versions(session)[-1].calendar
    assert values_of(newest, 2026) == values_of(seeded(), 2026)


def test_only_administrators_change_it(dated: Database, actor: ActorOf) -> None:
    with pytest.raises(NotPermitted):
        save(dated, actor("lin"), holidays=[SPRING])


def test_a_version_that_somebody_replaced_is_not_built_upon(dated: Database, actor: ActorOf) -> None:
    stale = in_force(dated)
    save(dated, actor("admin"), holidays=[SPRING])

    with pytest.raises(CalendarChanged):
        save_year(dated, actor("admin"), START, stale, 2027, values_of(seeded(), 2027))


def test_a_holiday_across_a_weekend_is_shown_as_one() -> None:
    spans = [(row["first"], row["last"]) for row in values_of(seeded(), 2026)["holidays"]]

    assert (date(2026, 10, 1), date(2026, 10, 7)) in spans


def test_a_year_survives_being_shown_and_saved() -> None:
    again = changed(seeded(), 2026, values_of(seeded(), 2026))

    days = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]
    assert [again.hours_of(day) for day in days] == [seeded().hours_of(day) for day in days]


def test_hours_are_read_as_people_write_them() -> None:
    calendar = changed(
        seeded(),
        2026,
        {
            **values_of(seeded(), 2026),
            "friday": "8:30–12:00，13:00-16:30",
            "sunday": "20:00-24:00",
            "special": [{"day": date(2026, 12, 31), "hours": "08:30-12:00"}, {"day": date(2026, 5, 4), "hours": None}],
        },
    )

    assert written(calendar.hours_of(date(2026, 3, 6))) == "08:30-12:00, 13:00-16:30"
    assert calendar.hours_of(date(2026, 3, 8)) == ((time(20), time(0)),)
    assert written(calendar.hours_of(date(2026, 12, 31))) == "08:30-12:00"
    assert not calendar.is_working_day(date(2026, 5, 4))


def test_days_of_another_year_are_named() -> None:
    found = problems(2026, holidays=[{"first": date(2026, 12, 31), "last": date(2027, 1, 2)}])

    assert found == {"holidays[0].last": "2027-01-02 不在 2026 年。"}


def test_a_day_cannot_be_both_free_and_worked() -> None:
    found = problems(2027, holidays=[SPRING], workdays=[{"day": date(2027, 2, 7)}, {"day": date(2027, 2, 7)}])

    assert "既是节假日又是上班日" in found["workdays[0].day"]
    assert "写了两次" in found["workdays[1].day"]


@pytest.mark.parametrize("hours", ["13:00-12:00", "25:00-26:00", "08:00-12:00, 11:00-13:00"])
def test_hours_that_no_day_has_are_refused(hours: str) -> None:
    assert problems(2026, monday=hours).keys() == {"monday"}


def test_it_is_said_which_years_are_not_known() -> None:
    assert unknown_years(seeded(), date(2026, 3, 2)) == []
    assert unknown_years(seeded(), date(2030, 3, 2)) == [2030]
    assert unknown_years(seeded(), date(2030, 11, 1)) == [2030, 2031]
    entered = changed(
        seeded(), 2030, {**values_of(seeded(), 2030), "holidays": [{"first": date(2030, 10, 1), "last": None}]}
    )
    assert unknown_years(entered, date(2030, 11, 1)) == [2031]


def test_it_is_said_what_a_version_changed() -> None:
    days = {"holidays": [SPRING], "workdays": [{"day": date(2027, 2, 20)}], "monday": "08:00-12:00"}
    after = changed(seeded(), 2027, {**values_of(seeded(), 2027), **days})

    assert differences(seeded(), after) == [
        Difference("week", gone=False, spans=[]),
        Difference("holidays", gone=False, spans=[(date(2027, 2, 8), date(2027, 2, 12))]),
        Difference("workdays", gone=False, spans=[(date(2027, 2, 20), date(2027, 2, 20))]),
    ]
    assert differences(after, seeded())[1].gone
