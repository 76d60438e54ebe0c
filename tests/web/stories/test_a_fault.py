"""A fault is called in, diagnosed in vain, waived, and solved by a second trip: every hand through the real pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.queries import case

CASE, TRIP, RETURN, PRICE = (f"{prefix}-2026-000001" for prefix in ("SR", "FS", "RM", "PA"))


@pytest.fixture
def told(story):
    """The story at its beginning; the customer signs on the traveller's phone."""
    return story("service_request", "电话诊断无效，免收", on_phone={"acceptance", "satisfaction_letter"})


def test_a_fault_that_neither_telephone_nor_first_trip_solve(told, people, pictures, staffed, act):
    told.until("plan_trip")
    told.until("plan_trip")
    assert_traveller_reads_why_finance_refused(people)

    told.until("chase_summary")
    assert_summary_is_late_for_everybody(people, pictures)

    told.to_the_end()
    assert_case_tells_all(people, pictures)
    assert_customer_signed(staffed, act)
    assert_history_holds(people, pictures)


def assert_traveller_reads_why_finance_refused(people):
    page = people.at("lu", "/?view=mine")
    page.get_by_role("link", name="做出差安排计划单").click()
    expect(page.locator(".cf-form")).to_contain_text("住宿超标准，请重算")


def assert_summary_is_late_for_everybody(people, pictures):
    page = people.at("lu", "/?view=overdue")
    late = page.locator(".task-late").filter(has_text="填出差总结单")
    expect(late).to_contain_text(TRIP)
    expect(late).to_contain_text("逾期")
    pictures.take(page, "late-inbox")
    page = people.at("lin", f"/cases/{TRIP}")
    expect(page.locator(".wait-late")).to_contain_text("填出差总结单")
    expect(page.get_by_role("heading", name="提醒与升级").locator("..")).to_contain_text("售后部经理")
    pictures.take(page, "late-case")


def assert_case_tells_all(people, pictures):
    page = people.at("lin", f"/cases/{CASE}")
    expect(page.locator(".case-facts")).to_contain_text("已办结")
    for number in (TRIP, PRICE):
        expect(page.locator(".related")).to_contain_text(number)
    pictures.take(page, "case")
    page = people.at("lin", f"/cases/{TRIP}?all=1")
    expect(page.locator(".related")).to_contain_text(RETURN)
    pictures.take(page, "trip")


def assert_customer_signed(staffed, act):
    with staffed.db.reading() as session:
        variables = case(session, act("lin"), TRIP).variables
    for key in ("acceptance_signature", "satisfaction_signature"):
        assert [(file["name"], file["type"]) for file in variables[key]] == [("signature.png", "image/png")]


def assert_history_holds(people, pictures):
    page = people.at("ji", f"/audit/{TRIP}")
    pictures.take(page, "replay")
    for number in (CASE, TRIP, RETURN, PRICE):
        page = people.at("ji", f"/audit/{number}/verify")
        expect(page.get_by_role("heading", level=1)).to_have_text("没有发现改动")
    pictures.take(page, "verified")
