"""One task on its page: seeing, completing, being refused, changing hands."""

from __future__ import annotations

import re

import pytest

from company.people.roles import set_matrix
from engine.commands import cancel_instance, complete_task, start_instance
from tests.product import FAULT

PRICED = {
    "materials-0-_row": "",
    "materials-0-name": "主缸密封圈",
    "materials-0-quantity": "2",
    "materials-0-unit_price": "150",
    "material_source": "供应商报价 GY-118",
}
DRAFTED = {"diagnosis_basis": "onsite", "price": "800", "price_basis": "收费标准第 3 档", "request_kind": "charge"}


@pytest.fixture
def pricing(staffed, act, clock):
    """A case that waits for supply to give material prices."""
    moved = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT)
    staffed.instance_id, staffed.number = moved.instance_id, moved.number
    return staffed


@pytest.fixture
def drafting(pricing, act, clock):
    """The same case a step on: after-sales drafts the price."""
    values = {"materials": [{"name": "密封圈", "quantity": 2, "unit_price": 150}], "material_source": "GY-118"}
    complete_task(pricing.db, act("wu"), clock.now, pricing.task("supply_material_prices"), values)
    return pricing


def test_it_shows_the_form_with_clauses_what_is_known_and_the_story(visit, drafting):
    page = visit("lin").get(f"/tasks/{drafting.task('draft_price')}").text
    assert 'name="price"' in page
    assert "质保期外：依据现场诊断结果，供应部提供材料市场价格后，售后部拟定服务价格。" in page
    assert "取读法：以质检判断或远程结论代替" in page
    assert "南川机车厂" in page
    assert "吴满仓 办理了“提供材料价格”。" in page
    assert "林一凡 发起了事项。" in page


def test_looking_at_a_task_claims_nothing(visit, drafting):
    address = f"/tasks/{drafting.task('draft_price')}"
    visit("lin").get(address)
    assert "售后部，尚未领取" in visit("bai").get(address).text


def test_it_completes_and_leads_back_where_the_next_task_is_somebody_elses(visit, pricing):
    wu = visit("wu")
    answer = wu.post(f"/tasks/{pricing.task('supply_material_prices')}", PRICED)
    assert (answer.status_code, answer.location) == (303, "/")
    assert pricing.open_nodes() == ["draft_price"]
    assert "已办理“提供材料价格”" in wu.get("/").text


def test_it_leads_back_where_four_eyes_keep_the_next_task_from_them(visit, drafting):
    he = visit("he")
    assert he.post(f"/tasks/{drafting.task('draft_price')}", DRAFTED).location == "/"
    assert f'href="/tasks/{drafting.task("finance_costing")}' not in he.get("/?view=mine").text


def test_it_goes_straight_to_the_next_task_where_that_is_theirs_too(visit, drafting):
    visit("lin").post(f"/tasks/{drafting.task('draft_price')}", DRAFTED)
    costed = {"costing_result": "costed", "labor_cost": "180", "travel_cost": "0"}
    answer = visit("he").post(f"/tasks/{drafting.task('finance_costing')}", costed)
    assert (answer.status_code, answer.location) == (303, f"/tasks/{drafting.task('manager_decision')}")


def test_a_refusal_keeps_what_was_typed_and_names_the_field(visit, drafting):
    lin = visit("lin")
    answer = lin.post(f"/tasks/{drafting.task('draft_price')}", DRAFTED | {"price": "一千块"})
    assert answer.status_code == 422
    assert 'value="一千块"' in answer.text
    assert "收费标准第 3 档" in answer.text
    assert 'href="#price"' in answer.text
    assert drafting.open_nodes() == ["draft_price"]


@pytest.mark.parametrize("price", ["-1", "1e400", "1,5", "NaN", "12.345", "９9x"])
def test_a_bad_price_is_refused_by_the_field(visit, drafting, price):
    answer = visit("lin").post(f"/tasks/{drafting.task('draft_price')}", DRAFTED | {"price": price})
    assert answer.status_code == 422
    assert 'href="#price"' in answer.text


def test_a_forged_read_only_value_is_refused(visit, drafting):
    answer = visit("lin").post(f"/tasks/{drafting.task('draft_price')}", DRAFTED | {"product": "别的产品"})
    assert answer.status_code == 422
    assert drafting.open_nodes() == ["draft_price"]


def test_300_kilobytes_of_text_are_refused_in_a_sentence(visit, drafting):
    answer = visit("lin").post(f"/tasks/{drafting.task('draft_price')}", DRAFTED | {"price_basis": "长" * 100_000})
    assert answer.status_code == 422
    assert 'href="#price_basis"' in answer.text


