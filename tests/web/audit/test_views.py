"""Replay and verification: what each frame says, on which diagram, and what the three verdicts tell."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import update

from cli.content import bundle
from engine.actor import SYSTEM
from engine.commands import cancel_instance, deploy_definition
from engine.history.anchoring.anchors import take_anchor
from engine.history.anchoring.stamps import stamp_anchors
from engine.lint import LintContext
from engine.tables import anchors, entries
from tests.product import DRAFT, MATERIALS

MARKS = re.compile(r'<script type="application/json" id="marks">(.*?)</script>', re.DOTALL)


@pytest.fixture
def case(staffed, act):
    """A case that was drafted, sent back by finance, and drafted again at another price: entries 0 to 4."""
    staffed.start(act("lin")).do(act("wu"), "supply_material_prices", **MATERIALS)
    staffed.do(act("lin"), "draft_price", **DRAFT)
    staffed.do(act("zhou"), "finance_costing", costing_result="return", return_reason="依据不足")
    staffed.do(act("lin"), "draft_price", **(DRAFT | {"price": 900}))
    return staffed


def frame(visitor, case, seq):
    return visitor.get(f"/audit/{case.number}/frames/{seq}").text


def test_a_frame_says_who_did_what_and_where_the_case_stood_then(visit, case):
    shown = frame(visit("ji"), case, 1)
    assert "吴满仓 办理了“提供材料价格”。" in shown
    assert "#1 / 4" in shown
    assert "提供材料价格 <span" in shown
    assert "办完" in shown
    assert re.search(r"此后停在</h3>\s*<ul>\s*<li>拟定服务价格</li>", shown)


def test_a_frame_shows_values_before_and_after(visit, case):
    shown = frame(visit("ji"), case, 4)
    assert re.search(r"<del>¥800.00</del>.*<ins>¥900.00</ins>", shown)
    assert "定价标准与依据" not in shown, "what did not change is not a change"


def test_rows_of_a_list_are_told_one_by_one(visit, case):
    shown = frame(visit("ji"), case, 1)
    assert "<dd>主缸密封圈</dd>" in shown


def test_the_frame_of_an_end_says_that_nothing_waits(visit, case, act):
    cancel_instance(case.db, act("admin"), case.now, case.number, "客户撤回")
    shown = frame(visit("ji"), case, 5)
    assert "没有停留的位置：事项已结束" in shown
    assert "随事项取消" in shown
    assert "理由：客户撤回" in shown


def test_without_script_every_frame_is_a_link_and_the_one_asked_for_is_shown(visit, case):
    page = visit("lin").get(f"/audit/{case.number}?frame=2").text
    assert '<article class="frame" id="frame-2"' in page
    for seq in range(5):
        assert f'data-frame="{seq}" href="/audit/{case.number}?frame={seq}"' in page
    assert f'data-step="back" href="/audit/{case.number}?frame=1"' in page
    assert f'data-step="forward" href="/audit/{case.number}?frame=3"' in page


def test_a_frame_beyond_the_end_is_the_last_and_nonsense_is_no_page(visit, case):
    assert 'id="frame-4"' in visit("lin").get(f"/audit/{case.number}?frame=99").text
    for nonsense in ("-1", "x", "1" * 30, "٣"):
        assert visit("lin").get(f"/audit/{case.number}?frame={nonsense}").status_code == 404


def test_the_marks_of_every_frame_are_its_path_and_tokens(visit, case):
    found = MARKS.search(visit("lin").get(f"/audit/{case.number}").text)
    assert found
    marks = json.loads(found[1])
    assert [mark["version"] for mark in marks] == [1] * 5
    assert marks[1]["path"] == ["supply_material_prices", "supply_material_prices_to_draft_price"]
    assert [token["node"] for token in marks[3]["tokens"]] == ["draft_price"]


def test_the_diagram_is_the_deployed_one_of_a_version_the_case_ran_on(visit, case, register):
    old = bundle("price_approval")
    path = old.bpmn_path
    files = {**old.files, path: old.bpmn.replace("申请定价".encode(), "申请价格".encode())}
    deploy_definition(case.db, SYSTEM, case.now, "price_approval", files, LintContext(register))
    lin = visit("lin")
    answer = lin.get(f"/audit/{case.number}/diagram.bpmn")
    assert answer.data == old.bpmn
    assert answer.mimetype == "application/xml"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert lin.get(f"/audit/{case.number}/diagram.bpmn?version=2").status_code == 404
    assert lin.get(f"/audit/{case.number}/diagram.bpmn?version=x").status_code == 404


def test_without_cases_there_is_nothing_to_replay_yet_rather_than_nothing_found(visit):
    assert "还没有事项" in visit("ji").get("/audit").text
    assert "没有符合条件的事项" in visit("ji").get("/audit?q=PA-1").text


def test_only_auditors_verify_and_list_for_audit(visit, case):
    for address in ("/audit", f"/audit/{case.number}/verify"):
        assert visit("ji").get(address).status_code == 200
        assert visit("lin").get(address).status_code == 403
        assert visit("admin").get(address).status_code == 403
    assert f"/audit/{case.number}/verify" not in visit("lin").get(f"/audit/{case.number}").text


def test_an_untouched_history_holds_and_says_that_no_anchor_guards_it_yet(visit, case):
    page = visit("ji").get(f"/audit/{case.number}/verify").text
    assert "没有发现改动" in page
    assert page.count("verdict-ok") == 2
    assert "还没有锚点覆盖这个事项。" in page
    assert "#0 到 #4 还没有锚点" in page


def test_a_time_stamp_says_since_when_the_history_is_there_and_what_was_not_checked(visit, case, authority):
    take_anchor(case.db, case.now, None)
    stamp_anchors(case.db, None, authority.root, authority.answer)
    page = visit("ji").get(f"/audit/{case.number}/verify").text
    assert "锚点 1 的时间戳与它的根相符：到 #4 为止的历史不晚于 20" in page
    assert "由“验真时间戳”签发。" in page
    assert "没有设时间戳服务的根证书" in page, "these pages know no root certificate"


def test_a_false_time_stamp_is_named(visit, case):
    take_anchor(case.db, case.now, None)
    case.db.write(lambda session: session.execute(update(anchors).values(stamp=b"x")))
    page = visit("ji").get(f"/audit/{case.number}/verify").text
    assert "历史被改动过" in page
    assert f"{case.number} 第 4 条：锚点 1 的时间戳不成立：它无法读取" in page


def test_anchors_say_how_far_they_reach(visit, case, act):
    take_anchor(case.db, case.now, None)
    case.do(act("zhou"), "finance_costing", costing_result="costed", labor_cost=180, travel_cost=0)
    page = visit("ji").get(f"/audit/{case.number}/verify").text
    assert "锚点覆盖到 #4" in page
    assert "#5 到 #5 还没有锚点" in page
    assert "最近一次锚点" in visit("ji").get("/audit").text


def test_a_changed_entry_is_named_with_a_link_to_its_frame(visit, case, db):
    def tamper(session):
        chosen = (entries.c.instance_id == case.instance_id) & (entries.c.seq == 2)
        text = session.execute(entries.select().where(chosen)).one().input
        session.execute(update(entries).where(chosen).values(input=text.replace("800", "80")))

    db.write(tamper)
    page = visit("ji").get(f"/audit/{case.number}/verify").text
    assert "历史被改动过" in page
    assert f"{case.number} 第 2 条：输入被改动" in page
    assert f'href="/audit/{case.number}?frame=2"' in page
    assert "entry 2: the input was changed" in visit("ji").speaks("en").get(f"/audit/{case.number}/verify").text


def test_a_history_that_cannot_be_decoded_still_gets_its_verdict(visit, case, db):
    db.write(
        lambda session: session.execute(
            update(entries).where(entries.c.instance_id == case.instance_id, entries.c.seq == 3).values(input="[")
        )
    )
    page = visit("ji").get(f"/audit/{case.number}/verify")
    assert page.status_code == 200
    assert "历史被改动过" in page.text
