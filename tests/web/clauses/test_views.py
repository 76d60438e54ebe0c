"""Clause pages: what a clause asks, where it is carried out, how often, and how deadlines were kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.actor import SYSTEM
from engine.commands import deploy_definition
from engine.lint import LintContext
from engine.tables import waits
from tests.engine.lint.bundles import changed
from tests.product import DRAFT, MATERIALS, ROOT, START


def part(page, clause):
    """The piece of a regulation's page that one clause fills."""
    found = re.search(rf'<li class="panel clause-entry" id="{clause}">(.*?)</li>', page, re.DOTALL)
    assert found, clause
    return found[1]


@pytest.fixture
def case(staffed, act):
    """A case drafted twice: finance sent the first draft back."""
    staffed.start(act("lin")).do(act("wu"), "supply_material_prices", **MATERIALS)
    staffed.do(act("lin"), "draft_price", **DRAFT)
    staffed.do(act("zhou"), "finance_costing", costing_result="return", return_reason="依据不足")
    return staffed


@pytest.mark.usefixtures("staffed")
def test_every_regulation_is_listed_and_opens(visit, register):
    lin = visit("lin")
    page = lin.get("/clauses").text
    for regulation in register.regulations.values():
        assert regulation.title in page
        assert lin.get(f"/clauses/{regulation.key}").status_code == 200


@pytest.mark.usefixtures("staffed")
def test_a_clause_shows_its_text_its_reading_and_its_kind(visit, register):
    shown = part(visit("lin").get("/clauses/bk").text, "bk-12")
    clause = register.clause("bk-12")
    assert clause.text in shown
    assert clause.open in shown
    assert "规则" in shown
    english = part(visit("lin").speaks("en").get("/clauses/bk").text, "bk-12")
    assert "Reading: it belongs to the sales vice president." in english.replace("&#34;", '"')


@pytest.mark.usefixtures("staffed")
def test_a_clause_names_the_elements_that_carry_it_out(visit):
    page = visit("lin").get("/clauses/bk").text
    assert '<span class="chip">核算服务成本</span>' in part(page, "bk-12")
    assert "整个流程" in part(page, "bk-3")
    assert "还没有部署执行它的流程。" in part(page, "bk-7")


@pytest.mark.usefixtures("case")
def test_it_counts_entries_not_elements(visit):
    page = visit("lin").get("/clauses/bk").text
    # The start and the first two steps cite bk-11; the gateway behind costing and costing itself both cite bk-12.
    assert "执行 3 次" in part(page, "bk-11")
    assert "执行 1 次" in part(page, "bk-12")
    assert "执行" not in re.sub(r"执行它", "", part(page, "bk-7"))


def test_counts_are_fresh_within_a_minute(visit, case, act, clock):
    lin = visit("lin")
    assert "执行 3 次" in part(lin.get("/clauses/bk").text, "bk-11")
    case.do(act("lin"), "draft_price", **DRAFT)
    clock.forward(seconds=61)
    assert "执行 4 次" in part(lin.get("/clauses/bk").text, "bk-11")


def test_deadlines_are_counted_as_kept_missed_or_still_running(visit, case, db, clock):
    clock.now = case.now
    rows = {"supply_material_prices": 1, "draft_price": -5, "finance_costing": 1}
    for node, hours in rows.items():
        db.write(
            lambda session, node=node, hours=hours: session.execute(
                update(waits).where(waits.c.node_id == node).values(due_at=case.now + timedelta(hours=hours))
            )
        )
    shown = part(visit("lin").get("/clauses/bk").text, "bk-11")
    # supply kept its time; the first draft was late, and the second is open and over.
    assert "按期 1" in shown
    assert "逾期 2" in shown
    assert "未到期 0" in shown


@pytest.mark.usefixtures("staffed")
def test_clauses_are_found_by_number_and_words(visit):
    lin = visit("lin")
    assert 'href="/clauses/bk/bk-12"' in lin.get("/clauses?q=bk-12").text
    assert 'href="/clauses/bk/bk-12"' in lin.get("/clauses?q=成本核算").text
    assert "没有符合条件的条款" in lin.get("/clauses?q=没有这样的话").text


