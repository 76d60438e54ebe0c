"""One's own page: data, password, language, substitutes, sessions, and nothing of anybody else's."""

from __future__ import annotations

import re

import pytest

from company.people import sessions
from company.people.directory import actor_of, person
from company.people.substitutes import substitutions
from demo import people as demo
from engine.actor import SYSTEM
from tests.product import START
from web.shared.signed_in import COOKIE

NEW = "four quiet bolts"


def stored(staffed, account="lin"):
    with staffed.db.reading() as session:
        return person(session, account)


def standing_in(staffed, account="lin"):
    with staffed.db.reading() as session:
        return substitutions(session, account, START)


def test_the_page_shows_who_one_is(visit):
    page = visit("lin").get("/me").text
    for text in ("林一凡", "售后工程师", "售后部", "lin@example.com"):
        assert text in page


def test_own_data_are_saved(visit, staffed):
    answer = visit("lin").post("/me", {"mobile": "139 0000 0000", "email": "yifan@example.com"})
    assert (answer.status_code, answer.location) == (303, "/me")
    assert (stored(staffed).mobile, stored(staffed).email) == ("139 0000 0000", "yifan@example.com")


def test_a_wrong_field_is_named_and_what_was_typed_stays(visit, staffed):
    page = visit("lin").post("/me", {"email": "no <address>", "mobile": "139 0000 0000"})
    assert page.status_code == 422
    assert "邮箱格式不对" in page.text
    assert 'value="no &lt;address&gt;"' in page.text
    assert 'value="139 0000 0000"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert stored(staffed).email == "lin@example.com"


def test_nobody_promotes_themselves(visit, staffed):
    forged = {"title": "总经理", "roles": "administrator", "department": "office", "name": "孙总", "active": "yes"}
    visit("lin").post("/me", forged | {"mobile": "1390"})
    found = stored(staffed)
    assert (found.title, found.roles, found.department, found.name) == (
        "售后工程师", ("after_sales",), "after_sales", "林一凡",
    )  # fmt: skip


def test_the_language_is_remembered_with_the_person(visit, staffed):
    lin = visit("lin")
    answer = lin.post("/me/language", {"language": "en"})
    assert (answer.status_code, answer.location) == (303, "/me")
    assert "My data" in lin.get("/me").text
    assert stored(staffed).language == "en"
    assert "My data" in visit("lin").get("/me", headers={"Accept-Language": "zh"}).text


def test_a_language_there_is_not_is_refused(visit, staffed):
    assert visit("lin").post("/me/language", {"language": "tlh"}).status_code == 422
    assert stored(staffed).language == "zh"


