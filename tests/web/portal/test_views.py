"""What customers can do without a log-in: file a complaint, and see how it stands."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete

from cli.content import bundle, process_keys
from company.people.tables import person_roles
from engine.actor import CUSTOMER, SYSTEM
from engine.commands import complete_task, deploy_definition
from engine.forms.public import public_form
from engine.lint import LintContext
from engine.queries import case
from engine.task_id import TaskId
from handlers import HANDLERS
from tests.product import START, person
from tests.web.test_accessible import DESKTOP, PHONE, complaints_of_axe
from web.portal import views

CALLED = ("price_approval", "appraisal", "exchange_return", "reward_penalty")
TOLD = {
    "customer": "杜女士",
    "contact": "138-0000-0099",
    "product": "立式冷柜 LG-320",
    "content": "夜里停机，货物化冻",
}


@pytest.fixture
def complaints(staffed, register):
    """The deployed complaint beside what it calls; gives the database."""
    context = LintContext(register, frozenset(HANDLERS), frozenset(process_keys()))
    for key in (*CALLED[1:], "complaint"):
        deploy_definition(staffed.db, SYSTEM, START, key, bundle(key).files, context)
    return staffed.db


@pytest.fixture
def customer(request, visit):
    """Somebody at a browser, not logged in, where one may complain."""
    request.getfixturevalue("complaints")
    return visit(None)


def filed(customer, **values):
    """File a complaint; its number and its code."""
    answer = customer.post("/portal/complaint", TOLD | values)
    assert answer.status_code == 303
    receipt = customer.get(answer.location).text
    return re.search(r"CP-\d+-\d+", receipt)[0], re.search(r"[A-Z2-7]{5}-[A-Z2-7]{5}", receipt)[0]


def test_it_offers_what_asks_customers_something_and_nothing_else(customer):
    page = customer.get("/portal").text
    assert "我要投诉" in page
    assert "价格审批" not in page


def test_where_nothing_can_be_filed_it_says_so(visit):
    assert "现在还不能在网上提交" in visit(None).get("/portal").text


def test_a_process_without_public_fields_is_not_there(customer):
    assert customer.get("/portal/price_approval").status_code == 404
    assert customer.post("/portal/price_approval", TOLD).status_code == 404
    assert customer.get("/portal/weather").status_code == 404


def test_a_customer_is_asked_only_what_concerns_them(customer):
    page = customer.get("/portal/complaint").text
    assert "您的姓名或单位" in page
    assert "适用规章" not in page
    assert "Your name or company" in customer.speaks("en").get("/portal/complaint").text


def test_a_complaint_becomes_a_case_that_came_by_the_web(customer, complaints):
    number, _code = filed(customer)
    with complaints.reading() as session:
        view = case(session, CUSTOMER, number)
    assert view.head.started_by == CUSTOMER.id
    assert {key: view.variables[key] for key in (*TOLD, "channel", "rule_set")} == {
        **TOLD,
        "channel": "web",
        "rule_set": "lx",
    }


def test_a_fault_reported_online_becomes_a_request_with_the_defaults_of_its_form(customer, staffed, register):
    context = LintContext(register, frozenset(HANDLERS), frozenset(process_keys()))
    for key in ("salvage", "rma", "field_service", "service_request"):
        deploy_definition(staffed.db, SYSTEM, START, key, bundle(key).files, context)
    assert "我要报修" in customer.get("/portal").text
    who = {"customer": "杜女士", "contact": "杜女士", "phone": "138-0000-0099"}
    what = {"product": "立式冷柜", "fault": "不制冷", "stops_operation": "true"}
    answer = customer.post("/portal/service_request", who | what)
    assert answer.status_code == 303
    with staffed.db.reading() as session:
        view = case(session, CUSTOMER, answer.location.rpartition("/")[2])
    wanted = {"channel": "web", "request_kind": "fault", "rule_set": "bk", "stops_operation": True, "handed_over": True}
    assert {key: view.variables[key] for key in wanted} == wanted
    assert view.variables["severity"]["major"] is True


def test_staff_see_who_filed_it(customer, visit):
    number, _code = filed(customer)
    page = visit("lin").get(f"/cases/{number}").text
    assert "客户（网上）" in page
    assert CUSTOMER.id not in page


@pytest.mark.parametrize("given", [{"content": ""}, {"channel": "phone"}, {"rule_set": "sc"}, {"verified_facts": "x"}])
def test_what_is_missing_or_not_asked_is_refused_and_nothing_is_lost(customer, given):
    answer = customer.post("/portal/complaint", TOLD | given)
    assert answer.status_code == 422
    assert "杜女士" in answer.text


def test_the_form_says_how_it_stands_while_somebody_types(customer):
    stands = customer.post("/portal/complaint/evaluate", TOLD).json
    assert dict.fromkeys(TOLD, False).items() <= stands["hidden"].items()
    assert "rule_set" not in stands["hidden"], "what customers are not asked"


def test_the_receipt_is_for_the_browser_that_filed_it(customer, visit):
    number, code = filed(customer)
    assert code in customer.get(f"/portal/receipt/{number}").text
    assert visit(None).get(f"/portal/receipt/{number}").status_code == 404


def test_the_code_opens_the_progress_elsewhere(customer, visit):
    number, code = filed(customer)
    elsewhere = visit(None)
    assert elsewhere.get(f"/portal/progress/{number}").status_code == 404
    answer = elsewhere.post(
        "/portal/progress", {"number": f" {number.lower()} ", "code": code.lower().replace("-", " ")}
    )
    assert (answer.status_code, answer.location) == (303, f"/portal/progress/{number}")
    page = elsewhere.get(answer.location).text
    assert "夜里停机，货物化冻" in page
    assert "正在办理" in page


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "查询码"])
def test_another_code_opens_nothing_and_keeps_what_was_typed(customer, visit, code):
    number, _code = filed(customer)
    answer = visit(None).post("/portal/progress", {"number": number, "code": code})
    assert answer.status_code == 404
    assert "没有这个编号与查询码" in answer.text
    assert f'value="{number}"' in answer.text


def test_the_right_code_of_a_case_of_staff_opens_nothing(customer, app, staffed):
    started = staffed.start()
    with app.test_request_context():
        code = views.code_of(started.number)
    assert customer.post("/portal/progress", {"number": started.number, "code": code}).status_code == 404


def test_customers_read_what_steps_tell_them_and_no_more(customer, complaints, clock):
    number, _code = filed(customer)
    staff = person("林一凡", "after_sales", "sales", process="complaint")

    def do(node, **values):
        with complaints.reading() as session:
            view = case(session, CUSTOMER, number)
        wait = next(wait for wait in view.waits if wait.node_id == node)
        clock.forward(hours=1)
        complete_task(complaints, staff, clock.now, TaskId(view.head.id, *wait.id), values)

    do(
        "after_sales_register",
        first_contact="林一凡",
        callback_phone="138-0000-0099",
        purchase_proof="invoice",
        kind="man_made",
        severity="minor",
        memo="内部备忘",
    )
    do("verify_by_phone", verified_facts="货物堵住出风口", customer_demand="修好")
    do(
        "investigate",
        cause="misuse",
        responsible="customer",
        responsible_department="客户",
        investigation_note="内部调查",
        progress_told=True,
    )
    do("propose", proposal="上门说明", remedy="explain", promised_on=START.date(), urgent=False)
    do("answer", answer_text="我们将上门清理", customer_answer="accepted", chosen_solution="上门说明", time_told=True)
    page = customer.get(f"/portal/progress/{number}").text
    assert "答复" in page
    assert "我们将上门清理" in page
    assert "承诺办妥日期" in page
    assert "内部" not in page
    assert "林一凡" not in page


def test_filing_is_slowed_and_what_was_typed_stays(customer):
    for _ in range(views.FILING.free + 1):
        filed(customer)
    answer = customer.post("/portal/complaint", TOLD)
    assert answer.status_code == 429
    assert "秒后再试" in answer.text
    assert "杜女士" in answer.text


def test_guessing_codes_is_slowed_but_the_right_one_is_not(customer, visit):
    number, code = filed(customer)
    guesser = visit(None)
    for _ in range(views.ASKING_OF_ONE.free + 1):
        assert guesser.post("/portal/progress", {"number": number, "code": "WRONG"}).status_code == 404
    assert guesser.post("/portal/progress", {"number": number, "code": "WRONG"}).status_code == 429
    assert guesser.post("/portal/progress", {"number": number, "code": code}).status_code == 303


def test_who_guesses_one_number_does_not_slow_others_of_the_same_office(customer, visit):
    guessed, (own, _code) = filed(customer)[0], filed(customer)
    for _ in range(views.ASKING_OF_ONE.free + 2):
        answer = visit(None).post("/portal/progress", {"number": guessed, "code": "WRONG"})
    assert answer.status_code == 429
    assert visit(None).post("/portal/progress", {"number": own, "code": "MISTYPED"}).status_code == 404


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "phone"])
@pytest.mark.usefixtures("complaints")
def test_a_customer_files_and_looks_in_a_browser_with_the_keyboard(new_page, address, viewport):
    page = new_page(viewport=viewport)
    page.goto(f"{address}/portal")
    assert complaints_of_axe(page) == []
    page.get_by_role("link", name="我要投诉").press("Enter")
    page.locator("#customer").wait_for()
    assert complaints_of_axe(page) == []
    for key, text in TOLD.items():
        page.locator(f"#{key}").press_sequentially(text)
    page.get_by_role("button", name="提交").press("Enter")
    page.get_by_role("link", name="查看进度").wait_for()
    assert complaints_of_axe(page) == []
    page.get_by_role("link", name="查看进度").press("Enter")
    page.get_by_text("正在办理").wait_for()
    assert complaints_of_axe(page) == []


@pytest.mark.parametrize("key", process_keys())
def test_every_public_form_can_be_read(key):
    definition = bundle(key)
    for path, data in definition.files.items():
        if path.endswith(".form"):
            public_form(data, path)


def test_a_customer_is_told_where_nobody_would_answer(customer, complaints):
    said = "目前还没有人受理"
    assert said not in customer.get("/portal/complaint").text
    complaints.write(lambda session: session.execute(delete(person_roles).where(person_roles.c.person != "admin")))
    assert said in customer.get("/portal/complaint").text
