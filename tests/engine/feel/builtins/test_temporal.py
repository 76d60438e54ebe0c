"""Built-ins on dates, times and durations, by the examples of DMN 1.5 tables 73, 77, 78 and 79 and their edges."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.feel import evaluate
from tests.engine.feel.facts import check, clock, day, days, exact, facts, moment, months

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@facts(
    ('date("2012-12-25")', day("2012-12-25")),
    ('date("2012-02-30")', None),
    ('date("2012-1-5")', None),
    ('date("12-12-25")', None),
    ('date("2012-12-25T10:00:00")', None),
    ('date(date and time("2012-12-25T11:00:00Z"))', day("2012-12-25")),
    ("date(2012, 12, 25)", day("2012-12-25")),
    ("date(2012, 13, 25)", None),
    ("date(2012, 2.5, 1)", None),
    ("date(year: 2012, month: 12, day: 25)", day("2012-12-25")),
    ('date(from: "2012-12-25")', day("2012-12-25")),
    ("date(null)", None),
    ("date(null, 1, 1)", None),
)
def test_date(text, expected):
    check(text, expected)


@facts(
    ('time("23:59:00")', clock("23:59:00")),
    ('time("23:59:00Z")', clock("23:59:00", "Z")),
    ('time("23:59:00z")', clock("23:59:00", "Z")),
    ('time("23:59:00+08:00")', clock("23:59:00", "+08:00")),
    ('time("10:00:00@Europe/Paris")', clock("10:00:00", "@Europe/Paris")),
    ('time("10:00:00@Nowhere/Land")', None),
    ('time("24:00:00")', None),
    ('time("10:00")', None),
    ('time("10:00:00+19:00")', None),
    ('time(date and time("2012-12-25T11:00:00+02:00"))', clock("11:00:00", "+02:00")),
    ('time(date("2012-12-25"))', clock("00:00:00", "Z")),
    ("time(23, 59, 0)", clock("23:59:00")),
    ('time(23, 59, 1.5, duration("-PT5H"))', clock("23:59:01.5", "-05:00")),
    ("time(23, 59, 0, null)", clock("23:59:00")),
    ("time(25, 0, 0)", None),
    ("time(hour: 1, minute: 2, second: 3)", clock("01:02:03")),
)
def test_time(text, expected):
    check(text, expected)


@facts(
    ('date and time("2012-12-24T23:59:00")', moment("2012-12-24T23:59:00")),
    ('date and time("2012-12-24T23:59:00.123Z")', moment("2012-12-24T23:59:00.123", "Z")),
    ('date and time("2012-12-24T23:59:00@Asia/Tokyo")', moment("2012-12-24T23:59:00", "@Asia/Tokyo")),
    ('date and time("2012-12-24")', moment("2012-12-24T00:00:00")),
    ('date and time("2012-12-24T")', None),
    ('date and time("2012-12-24 10:00:00")', None),
    ('date and time(date("2012-12-24"), time("23:59:00"))', moment("2012-12-24T23:59:00")),
    ('date and time(@"2012-12-24T01:00:00Z", time("23:59:00"))', moment("2012-12-24T23:59:00")),
    ('date and time(date: @"2012-12-24", time: @"01:00:00Z")', moment("2012-12-24T01:00:00", "Z")),
    ("date and time(2012, 12, 24, 23, 59, 0)", moment("2012-12-24T23:59:00")),
    ('date and time(2012, 12, 24, 23, 59, 0, duration("PT8H"))', moment("2012-12-24T23:59:00", "+08:00")),
    ('date and time(2012, 12, 24, 23, 59, 0, "Asia/Tokyo")', moment("2012-12-24T23:59:00", "@Asia/Tokyo")),
    ('date and time(@"2012-12-24T23:00:00Z", "Asia/Tokyo")', moment("2012-12-25T08:00:00", "@Asia/Tokyo")),
    ("date and time(null)", None),
    ('date and time(null, @"10:00:00")', None),
)
def test_date_and_time(text, expected):
    check(text, expected)


@facts(
    ('duration("P2DT20H14M")', days(2, hours=20, minutes=14)),
    ('duration("-PT0.5S")', days(seconds=-0.5)),
    ('duration("P2Y2M")', months(26)),
    ('duration("-P1Y")', months(-12)),
    ('duration("P1Y1D")', None),
    ('duration("P")', None),
    ('duration("PT")', None),
    ('duration("1D")', None),
    ('duration(@"P1D")', days(1)),
    ("duration(null)", None),
)
def test_duration(text, expected):
    check(text, expected)


@facts(
    ('years and months duration(date("2011-12-22"), date("2013-08-24"))', months(20)),
    ('years and months duration(date("2013-08-24"), date("2011-12-22"))', months(-20)),
    ('years and months duration(date("2016-01-31"), date("2016-02-29"))', months(0)),
    ('years and months duration(@"2015-12-24T12:15:00", @"2016-12-24T12:14:59")', months(11)),
    ('years and months duration(from: @"2015-01-01", to: @"2016-01-01T00:00:00")', months(12)),
    ('years and months duration(@"2015-01-01T00:00:00", @"2016-01-01T00:00:00Z")', None),
    ("years and months duration(null, null)", None),
)
def test_years_and_months_duration(text, expected):
    check(text, expected)


@facts(('day of year(date("2019-09-17"))', 260), ('day of year(@"2020-12-31T00:00:00")', 366), ("day of year(1)", None))
def test_day_of_year(text, expected):
    check(text, expected)


@facts(('day of week(date("2019-09-17"))', "Tuesday"), ('day of week(date: @"2026-11-22")', "Sunday"))
def test_day_of_week(text, expected):
    check(text, expected)


@facts(('month of year(date("2019-09-17"))', "September"), ("month of year(null)", None))
def test_month_of_year(text, expected):
    check(text, expected)


@facts(
    ('week of year(date("2019-09-17"))', 38),
    ('week of year(date("2003-12-29"))', 1),
    ('week of year(date("2004-01-04"))', 1),
    ('week of year(date("2005-01-01"))', 53),
)
def test_week_of_year(text, expected):
    check(text, expected)


def test_now():
    assert evaluate("now()", now=NOW) == NOW
    assert exact(evaluate("now()", now=NOW, zone=ZoneInfo("Asia/Shanghai"))) == exact(
        moment("2026-11-24T02:00:00", "@Asia/Shanghai")
    )


def test_today():
    assert evaluate("today()", now=NOW) == day("2026-11-23")
    assert evaluate("today()", now=NOW, zone=ZoneInfo("Asia/Shanghai")) == day("2026-11-24")


def test_without_a_given_time_there_is_no_now():
    warnings: list[str] = []
    assert evaluate("now()", warnings=warnings) is None
    assert evaluate("today()") is None
    assert warnings == ["no current time was given"]
