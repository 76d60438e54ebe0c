"""A severe complaint with an outside appraisal: signed by all, approved, answered in time, all through the pages."""

from __future__ import annotations

from playwright.sync_api import expect

CASE, APPRAISAL = "CP-2026-000001", "AP-2026-000001"


def test_a_severe_complaint_is_appraised_and_answered_within_48_hours(story, people, pictures):
    told = story("complaint", "严重而责任不清")
    told.until("vp_consent")
    assert_finding_lies_beside_the_consent(people)

    told.until("answer")
    assert_answer_is_due_soon(people, pictures)

    told.to_the_end()
    assert_case_tells_all(people, pictures)
    assert_deadline_was_kept(people, pictures)
    assert_history_holds(people)


def assert_finding_lies_beside_the_consent(people):
    page = people.at("wei", "/?view=groups")
    page.get_by_role("link", name="营销副总书面同意").click()
    expect(page.locator(".known-step + .facts div", has_text="责任方")).to_contain_text("我方")
    expect(page.locator(".known-step + .facts div", has_text="鉴定结论的依据")).to_contain_text("JD-0317")


def assert_answer_is_due_soon(people, pictures):
    page = people.at("lin", "/?view=groups")
    expect(page.locator(".task-soon")).to_contain_text("答复客户")
    pictures.take(page, "due-soon")


def assert_case_tells_all(people, pictures):
    page = people.at("lin", f"/cases/{CASE}")
    expect(page.locator(".case-facts")).to_contain_text("已办结")
    expect(page.locator(".related")).to_contain_text(APPRAISAL)
    pictures.take(page, "case")


def assert_deadline_was_kept(people, pictures):
    page = people.at("lin", "/clauses/sc/sc-1")
    pictures.take(page, "clause")


def assert_history_holds(people):
    for number in (CASE, APPRAISAL):
        page = people.at("ji", f"/audit/{number}/verify")
        expect(page.get_by_role("heading", level=1)).to_have_text("没有发现改动")
