"""What every answer carries, and what no page contains."""

from __future__ import annotations

import re

import pytest

OPEN = {"static", "auth.login", "auth.log_in", "auth.logout", "preferences.choose"}
PAGES = ["/", "/?view=groups", "/start", "/start/price_approval", "/login", "/nowhere", "/portal"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_carries_the_headers(visit, address):
    headers = visit("lin").get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_inline_script_or_style(visit, address):
    page = visit("lin").get(address).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)


def test_every_form_that_posts_is_protected(visit):
    lin = visit("lin")
    for address in PAGES:
        page = lin.get(address, follow_redirects=True).text
        forms = re.findall(r"<form[^>]*post.*?</form>", page, re.DOTALL)
        assert forms, address
        assert [form for form in forms if 'name="csrf_token"' not in form] == []


def test_every_address_but_the_open_ones_asks_strangers_to_log_in(app, visit):
    stranger = visit(None)
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN or rule.endpoint.startswith("portal."):
            continue
        address = re.sub(r"<(?:int:)?\w+>", "1", rule.rule)
        get = "GET" in rule.methods
        answer = stranger.get(address) if get else stranger.post(address)
        assert answer.status_code in (303, 401), f"{rule.rule} answers {answer.status_code} to a stranger"
        asked += 1
    assert asked > 10


def test_every_changing_address_refuses_a_post_from_elsewhere(app, visit):
    lin = visit("lin")
    changing = [rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    answers = {rule: lin.client.post(re.sub(r"<(?:int:)?\w+>", "1", rule)).status_code for rule in changing}
    assert len(answers) > 40
    assert answers == dict.fromkeys(answers, 400)
