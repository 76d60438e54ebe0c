"""Dates and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def field(form_of):
    return lambda subtype, **more: form_of({"type": "datetime", "key": "d", "subtype": subtype, **more})


@pytest.mark.parametrize(
    "subtype, typed, value",
    [
        ("date", "2026-03-02", date(2026, 3, 2)),
        ("date", " ２０２６－０３－０２ ", date(2026, 3, 2)),
        ("date", date(2026, 3, 2), date(2026, 3, 2)),
        ("date", "", None),
        ("time", "09:30", time(9, 30)),
        ("time", "09:30:15.5", time(9, 30, 15, 500_000)),
        ("time", time(9, 30), time(9, 30)),
        ("datetime", "2026-03-02T09:30", datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)),
        ("datetime", "2026-03-02 09:30", datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)),
        ("datetime", "2026-03-02T01:30:00Z", datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)),
        ("datetime", datetime(2026, 3, 2, 1, 30, tzinfo=UTC), datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)),
    ],
)
def test_it_reads_iso_texts_and_typed_values(field, clean, subtype, typed, value):
    assert clean(field(subtype), {"d": typed}, zone=SHANGHAI) == {"d": value}


def test_an_instant_is_kept_in_the_zone_of_the_company(field, clean):
    found = clean(field("datetime"), {"d": datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=-5)))}, zone=SHANGHAI)
    assert found["d"].tzinfo is SHANGHAI


@pytest.mark.parametrize(
    "subtype, typed",
    [
        ("date", "2026-02-30"),
        ("date", "02/03/2026"),
        ("date", "20260302"),
        ("date", "2026-W10-1"),
        ("date", "+12026-01-01"),
        ("date", 3),
        ("date", datetime(2026, 3, 2, tzinfo=UTC)),
        ("time", "25:00"),
        ("time", "9:30"),
        ("time", time(9, 30, tzinfo=UTC)),
        ("datetime", "2026-03-02"),
        ("datetime", "2026-03-02T09:30@Mars/Olympus"),
        ("datetime", "0001-01-01T00:00Z@"),
        ("datetime", ["2026-03-02T09:30"]),
        ("datetime", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
    ],
)
def test_it_refuses_everything_else(field, refused, subtype, typed):
    assert refused(field(subtype), {"d": typed}, zone=timezone(timedelta(hours=-12))) == [f"not_a_{subtype}"]


def test_a_day_may_have_to_be_today_or_later_in_the_companys_zone(field, refused):
    now = datetime(2026, 3, 1, 20, tzinfo=UTC)
    form = field("date", disallowPassedDates=True)
    assert refused(form, {"d": "2026-03-01"}, now=now, zone=SHANGHAI) == ["past_date"]
    assert refused(form, {"d": "2026-03-02"}, now=now, zone=SHANGHAI) == []


def test_times_may_have_to_keep_an_interval(field, refused):
    form = field("time", timeInterval=15)
    assert refused(form, {"d": "09:45"}) == []
    assert refused(form, {"d": "09:50"}) == refused(form, {"d": "09:45:30"}) == ["time_interval"]
