"""The protection of forms: renewed with every log-in, and a form it no longer fits is not lost."""

from __future__ import annotations

import re

import pytest

from demo import people as demo
from tests.web.account.test_login import kept_in, log_in, told_in
from web.shared.kept_form import KeptForm
from web.shared.signed_in import COOKIE

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TYPED = {"mobile": "139 0000 0000"}
HERE = {"Sec-Fetch-Site": "same-origin"}


def token_on(visitor, address="/me"):
    return TOKEN.search(visitor.get(address).text)[1]


def send(visitor, token, values=TYPED, address="/me", **headers):
    return visitor.client.post(address, data={"csrf_token": token, **values}, headers=headers)


def test_the_protection_is_renewed_by_a_log_in_and_by_a_log_out(visit):
    somebody = visit()
    before = token_on(somebody, "/login")
    log_in(somebody)
    during = token_on(somebody)
    assert send(somebody, before).status_code == 400
    assert send(somebody, during).status_code == 303
    somebody.post("/logout")
    log_in(somebody)
    assert send(somebody, during).status_code == 400


def test_a_planted_protection_is_not_that_of_the_session(visit):
    attacker, victim = visit(), visit()
    token = token_on(attacker, "/login")
    victim.client.set_cookie("cf_form", attacker.client.get_cookie("cf_form").value)
    log_in(victim)
    assert send(victim, token).status_code == 400


def test_who_lost_every_cookie_logs_in_again_and_loses_nothing(visit):
    lin = visit("lin")
    token = token_on(lin)
    for cookie in (COOKIE, "cf_form"):
        lin.client.delete_cookie(cookie)
    page = send(lin, token)
    assert page.status_code == 401
    assert "您填写的内容不会丢" in page.text
    kept = kept_in(page)
    assert (KeptForm.read(kept).person, KeptForm.read(kept).fields) == ("lin", [("mobile", "139 0000 0000")])
    back = log_in(lin, kept=kept)
    assert told_in(back) == [("手机", "139 0000 0000")]
    assert send(lin, TOKEN.search(back.text)[1]).status_code == 303


def test_who_lost_the_forms_cookie_alone_goes_on_without_a_log_in(visit):
    lin = visit("lin")
    token = token_on(lin)
    lin.client.delete_cookie("cf_form")
    page = send(lin, token)
    assert page.status_code == 400
    assert "您填写的内容还在" in page.text
    assert told_in(page) == [("手机", "139 0000 0000")]
    assert send(lin, TOKEN.search(page.text)[1]).status_code == 303


def test_a_form_of_somebody_elses_session_is_not_submitted(visit):
    shared = visit("lin")
    token = token_on(shared)
    shared.post("/logout")
    log_in(shared, "bai")
    page = send(shared, token)
    assert page.status_code == 400
    assert "另一位同事" in page.text
    assert "139 0000 0000" not in page.text


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
     {"Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
@pytest.mark.parametrize("account", ["lin", None])
def test_what_another_site_sends_is_not_offered(visit, headers, account):
    page = visit(account).client.post("/me", data=TYPED | {"csrf_token": "made up"}, headers=headers)
    assert page.status_code == 400
    assert "139 0000 0000" not in page.text


@pytest.mark.parametrize("headers", [HERE, {"Origin": "http://localhost"}])
def test_a_page_of_ours_without_protection_is_offered_again(visit, headers):
    page = visit("lin").client.post("/me", data=TYPED, headers=headers)
    assert page.status_code == 400
    assert told_in(page) == [("手机", "139 0000 0000")]


def test_a_form_with_a_password_is_never_carried_on(visit):
    lin = visit("lin")
    token = token_on(lin)
    for cookie in (COOKIE, "cf_form"):
        lin.client.delete_cookie(cookie)
    page = send(lin, token, {"present": demo.PASSWORD, "new": "four quiet bolts"}, "/me/password")
    assert page.status_code == 400
    assert kept_in(page) is None
    assert demo.PASSWORD not in page.text


def test_a_browser_without_cookies_is_told_on_the_log_in_page(visit):
    stranger = visit()
    token = token_on(stranger, "/login")
    stranger.client.delete_cookie("cf_form")
    page = send(stranger, token, {"account": "lin", "password": demo.PASSWORD}, "/login")
    assert page.status_code == 400
    assert "允许本站使用 Cookie" in page.text
    assert 'value="lin"' in page.text
    assert COOKIE not in page.headers.get("Set-Cookie", "")
    again = send(stranger, TOKEN.search(page.text)[1], {"account": "lin", "password": demo.PASSWORD}, "/login")
    assert again.status_code == 303


def test_a_customer_goes_on_with_what_they_typed(visit):
    customer = visit()
    typed = {"number": "PA-2026-000001", "code": "ABCD-EFGH"}
    page = send(customer, "stale", typed, "/portal/progress", **HERE)
    assert page.status_code == 400
    assert "您填写的内容还在" in page.text
    assert "登录" not in page.text.partition("<main")[2].replace("重新登录过", "")
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in page.text
    assert send(customer, TOKEN.search(page.text)[1], typed, "/portal/progress").status_code != 400
