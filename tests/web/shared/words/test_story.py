"""History as sentences, in the reader's language."""

from __future__ import annotations

import pytest

from engine.commands import cancel_instance, claim_task, complete_task, delegate_task, release_task, start_instance
from engine.queries import case
from tests.product import FAULT, MATERIALS
from web.shared.words import story

NAMES = {"lin": "林一凡", "wu": "吴满仓", "he": "何兼任", "admin": "关管理"}


@pytest.fixture
def tell(app, staffed, act, clock):
    """Tells the story of a case that supply priced after some changes of hands, in a language."""
    now, db = clock.now, staffed.db
    moved = start_instance(db, act("lin"), now, "price_approval", FAULT)
    staffed.instance_id, staffed.number = moved.instance_id, moved.number
    task = staffed.task("supply_material_prices")
    claim_task(db, act("wu"), now, task)
    release_task(db, act("wu"), now, task)
    delegate_task(db, act("wu"), now, task, "wu")
    complete_task(db, act("wu"), now, task, MATERIALS)
    clock.forward(days=1)
    delegate_task(db, act("lin"), clock.now, staffed.task("draft_price"), "he")

    def sentences(language="zh"):
        with app.test_request_context(headers={"Cookie": f"cf_language={language}"}), db.reading() as session:
            view = case(session, act("lin"), moved.number)
            return story.tell(view.history.steps, view.deployed.definition, NAMES)

    return sentences


def test_it_tells_what_everybody_did_in_chinese(tell):
    assert [sentence.text for sentence in tell()] == [
        "林一凡 发起了事项。",
        "吴满仓 领取了“提供材料价格”。",
        "吴满仓 把“提供材料价格”放回组里。",
        "吴满仓 领取了“提供材料价格”。",
        "吴满仓 办理了“提供材料价格”。",
        "林一凡 把“拟定服务价格”转交给 何兼任。",
    ]


def test_it_tells_the_same_in_english(tell):
    assert [sentence.text for sentence in tell("en")][-2:] == [
        "吴满仓 completed “Give material prices”.",
        "林一凡 handed “Draft the service price” to 何兼任.",
    ]


def test_it_keeps_what_was_entered_with_its_labels(tell):
    rows = dict(tell()[4].rows)
    assert rows["价格来源"] == "供应商报价 GY-118"
    assert rows["材料费合计"] == "¥300.00"


def test_it_says_why_somebody_ended_the_case(tell, staffed, act, clock):
    cancel_instance(staffed.db, act("admin"), clock.now, staffed.number, "录错了客户")
    last = tell()[-1]
    assert (last.text, last.reason) == ("关管理 取消了事项。", "录错了客户")


def test_it_says_what_followed_by_itself(tell, staffed, act, clock):
    act_now = [
        (
            "he",
            "draft_price",
            {"diagnosis_basis": "onsite", "price": 800, "price_basis": "3 档", "request_kind": "charge"},
        ),
        ("zhou", "finance_costing", {"costing_result": "costed", "labor_cost": 180, "travel_cost": 0}),
    ]
    for account, node, values in act_now:
        complete_task(staffed.db, act(account), clock.now, staffed.task(node), values)
    assert tell()[-1].after == ["“确定审批权限”由决策表判定。"]


@pytest.mark.usefixtures("app", "tell")
def test_it_names_everybody_it_needs(staffed, act):
    with staffed.db.reading() as session:
        entries = case(session, act("lin"), staffed.number).history.steps
    assert story.people_in(entries) == {"lin", "wu", "he"}


def test_days_are_the_companys(app, tell):
    with app.test_request_context():
        days = story.days(tell())
    assert [(str(day), len(sentences)) for day, sentences in days] == [("2026-03-02", 5), ("2026-03-03", 1)]
