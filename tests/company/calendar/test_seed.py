"""The calendar a new company begins with."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from company.calendar.seed import ensure_calendar, seeded
from engine.calendar import DEFAULT_ZONE, Calendar
from engine.database import Database
from engine.history import calendars
from engine.values import decode, encode
from tests.product import START


def test_the_state_holidays_of_2026_are_free_and_their_swap_days_worked() -> None:
    calendar = seeded()

    assert not calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2026, 10, 10)), "a Saturday worked for the National Day week"
    assert not calendar.is_working_day(date(2026, 3, 7))
    assert calendar.is_working_day(date(2026, 3, 9))


def test_forty_eight_working_hours_skip_the_national_day_week() -> None:
    before = datetime(2026, 9, 30, 16, 30, tzinfo=DEFAULT_ZONE)

    assert seeded().add_working(before, timedelta(hours=2)).astimezone(DEFAULT_ZONE).date() > date(2026, 10, 7)


def test_a_calendar_in_force_is_not_replaced(db: Database) -> None:
    ensure_calendar(db, START)
    own = Calendar(DEFAULT_ZONE, seeded().week)
    db.write(lambda session: calendars.put_in_force(session, own, START, "admin"))

    ensure_calendar(db, START)

    with db.reading() as session:
        assert calendars.by_hash(session, calendars.hash_in_force(session)) == own


def test_it_survives_its_canonical_form() -> None:
    assert Calendar.from_value(decode(encode(seeded().to_value()))) == seeded()