def test_a_body_beyond_all_measure_is_refused_in_a_sentence(visit, drafting):
    answer = visit("lin").post(f"/tasks/{drafting.task('draft_price')}", {"price_basis": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.text


def test_a_second_submit_says_it_is_done_and_keeps_the_words(visit, drafting):
    lin = visit("lin")
    address = f"/tasks/{drafting.task('draft_price')}"
    assert lin.post(address, DRAFTED).status_code == 303
    answer = lin.post(address, {**DRAFTED, "next": "/?view=groups"})
    assert answer.status_code == 409
    assert "这一步您已经办过了" in answer.text
    assert "拟定服务价格：¥800.00" in answer.text
    assert "申请种类：按价收费" in answer.text, "in words, not as the code that was posted"
    assert "next：" not in answer.text
    assert f'data-draft-done="task:{drafting.task("draft_price")}:lin"' in answer.text


def test_a_stale_page_says_who_finished_it_when_and_keeps_the_words(visit, drafting, clock):
    address = f"/tasks/{drafting.task('draft_price')}"
    visit("bai").post(address, DRAFTED)
    clock.forward(minutes=5)
    answer = visit("lin").post(address, DRAFTED | {"price_basis": "我的依据"})
    assert answer.status_code == 409
    assert "已由 白小鹿 在 3月2日 09:00 办理完毕" in answer.text
    assert "定价标准与依据：我的依据" in answer.text


def test_a_case_that_went_elsewhere_says_so(visit, drafting, clock, act):
    address = f"/tasks/{drafting.task('draft_price')}"
    cancel_instance(drafting.db, act("admin"), clock.now, drafting.number, "录错了")
    answer = visit("lin").get(address)
    assert answer.status_code == 409
    assert "走到了别处" in answer.text


@pytest.mark.parametrize("tampered", ["1-1", "x", "1-1-1-1", "-1-0-0", "99999-1-0", "1-99-0", "９-0-0", "1" * 40])
@pytest.mark.usefixtures("drafting")
def test_a_tampered_id_is_nowhere(visit, tampered):
    lin = visit("lin")
    assert lin.get(f"/tasks/{tampered}").status_code == 404
    assert lin.post(f"/tasks/{tampered}", DRAFTED).status_code == 404


def test_another_groups_task_is_read_but_not_completed(visit, drafting):
    address = f"/tasks/{drafting.task('draft_price')}"
    zhou = visit("zhou")
    page = zhou.get(address)
    assert page.status_code == 200
    assert re.search(r'<fieldset class="sheet" disabled>.*name="price"', page.text, re.DOTALL)
    assert f'action="{address}"' not in page.text
    assert f'action="{address}"' in visit("lin").get(address).text, "whose group it is may send it"
    answer = zhou.post(address, DRAFTED)
    assert answer.status_code == 403
    assert drafting.open_nodes() == ["draft_price"]


def test_who_may_not_even_see_the_case_is_refused(visit, drafting, clock, act):
    before = {"finance": {"work:finance", "see:price_approval"}}
    set_matrix(drafting.db, act("admin"), clock.now, before, {"finance": {"work:finance"}})
    assert visit("zhou").get(f"/tasks/{drafting.task('draft_price')}").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_may_not_see_a_task_learns_nothing_of_it(visit, drafting, clock, act, language):
    """Open, over, or never there: the same words, whatever is asked and sent."""
    set_matrix(drafting.db, act("admin"), clock.now,
               {"finance": {"work:finance", "see:price_approval"}}, {"finance": {"work:finance"}})  # fmt: skip
    zhou = visit("zhou").speaks(language)
    ids = [str(drafting.task("draft_price")), str(drafting.task("supply_material_prices")), "99999-1-0", "1-999-0"]
    ways = [("GET", ""), ("GET", "/quick"), ("GET", "/about"), ("GET", "/delegate"), ("POST", ""), ("POST", "/claim"),
            ("POST", "/release"), ("POST", "/delegate"), ("POST", "/evaluate"), ("POST", "/presence")]  # fmt: skip
    for method, way in ways:
        answers = set()
        for task in ids:
            address = f"/tasks/{task}{way}"
            answer = zhou.get(address) if method == "GET" else zhou.post(address, DRAFTED)
            said = re.search(r"<main.*</main>", answer.text, re.DOTALL)[0]
            answers.add((answer.status_code, re.sub(r'name="csrf_token" value="[^"]*"', "", said).replace(task, "ID")))
        assert len(answers) == 1, (method, way, answers)
        assert next(iter(answers))[0] == 404
        assert drafting.number not in str(answers)


def test_who_did_the_step_reads_how_it_ended_without_seeing_the_case(visit, drafting, clock, act):
    set_matrix(drafting.db, act("admin"), clock.now,
               {"supply": {"work:supply", "see:price_approval"}}, {"supply": {"work:supply"}})  # fmt: skip
    page = visit("wu").get(f"/tasks/{drafting.task('supply_material_prices')}")
    assert page.status_code == 409
    assert "办理完毕" in page.text
    assert drafting.number not in page.text


def test_a_stranger_logs_in_first_and_comes_back(visit, drafting):
    address = f"/tasks/{drafting.task('draft_price')}"
    assert visit(None).get(address).location == f"/login?next={address}"


def test_four_eyes_are_said_before_and_refused_after(visit, drafting):
    he = visit("he")
    he.post(f"/tasks/{drafting.task('draft_price')}", DRAFTED)
    address = f"/tasks/{drafting.task('finance_costing')}"
    assert "必须由另一人办理" in he.get(address).text
    answer = he.post(address, {"costing_result": "costed", "labor_cost": "180", "travel_cost": "0"})
    assert answer.status_code == 409
    assert "何兼任 已经办理过本事项的“拟定服务价格”" in answer.text
    assert 'value="180"' in answer.text


def test_four_eyes_speak_english_to_english_readers(visit, drafting):
    he = visit("he").speaks("en")
    he.post(f"/tasks/{drafting.task('draft_price')}", DRAFTED)
    page = he.get(f"/tasks/{drafting.task('finance_costing')}").text
    assert "He Jianren has completed “Draft the service price”" in page


def test_it_is_claimed_released_and_handed_over(visit, drafting):
    task = drafting.task("draft_price")
    lin = visit("lin")
    answer = lin.post(f"/tasks/{task}/claim", {"next": "/?view=mine"})
    assert (answer.status_code, answer.location) == (303, "/?view=mine")
    assert "已领取“拟定服务价格”。" in lin.get("/").text
    assert "这项任务已由 林一凡 领取。" in visit("bai").get(f"/tasks/{task}").text
    lin.post(f"/tasks/{task}/release")
    assert "已把“拟定服务价格”放回组里。" in lin.get("/").text
    receivers = lin.get(f"/tasks/{task}/delegate").text
    assert 'value="bai"' in receivers
    assert 'value="lin"' not in receivers, "nobody hands a task to themselves"
    lin.post(f"/tasks/{task}/delegate", {"to": "bai"})
    assert "由您办理" in visit("bai").get(f"/tasks/{task}").text
    assert "林一凡 把“拟定服务价格”转交给 白小鹿。" in visit("bai").get(f"/tasks/{task}").text


def test_a_long_story_is_told_from_its_end_with_a_way_to_the_rest(visit, drafting, monkeypatch):
    address = f"/tasks/{drafting.task('draft_price')}"
    rest = f'href="/cases/{drafting.number}?all=1"'
    assert rest not in visit("lin").get(address).text
    monkeypatch.setattr("web.work.desk.SHOWN_AT_FIRST", 1)
    page = visit("lin").get(address).text
    assert rest in page
    assert page.count('class="story-entry"') == 1


def test_who_comes_second_is_told_who_has_it(visit, drafting):
    task = drafting.task("draft_price")
    visit("lin").post(f"/tasks/{task}/claim")
    bai = visit("bai")
    assert bai.post(f"/tasks/{task}/claim", {"next": "/?view=groups"}).location == "/?view=groups"
    assert "这项任务已由 林一凡 领取。" in bai.get("/").text


@pytest.mark.parametrize("to", ["nobody", "zhou", ""])
def test_it_is_handed_only_to_people_of_the_lane(visit, drafting, to):
    lin, address = visit("lin"), f"/tasks/{drafting.task('draft_price')}"
    lin.post(f"{address}/delegate", {"to": to})
    page = lin.get(address).text
    assert "请从名单里选一位接手的人。" in page
    assert "售后部，尚未领取" in page


def test_nobody_is_sent_to_another_site(visit, drafting):
    answer = visit("lin").post(f"/tasks/{drafting.task('draft_price')}/claim", {"next": "https://evil.example/"})
    assert answer.location == f"/tasks/{drafting.task('draft_price')}"


def test_rows_are_added_without_script(visit, pricing):
    wu = visit("wu")
    answer = wu.post(f"/tasks/{pricing.task('supply_material_prices')}", PRICED | {"_row": "add:materials"})
    assert answer.status_code == 200
    assert 'name="materials-1-name"' in answer.text
    assert 'value="主缸密封圈"' in answer.text
    assert pricing.open_nodes() == ["supply_material_prices"]