def test_the_password_is_changed_and_other_devices_are_logged_out(visit):
    here, there = visit("lin"), visit("lin")
    answer = here.post("/me/password", {"present": demo.PASSWORD, "new": NEW, "again": NEW})
    assert (answer.status_code, answer.location) == (303, "/me")
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303
    assert visit().post("/login", {"account": "lin", "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    "present, new, again, sentence",
    [
        ("wrong password", NEW, NEW, "当前密码不对。"),
        (demo.PASSWORD, NEW, "four quiet boIts", "两次输入的新密码不一样。"),
        (demo.PASSWORD, "short", "short", "至少要有 10 个字符"),
        (demo.PASSWORD, "", "", "至少要有 10 个字符"),
    ],
)
def test_a_refused_password_says_why_and_shows_no_password(visit, present, new, again, sentence):
    page = visit("lin").post("/me/password", {"present": present, "new": new, "again": again})
    assert page.status_code == 422
    assert sentence in page.text
    assert not new or new not in page.text
    assert present not in page.text
    assert visit().post("/login", {"account": "lin", "password": demo.PASSWORD}).status_code == 303


def test_a_substitute_is_set_for_whole_days_on_the_companys_clock(visit, staffed):
    fields = {"substitute": "bai", "from": "2026-03-02", "until": "2026-03-03", "reason": "年假"}
    assert visit("lin").post("/me/substitutes", fields).status_code == 303
    (one,) = standing_in(staffed)
    assert (one.principal, one.substitute) == ("lin", "bai")
    assert one.starts_at.isoformat() == "2026-03-01T16:00:00+00:00"
    assert one.ends_at.isoformat() == "2026-03-03T16:00:00+00:00"
    with staffed.db.reading() as session:
        assert set(actor_of(session, "bai", START).substitutes) == {"lin"}


def test_both_sides_see_who_stands_in(visit):
    lin, bai = visit("lin"), visit("bai")
    lin.post("/me/substitutes", {"substitute": "bai", "from": "2026-03-02", "until": "2026-03-03"})
    assert "由白小鹿代理" in lin.get("/me").text
    assert "代林一凡办理" in bai.get("/me").text
    assert "/end" in lin.get("/me").text
    assert "/me/substitutes/1/end" not in bai.get("/me").text


@pytest.mark.parametrize(
    "fields, sentence",
    [
        ({"substitute": "bai", "from": "2026-03-05", "until": "2026-03-04"}, "起止日期不对"),
        ({"substitute": "bai", "from": "soon", "until": "later"}, "起止日期不对"),
        ({"substitute": "bai", "from": "0001-01-01", "until": "9999-12-31"}, "起止日期不对"),
        ({"substitute": "lin", "from": "2026-03-05", "until": "2026-03-06"}, "不能是本人"),
        ({"substitute": "nobody", "from": "2026-03-05", "until": "2026-03-06"}, "没有账号为"),
        ({}, "起止日期不对"),
    ],
)
def test_a_substitute_that_cannot_be_is_refused_in_a_sentence(visit, staffed, fields, sentence):
    page = visit("lin").post("/me/substitutes", fields | {"reason": "年假"})
    assert page.status_code in (404, 409)
    assert sentence in page.text
    assert 'value="年假"' in page.text
    assert standing_in(staffed) == []


def test_only_the_principal_ends_a_substitution(visit, staffed):
    lin, bai = visit("lin"), visit("bai")
    lin.post("/me/substitutes", {"substitute": "bai", "from": "2026-03-02", "until": "2026-03-03"})
    (one,) = standing_in(staffed)
    for number in (one.id, 99_999):  # which of them there are is nobody else's business
        answer = bai.post(f"/me/substitutes/{number}/end")
        assert answer.status_code == 409
        assert "没有这项代理，或它已经结束。" in answer.text
    assert len(standing_in(staffed)) == 1
    assert lin.post(f"/me/substitutes/{one.id}/end").status_code == 303
    assert standing_in(staffed) == []


def test_other_sessions_of_ones_own_can_be_ended(visit):
    here, there = visit("lin"), visit("lin")
    assert "这台设备" in here.get("/me").text
    (number,) = set(re.findall(r"/me/sessions/(\d+)/end", here.get("/me").text))
    assert here.post(f"/me/sessions/{number}/end").status_code == 303
    assert there.get("/me").status_code == 303
    assert here.get("/me").status_code == 200


def test_nobody_ends_or_sees_somebody_elses_session(visit, staffed):
    lin, bai = visit("lin"), visit("bai")
    with staffed.db.reading() as session:
        token = lin.client.get_cookie(COOKIE).value
        number = sessions.session_person(session, token, START).id
    assert f"/me/sessions/{number}/" not in bai.get("/me").text
    for each in (number, 99_999):  # which of them there are is nobody else's business
        answer = bai.post(f"/me/sessions/{each}/end")
        assert answer.status_code == 409
        assert "没有这个登录，或它已经结束。" in answer.text
    assert lin.get("/me").status_code == 200


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ["/me", "/me/password"])
def test_every_page_opens_in_both_languages(visit, address, language):
    assert visit("lin").speaks(language).get(address).status_code == 200


def test_a_hostile_browser_name_is_shown_as_text(visit, staffed):
    sessions.open_session(staffed.db, START, "lin", "<script>alert(1)</script>", "10.0.0.1")
    page = visit("lin").get("/me").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_system_is_nobody_to_log_in_as(visit):
    assert visit().post("/login", {"account": SYSTEM.id, "password": ""}).status_code == 401


def test_guessing_the_present_password_is_slowed_in_that_session_alone(visit):
    thief, owner = visit("lin"), visit("lin")
    wrong = {"present": "wrong password", "new": NEW, "again": NEW}
    answers = [thief.post("/me/password", wrong) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 6 + [429]
    assert answers[-1].headers["Retry-After"] == "3"
    right = wrong | {"present": demo.PASSWORD}
    assert thief.post("/me/password", right).status_code == 429
    assert owner.post("/me/password", right).status_code == 303
