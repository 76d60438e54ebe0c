"""Logging in and out: who gets in, where they go, and what becomes of a form whose session ended."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from company.people import passwords
from company.people.change_person import set_active
from company.people.sessions import ABSOLUTE, IDLE
from company.people.tables import sessions
from demo import people as demo
from engine.actor import SYSTEM
from tests.product import START
from web import create_app
from web.shared.kept_form import KeptForm
from web.shared.signed_in import COOKIE


def log_in(visitor, account="lin", password=demo.PASSWORD, **fields):
    return visitor.post("/login", {"account": account, "password": password, **fields})


def kept_in(page):
    """The form a log-in page carries on."""
    found = re.search(r'name="kept" value="([^"]*)"', page.text)
    return unescape(found[1]) if found else None


def told_in(page):
    """The labels and texts of the page that offers a kept form again; a list's own text is in its rows."""
    shown = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)(?:<ol>|</dd>)", page.text, re.DOTALL)
    return [(unescape(label), unescape(text)) for label, text in shown]


def test_the_right_password_leads_to_the_inbox(visit):
    lin = visit()
    answer = log_in(lin)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "林一凡" in lin.get("/").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visit):
    cookie = log_in(visit()).headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_the_cookie_is_sent_over_https_only_when_configured(app):
    services = app.extensions["clauseflow"]
    settings = {name: getattr(services, name) for name in services.__dataclass_fields__}
    secure = create_app(type(services)(**settings | {"secure_cookies": True}))
    client = secure.test_client()
    page = client.get("/login", base_url="https://localhost")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    fields = {"csrf_token": token, "account": "lin", "password": demo.PASSWORD}
    answer = client.post("/login", data=fields, base_url="https://localhost", headers={"Referer": "https://localhost/"})
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert [cookie for cookie in cookies if cookie.startswith(f"{COOKIE}=")] != []
    assert [cookie for cookie in cookies if "; Secure" not in cookie] == []


@pytest.mark.parametrize("account, password", [("lin", "wrong password"), ("nobody", demo.PASSWORD), ("", "")])
def test_a_refusal_keeps_the_account_and_tells_nothing(visit, account, password):
    page = log_in(visit(), account, password)
    assert page.status_code == 401
    assert "账号或密码不对。" in page.text
    assert f'value="{account}"' in page.text
    assert password not in page.text or not password
    assert COOKIE not in page.headers.get("Set-Cookie", "")


def test_a_refusal_speaks_the_readers_language(visit):
    page = log_in(visit().speaks("en"), "lin", "wrong password")
    assert "The account or the password is not right." in page.text


def test_guessing_is_slowed_and_says_how_long(visit):
    lin = visit()
    for _ in range(6):
        log_in(lin, password="wrong password")
    page = log_in(lin)
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "3"
    assert "3 秒" in page.text


def test_somebody_deactivated_does_not_get_in(visit, staffed):
    set_active(staffed.db, SYSTEM, START, "lin", active=False)
    assert log_in(visit()).status_code == 401


def test_somebody_deactivated_is_out_at_once(visit, staffed):
    lin = visit("lin")
    assert lin.get("/").status_code == 200
    set_active(staffed.db, SYSTEM, START, "lin", active=False)
    assert lin.get("/").status_code == 303


def test_who_is_logged_in_goes_on_from_the_log_in_page(visit):
    answer = visit("lin").get("/login?next=/start")
    assert (answer.status_code, answer.location) == (303, "/start")


def test_a_stranger_comes_back_to_the_page_they_wanted(visit):
    stranger = visit()
    asked = stranger.get("/start?q=price")
    assert (asked.status_code, asked.location) == (303, "/login?next=/start?q%3Dprice")
    page = stranger.get(asked.location)
    assert 'name="next" value="/start?q=price"' in page.text
    assert log_in(stranger, next="/start?q=price").location == "/start?q=price"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(visit, elsewhere):
    assert log_in(visit(), next=elsewhere).location == "/"
    assert visit("lin").get("/login", query_string={"next": elsewhere}).location == "/"


def test_a_script_that_asks_is_told_instead_of_sent_to_a_page(visit):
    answer = visit().get("/inbox/board", headers={"Accept": "*/*"})
    assert answer.status_code == 401
    assert "Location" not in answer.headers


