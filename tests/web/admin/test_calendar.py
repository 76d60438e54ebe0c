"""The working calendar's pages: a year to look at and to change, every version listed."""

from __future__ import annotations

import re

import pytest

from company.calendar.seed import ensure_calendar
from company.calendar.versions import versions


@pytest.fixture
def admin(visit, staffed, clock):
    """The administrator at a browser, with the seeded calendar in force."""
    ensure_calendar(staffed.db, clock.now)
    return visit("admin")


def stored(staffed):
    with staffed.db.reading() as session:
        return versions(session)


def posted(page):
    """What a browser would send of the year's form as it opens."""
    page = re.sub(r"<template>.*?</template>", "", page, flags=re.DOTALL)
    fields = dict(re.findall(r'<input id="[^"]*"\s+name="([^"]+)"\s+type="[^"]*"\s+value="([^"]*)"', page))
    zone = re.search(r'<select[^>]* name="zone".*?<option value="([^"]+)" selected', page, flags=re.DOTALL)
    return fields | {"zone": zone[1], "_based_on": re.search(r'name="_based_on" value="([^"]+)"', page)[1]}


def test_a_year_shows_its_holidays_and_swap_days(admin):
    page = admin.get("/admin/calendar?year=2026").text
    assert page.count('class="month"') == 12
    assert page.count("day-holiday") > 10
    assert "day-swap" in page
    assert "最初的日历" in page
    marked = re.findall(r'<span><span class="day day-[a-z]+">[^<]+</span> [^<]+</span>', page)
    assert len(marked) == 4, "a mark of the legend and its word are in one piece"


def test_saving_a_holiday_makes_a_version_that_says_so(admin, staffed):
    fields = posted(admin.get("/admin/calendar?year=2030").text)
    added = {"holidays-0-_row": "", "holidays-0-first": "2030-02-03", "holidays-0-last": "2030-02-08"}
    answer = admin.post("/admin/calendar?year=2030", fields | added)
    assert (answer.status_code, answer.location) == (303, "/admin/calendar?year=2030")
    assert len(stored(staffed)) == 2
    page = admin.get(answer.location).text
    assert "第 2 版" in page
    assert "增加：节假日" in re.sub(r"\s+", "", page)
    assert 'value="2030-02-03"' in page


def test_nothing_changed_makes_no_version(admin, staffed):
    fields = posted(admin.get("/admin/calendar?year=2030").text)
    assert admin.post("/admin/calendar?year=2030", fields).status_code == 303
    assert len(stored(staffed)) == 1


def test_a_refused_year_keeps_what_was_typed(admin, staffed):
    fields = posted(admin.get("/admin/calendar?year=2030").text)
    answer = admin.post("/admin/calendar?year=2030", fields | {"monday": "17:00-08:00"})
    assert answer.status_code == 422
    assert 'value="17:00-08:00"' in answer.text
    assert len(stored(staffed)) == 1


def test_a_stale_page_is_refused_and_says_why(admin, staffed):
    fields = posted(admin.get("/admin/calendar?year=2030").text)
    admin.post("/admin/calendar?year=2030", fields | {"saturday": "09:00-12:00"})
    answer = admin.post("/admin/calendar?year=2030", fields | {"sunday": "09:00-12:00"})
    assert answer.status_code == 409
    assert "别人已保存过新版本" in answer.text
    assert len(stored(staffed)) == 2


def test_rows_are_added_without_script(admin):
    fields = posted(admin.get("/admin/calendar?year=2030").text)
    page = admin.post("/admin/calendar?year=2030", fields | {"_row": "add:workdays"}).text
    assert 'name="workdays-0-day"' in page


@pytest.mark.usefixtures("staffed")
def test_an_old_version_can_be_read_and_not_changed(admin):
    fields = posted(admin.get("/admin/calendar?year=2026").text)
    admin.post("/admin/calendar?year=2026", fields | {"saturday": "09:00-12:00"})
    page = admin.get("/admin/calendar?year=2026&version=1").text
    assert "只能查看" in page
    assert "_based_on" not in page
    assert 'value="09:00-12:00"' not in page


@pytest.mark.parametrize("address", ["?version=99", "?version=x", "?version=0"])
def test_a_version_that_is_not_there_is_not_found(admin, address):
    assert admin.get(f"/admin/calendar{address}").status_code == 404


def test_it_warns_of_years_it_does_not_know(admin, visit, clock):
    assert "还不知道" not in admin.get("/admin/calendar").text
    clock.forward(days=365 * 4 + 270)
    page = visit("admin").get("/admin/calendar").text
    assert "还不知道 2030 年" in page
    assert "还不知道 2031 年" in page


def test_before_there_is_any_calendar_the_page_says_so(visit):
    assert "没有第 1 版" in visit("admin").get("/admin/calendar").text
