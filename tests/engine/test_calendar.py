"""Working time is counted by the company's hours, holidays and swap workdays, forwards and backwards."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import BeyondCalendar, Calendar, InvalidCalendar
from engine.values import decode, encode

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = ((time(9), time(12)), (time(13), time(18)))
NIGHT = ((time(22), time(0)),)
CHINESE = Calendar(
    SHANGHAI,
    (OFFICE,) * 5 + ((), ()),
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    workdays=frozenset({date(2026, 9, 27)}),
    special={date(2026, 12, 31): ((time(9), time(12)),)},
)
PARIS = Calendar(ZoneInfo("Europe/Paris"), (((time(1), time(5)),),) * 7)
LATE = Calendar(SHANGHAI, (NIGHT,) * 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    "start,amount,end",
    [
        ("2026-11-23T09:00", 2, "2026-11-23T11:00"),
        ("2026-11-23T11:00", 2, "2026-11-23T14:00"),
        ("2026-11-23T07:00", 8, "2026-11-23T18:00"),
        ("2026-11-20T17:00", 2, "2026-11-23T10:00"),
        ("2026-09-30T17:00", 2, "2026-10-05T10:00"),
        ("2026-09-26T08:00", 1, "2026-09-27T10:00"),
        ("2026-12-31T11:00", 2, "2027-01-01T10:00"),
        ("2026-11-23T10:00", -2, "2026-11-20T17:00"),
        ("2026-11-23T13:00", -3, "2026-11-23T09:00"),
    ],
)
def test_it_counts_only_working_time(start, amount, end):
    assert CHINESE.add_working(at(start), hours(amount)) == at(end)


def test_nothing_added_is_the_start_itself_even_on_a_sunday():
    assert CHINESE.add_working(at("2026-11-22T03:00"), timedelta(0)) == at("2026-11-22T03:00")


@pytest.mark.parametrize(
    "start,days,end",
    [
        ("2026-11-20T16:30", 1, "2026-11-23T16:30"),
        ("2026-11-21T10:00", 1, "2026-11-23T10:00"),
        ("2026-09-25T10:00", 1, "2026-09-27T10:00"),
        ("2026-09-30T10:00", 1, "2026-10-05T10:00"),
        ("2026-11-23T10:00", -1, "2026-11-20T10:00"),
        ("2026-11-22T10:00", 0, "2026-11-22T10:00"),
    ],
)
def test_working_days_keep_the_local_time(start, days, end):
    assert CHINESE.add_working_days(at(start), days) == at(end)


def test_the_answer_is_in_the_zone_of_the_question():
    utc = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    answer = CHINESE.add_working(utc, hours(1))
    assert answer == at("2026-11-23T10:00")
    assert answer.tzinfo is UTC


def test_a_start_without_a_zone_is_company_time():
    assert CHINESE.add_working(datetime(2026, 11, 23, 9), hours(1)) == at("2026-11-23T10:00")  # noqa: DTZ001


def test_a_night_of_summer_time_has_an_hour_less():
    paris = ZoneInfo("Europe/Paris")
    before, after = (datetime(2026, 3, day, 0, 30, tzinfo=paris) for day in (29, 30))
    assert PARIS.working_between(before, after) == hours(3)


def test_hours_may_end_at_midnight():
    assert LATE.add_working(at("2026-11-23T21:00"), hours(3)) == at("2026-11-24T23:00")
    assert LATE.working_between(at("2026-11-23T00:00"), at("2026-11-24T00:00")) == hours(2)


def test_a_calendar_without_work_says_so():
    idle = Calendar(SHANGHAI, ((),) * 7)
    with pytest.raises(BeyondCalendar, match="no working time"):
        idle.add_working(at("2026-11-23T09:00"), hours(1))
    with pytest.raises(BeyondCalendar):
        idle.add_working_days(at("2026-11-23T09:00"), 1)


@pytest.mark.parametrize("spans", [((time(12), time(9)),), ((time(9), time(12)), (time(11), time(13)))])
def test_it_refuses_hours_that_are_not_in_order(spans):
    with pytest.raises(InvalidCalendar, match="not in order"):
        Calendar(SHANGHAI, (spans,) + ((),) * 6)


def test_it_refuses_a_week_of_five_days():
    with pytest.raises(InvalidCalendar, match="seven days"):
        Calendar(SHANGHAI, (OFFICE,) * 5)


def test_it_survives_the_codec():
    assert Calendar.from_value(decode(encode(CHINESE.to_value()))) == CHINESE


@pytest.mark.parametrize("value", [None, {}, {"zone": "Nowhere/Land", "week": []}, {"zone": 5}])
def test_it_refuses_a_value_that_is_no_calendar(value):
    with pytest.raises(InvalidCalendar):
        Calendar.from_value(value)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)).map(lambda m: m.replace(tzinfo=SHANGHAI))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(days=20))
calendars = st.sampled_from([CHINESE, PARIS, LATE])


@given(calendars, moments, amounts)
def test_what_was_added_lies_between(calendar, start, amount):
    assert calendar.working_between(start, calendar.add_working(start, amount)) == amount
    assert calendar.working_between(calendar.add_working(start, -amount), start) == amount


@given(calendars, moments, moments, amounts)
def test_a_later_start_never_ends_earlier(calendar, a, b, amount):
    first, last = sorted([a, b])
    assert calendar.add_working(first, amount) <= calendar.add_working(last, amount)


@given(calendars, moments, amounts, amounts)
def test_more_work_never_ends_earlier(calendar, start, a, b):
    less, more = sorted([a, b])
    assert calendar.add_working(start, less) <= calendar.add_working(start, more)


@given(calendars, moments, moments)
def test_time_between_is_the_same_both_ways(calendar, a, b):
    assert calendar.working_between(a, b) == -calendar.working_between(b, a)


@pytest.mark.parametrize(
    ("calendar", "day", "closes"),
    [
        (CHINESE, date(2026, 12, 3), "2026-12-03T18:00"),
        (CHINESE, date(2026, 12, 31), "2026-12-31T12:00"),
        (CHINESE, date(2026, 10, 1), "2026-10-01T18:00"),
        (CHINESE, date(2026, 12, 5), "2026-12-05T18:00"),
        (LATE, date(2026, 12, 3), "2026-12-04T00:00"),
        (Calendar(SHANGHAI, ((),) * 7), date(2026, 12, 3), "2026-12-04T00:00"),
    ],
    ids=["working day", "special hours", "holiday", "weekend", "until midnight", "nobody works"],
)
def test_business_closes_with_the_last_hours_of_a_day(calendar, day, closes):
    assert calendar.close_of(day) == at(closes)