def test_logging_in_needs_the_forms_protection(visit):
    answer = visit().client.post("/login", data={"account": "lin", "password": demo.PASSWORD})
    assert answer.status_code == 400
    assert COOKIE not in answer.headers.get("Set-Cookie", "")


def test_logging_out_ends_the_session_for_every_copy_of_the_cookie(visit):
    lin = visit("lin")
    copy = visit()
    copy.client.set_cookie(COOKIE, lin.client.get_cookie(COOKIE).value)
    assert copy.get("/").status_code == 200
    answer = lin.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert lin.client.get_cookie(COOKIE) is None
    assert copy.get("/").status_code == 303


def test_nobody_is_logged_out_by_a_link(visit):
    lin = visit("lin")
    assert lin.get("/logout").status_code == 405
    assert lin.get("/").status_code == 200


def test_every_log_in_opens_a_session_of_its_own(visit, staffed):
    tokens = set()
    for _ in range(2):
        browser = visit()
        log_in(browser)
        tokens.add(browser.client.get_cookie(COOKIE).value)
    assert len(tokens) == 2
    with staffed.db.reading() as session:
        assert len(session.execute(select(sessions)).all()) == 2


def test_a_cookie_planted_before_the_log_in_does_not_become_the_session(visit):
    victim = visit()
    victim.client.set_cookie(COOKIE, "planted" * 6)
    log_in(victim)
    assert victim.client.get_cookie(COOKIE).value != "planted" * 6


def test_a_forged_or_broken_cookie_is_no_log_in(visit):
    stranger = visit()
    for token in ("x" * 43, "", "令牌", "0" * 4000):
        stranger.client.set_cookie(COOKIE, token)
        assert stranger.get("/").status_code == 303


def test_a_visit_keeps_the_session_alive_and_idleness_ends_it(visit, clock):
    lin = visit("lin")
    clock.now += IDLE - timedelta(minutes=1)
    assert lin.get("/").status_code == 200
    clock.now += IDLE - timedelta(minutes=1)
    assert lin.get("/").status_code == 200
    clock.now += IDLE
    assert lin.get("/").status_code == 303


def test_no_session_outlives_a_week(visit, clock):
    lin = visit("lin")
    while clock.now + timedelta(hours=6) < START + ABSOLUTE:
        clock.forward(hours=6)
        assert lin.get("/").status_code == 200
    clock.now = START + ABSOLUTE
    assert lin.get("/").status_code == 303


def test_a_form_posted_too_late_asks_for_the_password_and_carries_what_was_typed(visit, clock):
    lin = visit("lin")
    lin.get("/me")
    clock.now += IDLE
    page = lin.post("/me", {"mobile": "139 <b>0000</b>", "present": "my password"})
    assert page.status_code == 401
    assert "您填写的内容不会丢" in page.text
    kept = KeptForm.read(kept_in(page))
    assert (kept.action, kept.person) == ("/me", "lin")
    assert kept.fields == [("mobile", "139 <b>0000</b>")]


@pytest.mark.usefixtures("staffed")
def test_who_logs_in_again_is_offered_what_they_typed_and_may_submit_it(visit, clock):
    lin = visit("lin")
    lin.get("/me")
    clock.now += IDLE
    page = log_in(lin, kept=kept_in(lin.post("/me", {"mobile": "139 0000 0000"})))
    assert page.status_code == 200
    assert "您填写的内容还在" in page.text
    assert told_in(page) == [("手机", "139 0000 0000")]
    assert '<form method="post" action="/me">' in page.text
    assert '<input type="hidden" name="mobile" value="139 0000 0000">' in page.text
    assert lin.post("/me", {"mobile": "139 0000 0000"}).status_code == 303
    assert 'value="139 0000 0000"' in lin.get("/me").text


def test_a_form_is_offered_again_in_its_own_words(visit, clock, approval):
    task = approval.start().task("supply_material_prices")
    posted = {"materials": "", "materials-0-_row": "", "materials-0-name": "密封圈", "materials-0-unit_price": "1500",
              "material_source": "报价 <b>GY</b>", "next": "/cases"}  # fmt: skip
    for language, told in {
        "zh": [("所需材料", ""), ("材料", "密封圈"), ("市场单价", "¥1,500.00"), ("价格来源", "报价 <b>GY</b>")],
        "en": [
            ("Materials needed", ""),
            ("Material", "密封圈"),
            ("Market unit price", "¥1,500.00"),
            ("Source of the prices", "报价 <b>GY</b>"),
        ],
    }.items():
        wu = visit("wu").speaks(language)
        wu.get("/me")
        clock.now += IDLE
        kept = kept_in(wu.post(f"/tasks/{task}?next=/cases", posted))
        assert told_in(log_in(wu, "wu", kept=kept)) == told


