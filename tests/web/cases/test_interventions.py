"""An administrator's pages to put a case right: data corrected, a token moved, a step skipped; always with a reason."""

from __future__ import annotations

import re

import pytest

from engine.commands import suspend_instance
from engine.history.reading_steps import steps_of
from tests.product import DRAFT, MATERIALS


@pytest.fixture
def database_url(sqlite_url):
    """The commands are tried on both databases: one is enough for their pages."""
    return sqlite_url


@pytest.fixture
def case(staffed, act):
    """A price approval that waits for a draft of after-sales."""
    staffed.start(act("lin")).do(act("wu"), "supply_material_prices", **MATERIALS)
    return staffed


@pytest.fixture
def place(case):
    return f"/cases/{case.number}"


def last_entry(case):
    with case.db.reading() as session:
        return steps_of(session, case.instance_id)[-1]


@pytest.mark.usefixtures("case")
def test_data_is_chosen_by_its_label(visit, place):
    page = visit("admin").get(f"{place}/correct").text
    assert "<dt>客户单位</dt>" in page
    assert f'href="{place}/correct/customer"' in page
    assert "¥300.00" in page
    assert f"{place}/correct/materials_total" in page, "what a formula computed is a number to correct"


def test_a_value_is_corrected_with_its_reason_and_history_tells_both(visit, case, place):
    admin = visit("admin")
    page = admin.get(f"{place}/correct/customer").text
    assert 'value="南川机车厂"' in page
    assert "已经办过的步骤" in page
    answer = admin.post(f"{place}/correct/customer", {"customer": "北川机车厂", "_reason": "客户更名"})
    assert answer.location == place
    entry = last_entry(case)
    assert (entry.kind, entry.actor, entry.values, entry.facts) == (
        "correct", "admin", {"customer": "北川机车厂"}, {"reason": "客户更名"}
    )  # fmt: skip
    page = admin.get(place).text
    assert "已更正“客户单位”。" in page
    assert "关管理 更正了数据。" in page
    assert "<dt>客户单位</dt><dd>北川机车厂</dd>" in page
    replay = admin.get(f"/audit/{case.number}/frames/{entry.seq}").text
    assert "<del>南川机车厂</del>" in replay
    assert "<ins>北川机车厂</ins>" in replay


def test_a_row_of_a_list_is_corrected_in_its_own_table(visit, case, place):
    admin = visit("admin")
    page = admin.get(f"{place}/correct/materials").text
    names = re.findall(r'name="(materials-\d+-\w+)"', page)
    assert "materials-0-quantity" in names
    typed = {"materials-0-name": "主缸密封圈", "materials-0-quantity": "3", "materials-0-unit_price": "150"}
    answer = admin.post(f"{place}/correct/materials", {**typed, "_reason": "数量有误"})
    assert answer.status_code == 303
    assert last_entry(case).values["materials"][0]["quantity"] == 3


def test_what_the_form_or_the_command_refuses_changes_nothing_and_keeps_what_was_typed(visit, case, place):
    admin, before = visit("admin"), last_entry(case).seq
    for typed, status, said in [
        ({"customer": "", "_reason": "误填"}, 422, "cf-summary"),
        ({"customer": "南川机车厂", "_reason": "误填"}, 422, "新值与现在的相同"),
        ({"customer": "北川机车厂", "_reason": " "}, 409, "请填写理由。"),
    ]:
        answer = admin.post(f"{place}/correct/customer", typed)
        assert answer.status_code == status
        assert said in answer.text
        assert f'value="{typed["customer"]}"' in answer.text
    assert last_entry(case).seq == before


def test_a_value_no_form_asks_is_corrected_as_what_it_is(visit, case, place):
    admin = visit("admin")
    answer = admin.post(f"{place}/correct/materials_total", {"materials_total": "450,5", "_reason": "重算"})
    assert answer.status_code == 422
    assert (
        admin.post(f"{place}/correct/materials_total", {"materials_total": "450", "_reason": "重算"}).status_code == 303
    )
    assert last_entry(case).values == {"materials_total": 450}


def test_what_a_decision_wrote_is_no_value_to_type(visit, case, place, act):
    case.do(act("lin"), "draft_price", **DRAFT)
    case.do(act("zhou"), "finance_costing", costing_result="costed", labor_cost=180, travel_cost=0)
    admin = visit("admin")
    assert "由流程写下" in admin.get(f"{place}/correct").text
    assert admin.get(f"{place}/correct/authority").status_code == 409
    assert admin.get(f"{place}/correct/nothing").status_code == 409


def test_a_suspended_case_takes_corrections_but_no_moves(visit, case, place, act, clock):
    suspend_instance(case.db, act("admin"), clock.now, case.number, "等待")
    admin = visit("admin")
    assert admin.get(f"{place}/correct").status_code == 200
    refused = admin.get(f"{place}/move")
    assert refused.status_code == 409
    assert "事项已暂停" in refused.text


def test_a_case_is_moved_to_a_step_the_engine_takes_it_to(visit, case, place):
    admin = visit("admin")
    page = admin.get(f"{place}/move").text
    assert "拟定服务价格 · 售后部" in page
    assert re.search(r'<option value="finance_costing" >', page)
    assert 'value="apply"' not in page, "a start happens by itself"
    answer = admin.post(f"{place}/move", {"to": "supply_material_prices", "_reason": "价格要重报"})
    assert answer.location == place
    assert case.open_nodes() == ["supply_material_prices"]
    page = admin.get(place).text
    assert "关管理 把流程从“拟定服务价格”移到“提供材料价格”。" in page
    assert "理由：价格要重报" in page


def test_a_move_elsewhere_or_without_a_reason_is_refused(visit, case, place):
    admin = visit("admin")
    for typed, status, said in [
        ({"to": "apply", "_reason": "试"}, 422, "请选择要移到哪一步"),
        ({"to": "finance_costing"}, 409, "请填写理由。"),
    ]:
        answer = admin.post(f"{place}/move", typed)
        assert answer.status_code == status
        assert said in answer.text
    assert case.open_nodes() == ["draft_price"]


def test_a_step_that_stands_still_is_skipped(visit, stuck):
    admin, place = visit("admin"), "/cases/NOT-2026-000001"
    skip = re.search(r'href="([^"]+/skip/[^"]+)"', admin.get(place).text)[1]
    page = admin.get(skip).text
    assert "没有这个邮箱" in page
    assert "这一步不再执行" in page
    wrong = admin.post(skip, {"_reason": "已电话告知", "values": "[1]"})
    assert wrong.status_code == 409
    assert "FEEL 上下文" in wrong.text
    assert admin.post(skip, {"_reason": "已电话告知", "values": "{told: true}"}).location == place
    assert stuck.entries(1)[-1].values == {"told": True}
    page = admin.get(place).text
    assert "关管理 跳过了“" in page
    assert "理由：已电话告知" in page
    assert admin.get(skip).status_code == 409, "it is gone"


def test_only_what_stands_still_is_skipped(visit, case, place):
    answer = visit("admin").get(f"{place}/skip/{case.task('draft_price')}")
    assert answer.status_code == 409
    assert "没有待处理的故障" in answer.text


@pytest.mark.usefixtures("case")
def test_whoever_may_not_is_offered_nothing(visit, place):
    page = visit("lin").get(place).text
    assert f"{place}/correct" not in page
    assert f"{place}/move" not in page