def test_a_clause_has_a_page_of_its_own(visit, case, register):
    page = visit("lin").get("/clauses/bk/bk-12").text
    clause = register.clause("bk-12")
    assert clause.text in page
    assert clause.open in page
    assert "执行 1 次" in page
    assert '<span class="chip">核算服务成本</span>' in page
    assert f'href="/cases/{case.number}"' in page
    assert 'href="/clauses/bk/bk-11"' in page
    assert 'href="/clauses/bk/bk-13"' in page


@pytest.mark.usefixtures("case")
def test_its_diagram_marks_the_elements_that_cite_it(visit):
    lin = visit("lin")
    page = lin.get("/clauses/bk/bk-12").text
    marks = json.loads(re.search(r'id="marks-price_approval">(.*?)</script>', page)[1])
    assert "finance_costing" in marks["path"]
    assert 'data-diagram="/clauses/diagrams/price_approval.bpmn"' in page
    answer = lin.get("/clauses/diagrams/price_approval.bpmn")
    assert answer.data == (ROOT / "processes/price_approval.bpmn").read_bytes()
    assert lin.get("/clauses/diagrams/nothing.bpmn").status_code == 404


def test_the_late_cases_are_named_to_those_who_may_see_them(visit, case, db, clock):
    clock.now = case.now
    late = update(waits).where(waits.c.node_id == "draft_price", waits.c.closed_at.is_(None))
    db.write(lambda session: session.execute(late.values(due_at=case.now - timedelta(hours=2))))
    section = re.search(r"<h2>逾期的事项</h2>(.*?)</section>", visit("lin").get("/clauses/bk/bk-11").text, re.DOTALL)
    assert section
    assert case.number in section[1]
    assert "还没有办" in section[1]
    # The counter neither sees price approvals nor started this one.
    page = visit("liu").get("/clauses/bk/bk-11").text
    assert "逾期 1" in page
    assert case.number not in page


@pytest.mark.usefixtures("staffed")
def test_a_clause_that_changed_alone_is_said_on_its_page_and_on_the_regulations(visit, app, register):
    services = app.extensions["clauseflow"]
    reworded = replace(register.clause("bk-12"), text="财务部一天内核算。")
    now = replace(register, clauses={**register.clauses, "bk-12": reworded})
    app.extensions["clauseflow"] = replace(services, register=now)
    lin = visit("lin")
    for shown in (lin.get("/clauses/bk/bk-12").text, part(lin.get("/clauses/bk").text, "bk-12")):
        assert "条款在第 1 版部署之后改过，“核算服务成本”没有跟着改。" in shown
    assert "没有跟着改" not in lin.get("/clauses/bk/bk-11").text


@pytest.mark.usefixtures("staffed")
def test_an_element_that_changed_alone_is_said_too(visit, db, register):
    files = changed('cf:notSameAs="draft_price"', 'cf:notSameAs="draft_price" cf:due="P1D"').files
    deploy_definition(db, SYSTEM, START, "price_approval", files, LintContext(register))
    assert "第 2 版改了“核算服务成本”的期限，条款没有改。" in visit("lin").get("/clauses/bk/bk-12").text
    english = visit("lin").speaks("en").get("/clauses/bk/bk-12").text
    assert "Version 2 changed “Calculate the service cost” (due time); the clause did not change." in english


@pytest.mark.usefixtures("staffed")
def test_an_unknown_clause_is_no_page(visit):
    lin = visit("lin")
    assert lin.get("/clauses/bk/bk-999").status_code == 404
    assert lin.get("/clauses/sc/bk-12").status_code == 404
    assert visit(None).get("/clauses/bk/bk-12").status_code == 303


@pytest.mark.usefixtures("staffed")
def test_an_unknown_regulation_is_no_page_and_strangers_log_in_first(visit):
    assert visit("lin").get("/clauses/nothing").status_code == 404
    assert visit(None).get("/clauses").status_code == 303
    assert visit(None).get("/clauses/bk").status_code == 303
