"""Cases on their pages: finding them, reading one, cancelling one, and never seeing another's."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from sqlalchemy import update

from cli.content import bundle
from company.linked_cases import open_linked
from company.people.roles import matrix, set_matrix
from engine.commands import start_instance
from engine.history.definitions import in_force
from engine.tables import instances
from tests.product import DRAFT, FAULT, MATERIALS, START
from web.cases.dossier import incident_words
from web.shared.words.wording import Wording

MARKS = re.compile(r'<script type="application/json" id="marks">(.*?)</script>', re.DOTALL)


@pytest.fixture
def case(staffed, act):
    """A case after two steps: the price is being drafted by after-sales."""
    staffed.start(act("lin")).do(act("wu"), "supply_material_prices", **MATERIALS)
    return staffed


@pytest.fixture
def costed(case, act):
    """The same case after the decision table has found who decides."""
    case.do(act("lin"), "draft_price", **DRAFT)
    case.do(act("zhou"), "finance_costing", costing_result="costed", labor_cost=180, travel_cost=0)
    return case


def marks_of(page):
    found = MARKS.search(page)
    assert found
    return json.loads(found[1])


def test_the_list_finds_cases_by_number_title_status_and_process(visit, case):
    lin = visit("lin")
    for asked in ("", "?q=" + case.number, "?q=南川", "?status=active", "?process=price_approval"):
        assert case.number in lin.get("/cases" + asked).text, asked
    for asked in ("?q=别处", "?status=completed", "?process=other"):
        page = lin.get("/cases" + asked).text
        assert case.number not in page, asked
        assert "没有符合条件的事项" in page


def test_the_list_goes_on_where_the_page_before_ended(visit, staffed, act, clock):
    for _ in range(51):
        clock.forward(minutes=1)
        last = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT).number
    first_page = visit("lin").get("/cases").text
    following = re.search(r'rel="next" href="([^"]+)"', first_page)
    assert following
    second_page = visit("lin").get(following[1].replace("&amp;", "&")).text
    assert last in first_page
    assert last not in second_page
    assert second_page.count('class="case-line"') == 1


def test_it_tells_the_story_with_the_clauses_each_entry_carried_out(visit, case):
    page = visit("lin").get(f"/cases/{case.number}").text
    assert "吴满仓 办理了“提供材料价格”。" in page
    assert "林一凡 发起了事项。" in page
    assert '<a class="clause-id" href="/clauses/bk/bk-11"' in page
    assert f"/audit/{case.number}?frame=1" in page


def test_it_shows_what_the_case_waits_for_and_who_has_it(visit, case):
    page = visit("lin").get(f"/cases/{case.number}").text
    assert f'<a href="/tasks/{case.task("draft_price")}">拟定服务价格</a>' in page
    assert marks_of(page)["tokens"] == [{"count": 1, "node": "draft_price", "text": "售后部"}]


def test_the_diagram_marks_every_element_passed_the_last_one_last(visit, case):
    passed = marks_of(visit("lin").get(f"/cases/{case.number}").text)["passed"]
    assert {"apply", "warranty_not_claimed", "supply_material_prices"} <= set(passed)
    assert passed[-1] == "supply_material_prices_to_draft_price"


def test_data_has_the_labels_of_the_forms(visit, case):
    page = visit("lin").get(f"/cases/{case.number}").text
    assert re.search(r"<dt>客户单位</dt><dd>南川机车厂</dd>", page)
    assert re.search(r"<dt>材料费合计</dt><dd>¥300.00</dd>", page)
    assert "<dt>customer</dt>" not in page


def test_decisions_say_which_rule_held_on_what(visit, costed):
    page = visit("lin").get(f"/cases/{costed.number}").text
    assert "第 1 条规则" in page
    assert "收费，低于 1000 元：售后部经理。" in page
    assert "<dt>拟定服务价格</dt><dd>¥800.00</dd>" in page
    assert "<dt>审批人</dt><dd>售后部经理</dd>" in page
    english = visit("lin").speaks("en").get(f"/cases/{costed.number}").text
    assert "Charge, below 1000 yuan: the after-sales manager." in english
    assert "<dt>Who approves</dt><dd>after-sales manager</dd>" in english


def test_what_a_called_case_brought_is_left_to_its_own_page(app):
    with app.test_request_context():
        assert "home_repair" in Wording(bundle("field_service")).results()
        assert "salvage_case" in Wording(bundle("rma")).results()


def test_cases_that_one_opened_and_the_one_that_opened_it_are_linked(visit, case):
    opened = case.db.write(lambda s: open_linked(s, "1-0-0", case.number, "price_approval", FAULT, START))
    for one, other in ((case.number, opened), (opened, case.number)):
        assert (
            f'<span class="muted small">关联</span> <a class="number" href="/cases/{other}">'
            in visit("lin").get(f"/cases/{one}").text
        )


def test_what_steps_keep_under_one_name_is_said_in_words(app):
    with app.test_request_context(headers={"Cookie": "cf_language=zh"}):
        signed = Wording(bundle("field_service")).rows({"after_sales_signature": {"opinion": "agree"}})
        assert signed == [("售后部会签 · 会签意见", "同意")]
        rules = {"in_charge": "quality", "informed": ["role:general_manager", "role:nobody"]}
        told = dict(Wording(bundle("complaint")).rows({"rules": rules}))
    assert set(told.values()) == {"质检部", "总经理、未设立的角色"}
    assert {label.partition(" · ")[2] for label in told} == {"归口部门", "书面通报"}


def test_what_only_steps_write_goes_by_its_data_object_else_by_the_step(app):
    with app.test_request_context(headers={"Cookie": "cf_language=en"}):
        words = Wording(bundle("complaint"))
        assert words.rows({"priority_level": Decimal(2)}) == [("Priority", "2")]
        assert words.name("appraised") == "Outside appraisal"
        assert Wording(bundle("exchange_return")).rows({"remedy": "weigh"}) == [("Find the remedy", "weigh both sides")]
        given = {"assisting_opinions": [{"department": "生产部", "opinion": "agree", "reason": None}]}
        told = Wording(bundle("service_request")).rows(given)
    assert told == [("Opinions of the assisting departments", "Department: 生产部, Opinion: Agree")]


@pytest.mark.usefixtures("case")
def test_a_value_that_nothing_names_is_nothing_that_people_read(visit, db):
    with db.reading() as session:
        definition = in_force(session, "price_approval").definition
    with visit("lin").app.test_request_context():
        assert Wording(definition).rows({"customer": "甲", "stray": None}) == [("客户单位", "甲")]


def test_a_long_history_shows_its_newest_part_first_and_all_on_request(visit, case, monkeypatch):
    monkeypatch.setattr("web.cases.dossier.SHOWN_AT_FIRST", 1)
    page = visit("lin").get(f"/cases/{case.number}").text
    assert 'id="entry-1"' in page
    assert 'id="entry-0"' not in page
    assert "显示更早的 1 条" in page
    assert 'id="entry-0"' in visit("lin").get(f"/cases/{case.number}?all=1").text


def test_titles_cannot_bring_markup_onto_the_page(visit, staffed, act, clock):
    number = start_instance(
        staffed.db, act("lin"), clock.now, "price_approval", FAULT | {"customer": "</script><script>alert(1)"}
    ).number
    for address in ("/cases", f"/cases/{number}", f"/audit/{number}"):
        assert "<script>alert" not in visit("lin").get(address).text


def test_it_is_cancelled_with_a_reason_that_history_tells(visit, case):
    admin = visit("admin")
    assert "确认取消事项" in admin.get(f"/cases/{case.number}").text
    answer = admin.post(f"/cases/{case.number}/cancel", {"reason": "客户撤回"})
    assert answer.location == f"/cases/{case.number}"
    page = admin.get(f"/cases/{case.number}").text
    assert "关管理 取消了事项。" in page
    assert "理由：客户撤回" in page
    assert "已取消" in page
    assert "确认取消事项" not in page


def test_cancelling_without_a_reason_is_refused_in_a_sentence(visit, case):
    admin = visit("admin")
    admin.post(f"/cases/{case.number}/cancel", {"reason": "  "})
    page = admin.get(f"/cases/{case.number}").text
    assert "请填写理由。" in page
    assert "进行中" in page


def test_a_case_that_ended_meanwhile_is_not_cancelled_again(visit, case):
    admin = visit("admin")
    admin.post(f"/cases/{case.number}/cancel", {"reason": "一"})
    admin.post(f"/cases/{case.number}/cancel", {"reason": "二"})
    assert "理由：二" not in admin.get(f"/cases/{case.number}").text


def test_nobody_without_the_right_cancels(visit, case):
    assert "确认取消事项" not in visit("lin").get(f"/cases/{case.number}").text
    assert visit("lin").post(f"/cases/{case.number}/cancel", {"reason": "不想办了"}).status_code == 403


def test_it_is_suspended_and_goes_on(visit, case):
    admin, address = visit("admin"), f"/cases/{case.number}"
    admin.post(f"{address}/suspend", {"reason": "等客户盖章"})
    page = admin.get(address).text
    assert "已暂停" in page
    assert "理由：等客户盖章" in page
    assert "确认暂停事项" not in page
    admin.post(f"{address}/resume", {"reason": "已盖章"})
    page = admin.get(address).text
    assert "关管理 恢复了事项。" in page
    assert "确认暂停事项" in page


@pytest.mark.usefixtures("stuck")
def test_what_stands_still_says_why(visit):
    page = visit("admin").get("/cases/NOT-2026-000001").text
    assert "</svg>没有这个邮箱</p>" in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"reason": "没有邮箱", "reason_en": "no mailbox"}, "no mailbox"),
        ({"reason": "没有邮箱"}, "没有邮箱"),
        ({"reason": "输入“to”缺失 · the input “to” is missing"}, "the input “to” is missing"),
        ({"error": "lost"}, "An error that no step caught: lost"),
        ({}, ""),
    ],
)
def test_an_incident_is_said_in_the_readers_language_as_far_as_it_is_known(app, facts, words):
    with app.test_request_context(headers={"Cookie": "cf_language=en"}):
        assert incident_words(facts) == words


@pytest.mark.usefixtures("stuck")
def test_what_stands_still_is_tried_again(visit):
    admin, address = visit("admin"), "/cases/NOT-2026-000001"
    retry = re.search(r'action="([^"]+/retry/[^"]+)"', admin.get(address).text)[1]
    assert visit("lin").post(retry, {"reason": "试试"}).status_code == 403
    admin.post(retry, {"reason": "邮箱已开通"})
    page = admin.get(address).text
    assert "理由：邮箱已开通" in page
    assert "没有这个邮箱</p>" not in page


@pytest.mark.usefixtures("staffed")
def test_an_unknown_number_is_no_page(visit):
    assert visit("lin").get("/cases/PA-2026-999999").status_code == 404


@pytest.fixture
def outsider(staffed, act, clock):
    """Finance may no longer see price approvals."""
    with staffed.db.reading() as session:
        before = matrix(session)
    set_matrix(staffed.db, act("admin"), clock.now, before, {"finance": {"work:finance"}})
    return "zhou"


@pytest.mark.parametrize(
    "page", ["/cases/{}", "/audit/{}", "/audit/{}/frames/0", "/audit/{}/diagram.bpmn", "/audit/{}/verify"]
)
def test_a_case_is_hidden_from_whoever_may_not_see_it(visit, case, outsider, page):
    answer = visit(outsider).get(page.format(case.number))
    nowhere = visit(outsider).get(page.format("PA-2026-000999"))
    assert (answer.status_code, nowhere.status_code) == ((403, 403) if "verify" in page else (404, 404))
    assert ("无权查看" in answer.text) == ("无权查看" in nowhere.text) == ("verify" not in page)
    assert "南川机车厂" not in answer.text
    assert case.number not in visit(outsider).get("/cases").text
    assert visit(None).get(page.format(case.number)).status_code == 303


def test_a_case_does_not_give_away_its_relatives(visit, case, db, staffed, act, clock):
    child = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT | {"customer": "下级客户"})

    def adopt(session):
        session.execute(update(instances).where(instances.c.id == child.instance_id).values(parent_id=case.instance_id))
        session.execute(update(instances).where(instances.c.id == child.instance_id).values(key="secret_process"))

    db.write(adopt)
    assert child.number in visit("ji").get(f"/cases/{case.number}").text
    assert child.number not in visit("zhou").get(f"/cases/{case.number}").text
