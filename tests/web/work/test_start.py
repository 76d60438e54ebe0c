"""Starting a process from the pages."""

from __future__ import annotations

from sqlalchemy import delete

from engine.tables import deployments
from tests.product import FAULT

ASKED = {key: value for key, value in FAULT.items() if isinstance(value, str)} | {"in_warranty": "false"}


def test_it_offers_what_a_person_may_start_with_a_sentence_and_its_clauses(visit):
    page = visit("lin").get("/start").text
    assert "服务价格审批" in page
    assert "决定一次服务向客户收多少钱" in page
    assert "bk-10" in page


def test_it_offers_nothing_to_somebody_who_starts_nothing(visit):
    page = visit("wu").get("/start").text
    assert "服务价格审批" not in page
    assert "没有可以发起的流程" in page


def test_where_nothing_is_deployed_it_says_how_to_deploy(visit, db):
    assert "/admin/roles" in visit("admin").get("/start").text, "who starts nothing but may change that is led there"
    db.write(lambda session: session.execute(delete(deployments)))
    assert "clauseflow deploy processes" in visit("lin").get("/start").text


def test_it_searches_by_words_in_both_languages(visit):
    lin = visit("lin")
    assert "服务价格审批" in lin.get("/start?q=价格").text
    assert "服务价格审批" in lin.get("/start?q=PRICE+approval").text
    assert "没有符合条件的流程" in lin.get("/start?q=摩天轮").text


def test_it_opens_the_case_and_goes_to_it(visit):
    answer = visit("lin").post("/start/price_approval", ASKED)
    assert answer.status_code == 303
    assert answer.location == "/cases/PA-2026-000001"


def test_it_refuses_an_incomplete_form_and_keeps_what_was_typed(visit):
    lin = visit("lin")
    answer = lin.post("/start/price_approval", ASKED | {"customer": "", "fault": "<b>怪声</b>"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "&lt;b&gt;怪声&lt;/b&gt;" in answer.text
    assert lin.get("/cases/PA-2026-000001").status_code == 404


def test_it_refuses_who_may_not_start_it(visit):
    wu = visit("wu")
    assert wu.get("/start/price_approval").status_code == 403
    answer = wu.post("/start/price_approval", ASKED)
    assert answer.status_code == 403
    assert "吴满仓" in answer.text
    assert "发起服务价格审批" in answer.text


def test_it_knows_no_other_process(visit):
    assert visit("lin").get("/start/weather").status_code == 404


def test_it_refuses_an_undeclared_field(visit):
    answer = visit("lin").post("/start/price_approval", ASKED | {"final_price": "1"})
    assert answer.status_code == 422


def test_it_says_how_the_form_stands_while_somebody_types(visit):
    lin = visit("lin")
    assert lin.post("/start/price_approval/evaluate", ASKED).json["hidden"]["warranty_until"] is True
    answer = lin.post("/start/price_approval/evaluate", ASKED | {"in_warranty": "true"})
    assert answer.json["hidden"]["warranty_until"] is False
