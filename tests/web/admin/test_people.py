"""Administration: for administrators alone, every act on record, nothing that shuts everybody out."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from sqlalchemy import insert, select

from company.calendar.seed import ensure_calendar
from company.people import audit_log, sessions
from company.people.directory import find_people, person
from company.people.roles import all_roles, matrix, set_matrix
from company.people.tables import people
from demo import people as demo
from engine.actor import SYSTEM
from engine.commands import claim_task
from tests.product import START
from web.admin import person_words
from web.shared.signed_in import COOKIE

PAGES = [
    "/admin/people",
    "/admin/new-person",
    "/admin/people/lin",
    "/admin/roles",
    "/admin/departments",
    "/admin/calendar",
    "/admin/sessions",
    "/admin/log",
]
ACTS = {
    "/admin/new-person": {"account": "jiang", "name": "江小鱼"},
    "/admin/people/bai": {"name": "别人"},
    "/admin/people/bai/roles": {"roles": "administrator"},
    "/admin/people/bai/active": {"active": "no"},
    "/admin/people/bai/password": {},
    "/admin/people/bai/substitutes": {"substitute": "lin", "from": "2026-03-02", "until": "2026-03-03"},
    "/admin/people/bai/substitutes/1/end": {},
    "/admin/roles": {"shown": '{"auditor": ["audit", "records:*", "see:*"]}', "permits.auditor": "administer"},
    "/admin/new-role": {"key": "chief", "name": "总工办"},
    "/admin/departments": {"key": "chief", "name": "总工办"},
    "/admin/calendar?year=2027": {"holidays-0-first": "2027-02-06"},
    "/admin/sessions/1/end": {},
}
OTHERS = ["lin", "zheng", "zhou", "sun", "mo", "ji"]


@pytest.fixture(autouse=True)
def calendar(staffed):
    """The working calendar in force, as every database of the product has it."""
    ensure_calendar(staffed.db, START)


def stored(staffed, account="lin"):
    with staffed.db.reading() as session:
        return person(session, account)


def acts(staffed):
    with staffed.db.reading() as session:
        return [(act.actor, act.act, act.subject) for act in audit_log.acts(session).items]


def permits(staffed):
    with staffed.db.reading() as session:
        return matrix(session)


def posted_matrix(page):
    """The fields a browser would send back from the page of the matrix."""
    fields = {"shown": unescape(re.search(r'name="shown" value="([^"]*)"', page)[1])}
    for tag in re.findall(r"<input type=\"checkbox\"[^>]*>", page):
        if re.search(r"\bchecked\b", tag):
            name, value = (re.search(rf'{part}="([^"]*)"', tag)[1] for part in ("name", "value"))
            fields.setdefault(name, []).append(value)
    return fields


@pytest.mark.parametrize("account", OTHERS)
def test_nobody_else_sees_anything_here(visit, account):
    visitor = visit(account)
    for address in PAGES:
        read = address == "/admin/log" and account == "ji"
        assert visitor.get(address).status_code == (200 if read else 403), address
    assert "/admin/people" not in visitor.get("/").text


@pytest.mark.parametrize("account", OTHERS)
def test_nobody_else_does_anything_here(visit, staffed, account):
    visitor = visit(account)
    for address, fields in ACTS.items():
        assert visitor.post(address, fields).status_code == 403, address
    assert acts(staffed) == []


def test_strangers_log_in_first(visit):
    for address in PAGES:
        assert visit().get(address).location.startswith("/login?next=/admin")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_administrators_see_every_page_in_both_languages(visit, language):
    admin = visit("admin").speaks(language)
    for address in PAGES:
        assert admin.get(address).status_code == 200, address


def test_the_english_pages_show_no_chinese_but_data(visit):
    data = "".join(f"{p.name}{p.title}" for p in demo.PEOPLE) + "演示人物纯属虚构中文"
    admin = visit("admin").speaks("en")
    admin.post("/admin/people/bai/active", {"active": "no"})
    for address in [*PAGES, "/me", "/me/password"]:
        text = re.sub(r"<script.*?</script>|<[^>]*>", " ", admin.get(address).text, flags=re.DOTALL)
        assert [c for c in text if "\u4e00" <= c <= "\u9fff" and c not in data + "循"] == [], address


def test_people_are_searched_and_filtered(visit):
    admin = visit("admin")
    assert "白小鹿" in admin.get("/admin/people").text
    found = admin.get("/admin/people?q=一凡").text
    assert "林一凡" in found
    assert "白小鹿" not in found
    finance = admin.get("/admin/people?role=finance&state=active").text
    assert "秦算盘" in finance
    assert "林一凡" not in finance
    assert "没有找到人员" in admin.get("/admin/people?state=inactive").text
    assert "没有找到人员" in admin.get("/admin/people?q=%25").text


def test_a_long_list_goes_on_page_by_page(visit, staffed):
    def many(session):
        row = dict(session.execute(select(people).where(people.c.id == "lin")).one()._mapping)
        rows = [row | {"id": f"person{n}", "number": 100 + n, "name": f"某人{n}号"} for n in range(60)]
        session.execute(insert(people), rows)

    staffed.db.write(many)
    admin = visit("admin")
    first = admin.get("/admin/people?q=某人")
    following = unescape(re.search(r'href="([^"]*after=[^"]*)"', first.text)[1])
    second = admin.get(following)
    names = [re.findall(r"某人\d+号", page.text) for page in (first, second)]
    assert [len(page) for page in names] == [50, 10]
    assert not set(names[0]) & set(names[1])
    assert "下一页" in first.text
    assert "下一页" not in second.text


def test_somebody_is_added_and_logs_in_with_the_password_shown(visit, staffed):
    page = visit("admin").post(
        "/admin/new-person",
        {
            "account": "jiang",
            "name": "江小鱼",
            "department": "finance",
            "roles": ["finance", "supply"],
            "language": "zh",
        },
    )
    assert page.status_code == 200
    password = re.search(r"<output>([^<]+)</output>", page.text)[1]
    assert stored(staffed, "jiang").roles == ("finance", "supply")
    jiang = visit()
    assert jiang.post("/login", {"account": "jiang", "password": password}).status_code == 303
    assert jiang.get("/").location == "/me/password"
    assert acts(staffed)[0] == ("admin", "add_person", "jiang")


def test_a_person_that_cannot_be_added_keeps_what_was_typed(visit, staffed):
    fields = {"account": "lin", "name": "江<小>鱼", "email": "nowhere", "roles": ["finance"], "language": "zh"}
    page = visit("admin").post("/admin/new-person", fields)
    assert page.status_code == 422
    assert "这个账号已有人使用。" in page.text
    assert "邮箱格式不对" in page.text
    assert 'value="江&lt;小&gt;鱼"' in page.text
    assert re.search(r'value="finance" checked', page.text)
    assert acts(staffed) == []


def test_details_are_changed_and_the_old_ones_stay_on_record(visit, staffed):
    admin = visit("admin")
    fields = {"name": "林一凡", "title": "主任工程师", "department": "sales", "language": "en"}
    assert admin.post("/admin/people/lin", fields).status_code == 303
    assert (stored(staffed).title, stored(staffed).department) == ("主任工程师", "sales")
    assert "售后工程师 → 主任工程师" in admin.get("/admin/people/lin").text
    assert acts(staffed) == [("admin", "change_person", "lin")]


def test_a_wrong_detail_is_named_and_kept(visit, staffed):
    page = visit("admin").post("/admin/people/lin", {"name": "", "phone": "call me", "language": "zh"})
    assert page.status_code == 422
    assert "请填写姓名。" in page.text
    assert 'value="call me"' in page.text
    assert stored(staffed).name == "林一凡"


def test_roles_are_given_and_taken(visit, staffed):
    admin, lin = visit("admin"), visit("lin")
    assert lin.get("/admin/people").status_code == 403
    assert admin.post("/admin/people/lin/roles", {"roles": ["administrator", "after_sales"]}).status_code == 303
    assert lin.get("/admin/people").status_code == 200
    assert admin.post("/admin/people/lin/roles", {}).status_code == 303
    assert stored(staffed).roles == ()
    assert lin.get("/admin/people").status_code == 403


def test_somebody_deactivated_is_logged_out_and_marked(visit, staffed):
    admin, lin = visit("admin"), visit("lin")
    assert admin.post("/admin/people/lin/active", {"active": "no"}).status_code == 303
    assert lin.get("/").status_code == 303
    assert "已停用" in admin.get("/admin/people/lin").text
    assert admin.post("/admin/people/lin/active", {"active": "yes"}).status_code == 303
    assert stored(staffed).active


@pytest.mark.parametrize(
    "address, fields, sentence",
    [
        ("/admin/people/admin/active", {"active": "no"}, "不能停用自己的账号。"),
        ("/admin/people/admin/roles", {}, "至少要留一位能登录的管理员"),
        ("/admin/people/lin/roles", {"roles": "emperor"}, "没有角色“emperor”"),
    ],
)
def test_what_cannot_be_is_refused_on_the_persons_page(visit, staffed, address, fields, sentence):
    page = visit("admin").post(address, fields)
    assert page.status_code == 409
    assert sentence in page.text
    assert "<h1>" in page.text
    assert acts(staffed) == []


@pytest.mark.usefixtures("staffed")
def test_a_password_is_reset_and_shown_once(visit):
    admin, lin = visit("admin"), visit("lin")
    page = admin.post("/admin/people/lin/password")
    password = re.search(r"<output>([^<]+)</output>", page.text)[1]
    assert lin.get("/").status_code == 303
    assert password not in admin.get("/admin/people/lin").text
    assert password not in admin.get("/admin/log").text
    assert visit().post("/login", {"account": "lin", "password": password}).status_code == 303


@pytest.mark.usefixtures("staffed")
def test_an_administrator_lets_somebody_stand_in(visit):
    admin = visit("admin")
    fields = {"substitute": "qin", "from": "2026-03-02", "until": "2026-03-03", "reason": "病假"}
    assert admin.post("/admin/people/zhou/substitutes", fields).status_code == 303
    page = admin.get("/admin/people/zhou").text
    assert "由秦算盘代理" in page
    number = re.search(r"/substitutes/(\d+)/end", page)[1]
    assert admin.post(f"/admin/people/zhou/substitutes/{number}/end").status_code == 303
    assert "由秦算盘代理" not in admin.get("/admin/people/zhou").text


@pytest.mark.parametrize("address", ["/admin/people/nobody", "/admin/people/%00", "/admin/people/<b>"])
def test_nobody_is_found_where_nobody_is(visit, address):
    page = visit("admin").get(address)
    assert page.status_code == 404
    assert "<b>”" not in page.text


def test_the_matrix_shows_what_every_role_may_do(visit, staffed):
    fields = posted_matrix(visit("admin").get("/admin/roles").text)
    shown = {role: set(keys) for role, keys in json.loads(fields.pop("shown")).items()}
    assert shown == permits(staffed)
    assert {name.removeprefix("permits."): set(keys) for name, keys in fields.items()} == shown


def test_the_matrix_is_changed_by_ticking(visit, staffed):
    admin, ji = visit("admin"), visit("ji")
    fields = posted_matrix(admin.get("/admin/roles").text)
    fields["permits.auditor"] = ["audit", "administer"]
    assert admin.post("/admin/roles", fields).status_code == 303
    assert permits(staffed)["auditor"] == {"audit", "administer"}
    assert ji.get("/admin/roles").status_code == 200
    assert acts(staffed) == [("admin", "set_permissions", "auditor")]


def test_a_matrix_saved_from_an_old_page_is_refused_and_the_new_one_shown(visit, staffed):
    admin = visit("admin")
    fields = posted_matrix(admin.get("/admin/roles").text)
    before = permits(staffed)
    set_matrix(staffed.db, SYSTEM, START, before, {"auditor": {"audit"}})
    page = admin.post("/admin/roles", fields)
    assert page.status_code == 409
    assert "别人已修改过它" in page.text
    assert permits(staffed)["auditor"] == {"audit"}
    assert posted_matrix(page.text)["permits.auditor"] == ["audit"]


def test_the_last_right_to_administer_stays_and_the_ticks_are_kept(visit, staffed):
    admin = visit("admin")
    fields = posted_matrix(admin.get("/admin/roles").text)
    fields["permits.administrator"] = ["correct"]
    page = admin.post("/admin/roles", fields)
    assert page.status_code == 409
    assert "至少要留一位能登录的管理员" in page.text
    assert posted_matrix(page.text)["permits.administrator"] == ["correct"]
    assert "administer" in permits(staffed)["administrator"]


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"shown": "{"},
        {"shown": "[]"},
        {"shown": '{"emperor": []}', "permits.emperor": "administer"},
        {"shown": '{"auditor": ["audit", "see:*"]}', "permits.auditor": ["work:nowhere", "audit"]},
        {"shown": '{"auditor": 3}'},
    ],
)
def test_a_forged_matrix_changes_nothing(visit, staffed, forged):
    before = permits(staffed)
    assert visit("admin").post("/admin/roles", forged).status_code in (303, 400, 409)
    assert permits(staffed) == before
    assert acts(staffed) == []


def test_a_role_is_added_without_permissions(visit, staffed):
    admin = visit("admin")
    new = {"key": "chief_engineer", "name": "总工办", "name_en": "Chief engineer"}
    assert admin.post("/admin/new-role", new).status_code == 303
    assert permits(staffed)["chief_engineer"] == set()
    assert "总工办" in admin.get("/admin/roles").text


def test_a_role_that_is_there_already_is_refused_and_kept(visit, staffed):
    page = visit("admin").post("/admin/new-role", {"key": "finance", "name": "总工办"})
    assert page.status_code == 422
    assert "这个标识已经有了。" in page.text
    assert 'value="总工办"' in page.text
    with staffed.db.reading() as session:
        assert len(all_roles(session)) == len(demo.ROLES)


def test_a_department_is_added_once(visit):
    admin = visit("admin")
    assert admin.post("/admin/departments", {"key": "chief", "name": "总工办"}).status_code == 303
    assert "总工办" in admin.get("/admin/departments").text
    assert admin.post("/admin/departments", {"key": "chief", "name": "总工办"}).status_code == 422


def test_log_ins_are_listed_and_ended(visit, staffed):
    admin, lin = visit("admin"), visit("lin")
    with staffed.db.reading() as session:
        number = sessions.session_person(session, lin.client.get_cookie(COOKIE).value, START).id
    assert "林一凡" in admin.get("/admin/sessions").text
    assert admin.post(f"/admin/sessions/{number}/end").status_code == 303
    assert lin.get("/").status_code == 303
    assert acts(staffed) == [("admin", "revoke_session", "lin")]
    assert admin.post(f"/admin/sessions/{number}/end").status_code == 409


def test_the_log_says_who_did_what_to_whom(visit):
    admin = visit("admin")
    admin.post("/admin/people/lin/active", {"active": "no"})
    admin.post("/admin/departments", {"key": "chief", "name": "总工办"})
    page = admin.get("/admin/log").text
    for text in ("停用账号", "林一凡", "关管理", "添加部门"):
        assert text in page
    assert "添加部门" not in admin.get("/admin/log?subject=lin").text
    assert admin.get("/admin/log?subject=%00&after=nonsense").status_code == 200


def test_everything_on_record_has_words(visit, staffed):
    admin = visit("admin")
    for address, fields in ACTS.items():
        admin.post(address, fields)
    with staffed.db.reading() as session:
        recorded = {act.act for act in audit_log.acts(session).items}
        assert find_people(session, active=False).items
    assert len(recorded) >= 8
    assert recorded <= person_words.ACTS.keys()


@pytest.mark.usefixtures("staffed")
def test_auditors_read_the_log_and_nothing_else_of_the_administration(visit):
    visit("admin").post("/admin/people/lin/active", {"active": "no"})
    ji = visit("ji")
    assert 'href="/admin/log"' in ji.get("/audit").text
    page = ji.get("/admin/log")
    assert page.status_code == 200
    assert "停用账号" in page.text
    assert 'href="/admin/people"' not in page.text
    assert ji.get("/admin/log?subject=lin").status_code == 200
    assert ji.get("/admin/people").status_code == 403
    assert visit("bai").get("/admin/log").status_code == 403


def test_what_somebody_holds_is_shown_before_they_are_deactivated_and_told_after(visit, staffed, act, clock):
    staffed.start(by=act("lin"))
    claim_task(staffed.db, act("wu"), clock.now, staffed.task("supply_material_prices"))
    admin = visit("admin")
    assert 'href="/admin/people/wu/deactivate"' in admin.get("/admin/people/wu").text
    asked = admin.get("/admin/people/wu/deactivate").text
    assert staffed.number in asked
    answer = admin.post("/admin/people/wu/active", {"active": "no"})
    assert answer.status_code == 303
    assert "1 项任务已回到组里" in admin.get("/admin/people/wu").text
    assert "吴满仓" in admin.get(f"/cases/{staffed.number}").text