def test_a_kept_form_of_a_place_one_may_not_enter_goes_by_names_and_reads_nothing(visit, approval):
    task = approval.start().task("supply_material_prices")
    for action in (f"/tasks/{task}", "/start/price_approval", "/records/customers/new", "/cases/X-1/correct/price",
                   "/tasks/9-9-9", "/start/nothing", "/nowhere"):  # fmt: skip
        kept = json.dumps({"action": action, "person": None, "fields": [["price", "1200"], ["fault", ""]]})
        page = log_in(visit(), "shi", kept=kept)
        assert told_in(page) == [("price", "1200")], action


def test_a_mistyped_password_does_not_lose_what_was_typed(visit, clock):
    lin = visit("lin")
    clock.now += IDLE
    kept = kept_in(lin.post("/me", {"mobile": "139 0000 0000"}))
    again = log_in(lin, password="wrong password", kept=kept)
    assert again.status_code == 401
    assert kept_in(again) == kept


def test_somebody_else_does_not_get_what_was_typed(visit, clock):
    shared = visit("lin")
    clock.now += IDLE
    kept = kept_in(shared.post("/me", {"mobile": "139 0000 0000"}))
    answer = log_in(shared, "bai", kept=kept)
    assert answer.status_code == 303
    assert "139 0000 0000" not in answer.text
    page = shared.get("/")
    assert "另一位同事" in page.text
    assert "139 0000 0000" not in page.text


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        '{"action": "/me"}',
        json.dumps({"action": "https://evil.example/", "person": None, "fields": []}),
        json.dumps({"action": "//evil.example/", "person": None, "fields": []}),
        json.dumps({"action": "/me", "person": None, "fields": [["a"]]}),
    ],
)
def test_a_kept_form_we_did_not_write_is_forgotten(visit, forged):
    assert log_in(visit(), kept=forged).status_code == 303


def test_who_has_a_temporary_password_chooses_their_own_first(visit, staffed):
    given = passwords.reset_password(staffed.db, SYSTEM, START, "lin")
    lin = visit()
    assert log_in(lin, password=given).status_code == 303
    for address in ("/", "/me", "/start"):
        assert lin.get(address).location == "/me/password"
    assert lin.get("/me/password").status_code == 200
    new = "four quiet bolts"
    assert lin.post("/me/password", {"present": given, "new": new, "again": new}).location == "/me"
    assert lin.get("/").status_code == 200


def test_a_known_browser_is_not_kept_out_by_who_guesses_elsewhere(visit):
    lin, attacker = visit(), visit()
    log_in(lin)
    lin.post("/logout")
    for _ in range(8):
        log_in(attacker, password="wrong password")
    assert log_in(attacker).status_code == 429
    assert log_in(lin).status_code == 303


def test_what_makes_a_browser_known_is_for_one_account_and_cannot_be_made_up(visit):
    bai = visit()
    log_in(bai, "bai")
    bai.post("/logout")
    for forged in (bai.client.get_cookie("cf_known").value, "made.up", "", "x" * 4000):
        browser = visit()
        browser.client.set_cookie("cf_known", forged)
        answers = [log_in(browser, password="wrong password").status_code for _ in range(8)]
        assert answers[-1] == 429
        assert log_in(visit()).status_code == 429
    assert "bai" not in bai.client.get_cookie("cf_known").value


def test_a_new_browser_that_waits_as_it_was_told_gets_in_while_another_hammers(visit, clock):
    attacker, lin = visit(), visit()
    for _ in range(60):
        clock.forward(seconds=1)
        log_in(attacker, password="wrong password")
        attacker.client.delete_cookie("cf_turn")
    refused = log_in(lin)
    assert refused.status_code == 429
    for _ in range(int(refused.headers["Retry-After"])):
        clock.forward(seconds=1)
        log_in(attacker, password="wrong password")
        attacker.client.delete_cookie("cf_turn")
    assert log_in(lin).status_code == 303
