"""Dates, spans, numbers and counts as readers of both languages write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.product import START
from web.shared import formats


@pytest.fixture(params=["zh", "en"])
def language(request, app):
    """A request in each language; the clock stands at Monday 2 March 2026, 9:00 in Shanghai."""
    with app.test_request_context(headers={"Cookie": f"cf_language={request.param}"}):
        yield request.param


def said(language, zh, en):
    return {"zh": zh, "en": en}[language]


def test_a_moment_is_told_on_the_companys_clock(language):
    assert formats.moment(START) == said(language, "3月2日 09:00", "2 Mar 09:00")
    assert formats.exact(START) == "2026-03-02 09:00:00+08:00"


def test_a_day_of_another_year_names_it(language):
    late = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
    assert formats.short_day(late) == said(language, "1月1日", "1 Jan")
    assert formats.short_day(late - timedelta(days=2)) == said(language, "2025年12月30日", "30 Dec 2025")


def test_a_day_in_full_names_the_weekday(language):
    assert formats.day(START) == said(language, "2026年3月2日 星期一", "Monday, 2 March 2026")


@pytest.mark.parametrize(
    ("gap", "zh", "en"),
    [
        (timedelta(seconds=-30), "刚刚", "just now"),
        (timedelta(minutes=-1), "1 分钟前", "1 minute ago"),
        (timedelta(hours=-3, minutes=-50), "3 小时前", "3 hours ago"),
        (timedelta(days=-2), "2 天前", "2 days ago"),
        (timedelta(days=1, hours=23), "1 天后", "in 1 day"),
    ],
)
def test_a_distance_is_told_in_its_largest_unit(language, gap, zh, en):
    assert formats.distance(START + gap) == said(language, zh, en)


def test_a_due_time_says_what_is_left_or_how_late_it_is(language):
    assert formats.due(START + timedelta(hours=3)) == said(language, "还有 3 小时", "3 hours left")
    assert formats.due(START - timedelta(days=1)) == said(language, "逾期 1 天", "1 day overdue")


@pytest.mark.usefixtures("language")
def test_a_number_keeps_its_digits():
    assert formats.number(Decimal("12345.6789")) == "12,345.6789"


def test_counts_stop_at_999():
    assert [formats.count(value) for value in (0, 999, 1000, 5000)] == ["0", "999", "999+", "999+"]
