"""Submits that take their time or never arrive, on forms without fields of a process: nothing twice, nothing lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from company.people import sessions
from web.shared.signed_in import COOKIE

WORDS = "客户又催了一次"


@pytest.fixture
def page_of_case(address, new_page, staffed, act, clock):
    """A case's page, opened by somebody who is about to comment."""
    number = staffed.start(act("lin")).number
    page = new_page()
    token = sessions.open_session(staffed.db, clock.now, "lin")
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    page.goto(f"{address}/cases/{number}")
    page.locator("#comment").fill(WORDS)
    return page


def test_a_comment_is_sent_once_and_kept_while_it_cannot_be_sent(page_of_case):
    page, sent = page_of_case, []
    send = page.get_by_role("button", name="发表")

    page.context.set_offline(True)
    send.click()
    expect(page.get_by_text("网络已断开，还没有提交")).to_be_visible()
    expect(page.locator("#comment")).to_have_value(WORDS)
    page.context.set_offline(False)

    page.route("**/comments", lambda route: route.abort())
    send.click()
    page.wait_for_url("chrome-error://**")
    page.go_back()
    expect(page.locator("#comment")).to_have_value(WORDS)
    page.unroute("**/comments")

    page.on("request", lambda request: sent.append(request.method))
    twice = "(button) => (button.click(), button.click(), [button.ariaDisabled, button.form.ariaBusy])"
    assert send.evaluate(twice) == ["true", "true"]
    expect(page.locator(".comment-text")).to_have_text([WORDS])
    expect(page.locator("#comment")).to_have_value("")
    assert sent.count("POST") == 1
