"""Every opening of a case by a person is noted behind the page, and auditors see who looked."""

from __future__ import annotations

import re
import sqlite3
import sys
from contextlib import closing

import pytest
from flask import request
from sqlalchemy import select, update

from engine.tables import instances, openings
from tests.product import DRAFT, FAULT
from web.audit.views import LOOKS
from web.shared import access_log


@pytest.fixture
def case(staffed, act):
    return staffed.start(act("lin"))


def noted(case):
    with case.db.reading() as session:
        rows = session.execute(select(openings).order_by(openings.c.id)).all()
    return [(row.person, row.number, row.page) for row in rows]


def opened(visitor, address):
    """Open a page to its end, as a server does."""
    with visitor.get(address) as answer:
        return answer.status_code


def posted(visitor, address, values=None):
    """Send a form and read the answer to its end."""
    with visitor.post(address, values) as answer:
        return answer.status_code


def test_each_page_of_a_case_is_noted_with_who_and_what(visit, case):
    task = case.task("supply_material_prices")
    assert opened(visit("lin"), f"/cases/{case.number}") == 200
    assert opened(visit("wu"), f"/tasks/{task}") == 200
    assert opened(visit("ji"), f"/audit/{case.number}") == 200
    assert opened(visit("ji"), f"/audit/{case.number}/verify") == 200
    assert opened(visit("lin"), f"/documents/{case.number}/0") == 200
    assert noted(case) == [
        ("lin", case.number, "case"),
        ("wu", case.number, "task"),
        ("ji", case.number, "replay"),
        ("ji", case.number, "audit"),
        ("lin", case.number, "document"),
    ]


def test_what_was_refused_or_is_no_case_is_no_opening(visit, case):
    opened(visit("lin"), "/cases")
    opened(visit("lin"), "/cases/PA-2026-999999")
    opened(visit("lin"), f"/audit/{case.number}/verify")
    opened(visit(None), f"/cases/{case.number}")
    assert noted(case) == []


@pytest.mark.parametrize(
    "more", ["number={}", "case={}", "task=1-0-0", "number=" + "9" * 100, "number=%00", "case=%00"]
)
def test_what_the_address_says_beside_changes_nothing(visit, case, act, more):
    other = case.number
    case.start(act("lin"), **FAULT)
    more = more.format(other)
    task = case.task("supply_material_prices")
    assert opened(visit("lin"), f"/cases/{case.number}?{more}") == 200
    assert opened(visit("wu"), f"/tasks/{task}?{more}") == 200
    assert noted(case) == [("lin", case.number, "case"), ("wu", case.number, "task")]


def test_a_refused_post_shows_the_task_and_is_noted(visit, case):
    task = case.task("supply_material_prices")
    assert posted(visit("wu"), f"/tasks/{task}", {"materials-0-name": "a", "materials-0-quantity": "x"}) == 422
    assert noted(case) == [("wu", case.number, "task")]


def test_a_post_that_leads_on_is_none(visit, case):
    task = case.task("supply_material_prices")
    assert posted(visit("wu"), f"/tasks/{task}/claim") == 303
    assert posted(visit("wu"), f"/cases/{case.number}/comments", {"text": "好"}) == 303
    assert posted(visit("wu"), f"/cases/{case.number}/comments", {"text": ""}) == 422
    assert noted(case) == []


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/audit/{number}/frames/0", "replay"),
        ("/audit/{number}/diagram.bpmn", "replay"),
        ("/cases/{number}/about", "case"),
        ("/documents/{number}/code.svg", "document"),
        ("/tasks/{task}/about", "task"),
        ("/tasks/{task}/delegate", "task"),
        ("/tasks/{task}/quick", "task"),
    ],
)
def test_what_stands_beside_a_page_is_noted_when_the_page_was_not_opened(visit, case, address, page):
    address = address.format(number=case.number, task=case.task("supply_material_prices"))
    assert opened(visit("lin"), address) == 200
    assert noted(case) == [("lin", case.number, page)]


def test_what_an_open_page_asks_for_is_noted_once_with_it_and_anew_after_an_hour(visit, case, clock):
    lin = visit("lin")
    opened(lin, f"/audit/{case.number}")
    for frame in range(2):
        opened(lin, f"/audit/{case.number}/frames/{frame}")
    assert noted(case) == [("lin", case.number, "replay")]
    clock.forward(minutes=61)
    opened(lin, f"/audit/{case.number}/frames/0")
    opened(visit("ji"), f"/audit/{case.number}/frames/0")
    assert noted(case)[1:] == [("lin", case.number, "replay"), ("ji", case.number, "replay")]


def test_a_task_that_is_over_shows_its_case(visit, case):
    task = case.task("draft_price") if case.drafted() else None
    assert opened(visit("wu"), f"/tasks/{task}") == 409
    assert posted(visit("lin"), f"/tasks/{task}", {name: str(value) for name, value in DRAFT.items()}) == 409
    assert noted(case) == [("wu", case.number, "task"), ("lin", case.number, "task")]


def test_the_relatives_a_page_lists_are_not_opened_by_it(visit, case, act, db):
    first = case.number
    case.start(act("lin"), **FAULT)
    db.write(lambda session: session.execute(
        update(instances).where(instances.c.number == case.number).values(parent_id=case.instance_id - 1)))  # fmt: skip
    opened(visit("lin"), f"/cases/{first}")
    assert noted(case) == [("lin", first, "case")]


NO_CASE = {
    "admin", "audit.search", "auth", "cases.search", "clauses", "design", "documents.blank", "filters", "inbox", "me",
    "notifications", "outside", "portal", "preferences", "records", "start", "static",
}  # fmt: skip
"""Endpoints, or whole blueprints, that show no case but in lists."""


def test_every_route_says_whether_it_shows_a_case(app):
    known = set(access_log.PAGES) | access_log.GO_ON
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    unsaid = {one for one in endpoints - known if not {one, one.partition(".")[0]} & NO_CASE}
    assert unsaid == set(), "add a line to web/shared/access_log.py"
    assert known <= endpoints


def test_what_is_opened_has_words_for_auditors():
    assert {shown.kind for shown in access_log.PAGES.values()} == set(LOOKS)


@pytest.mark.long
def test_no_other_route_loads_a_case(app, visit, case, monkeypatch):
    """Whatever loads one by a route without a line would stand in the log as a case page."""
    loaded = set()
    for module in ("cases", "task"):
        monkeypatch.setattr(
            sys.modules[f"engine.queries.{module}"], "opened", lambda *args: loaded.add(request.endpoint)
        )
    people = [visit(account) for account in ("lin", "admin", "ji", "mo")]
    places = {"number": case.number, "task_id": str(case.task("supply_material_prices")), "key": "price_approval",
              "name": "fault", "node_id": "draft_price", "seq": "0", "kind": "customers", "account": "lin",
              "sha256": "0" * 64, "process": "price_approval", "clause_id": "bk-1", "filename": "app.css"}  # fmt: skip
    for rule in app.url_map.iter_rules():
        own = {"number": "1"} if "<int:number>" in rule.rule else {}
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found, own=own: (places | own)[found[1]], rule.rule)
        for one in people:
            one.get(f"{address}?case={case.number}&task={places['task_id']}").close()
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert loaded == (set(access_log.PAGES) & gets) - {"portal.progress"}, "a customer's own page is opened by its code"


def test_auditors_read_who_looked(visit, case):
    opened(visit("lin"), f"/cases/{case.number}")
    page = visit("ji").get(f"/audit/{case.number}/verify").text
    assert re.search(r"谁看过.*林一凡.*事项页.*尚无锚点", page, re.DOTALL)
    assert "Who looked" in visit("ji").speaks("en").get(f"/audit/{case.number}/verify").text


def test_a_page_is_shown_when_the_note_cannot_be_written_and_the_next_brings_it(visit, case, monkeypatch, caplog):
    def fails(*_):
        raise OSError("full")

    with monkeypatch.context() as broken:
        broken.setattr(access_log, "note_openings", fails)
        assert opened(visit("lin"), f"/cases/{case.number}") == 200
    assert f"opening not noted yet person=lin page=case case={case.number}" in caplog.text
    assert noted(case) == []
    assert opened(visit("ji"), f"/audit/{case.number}") == 200
    assert noted(case) == [("lin", case.number, "case"), ("ji", case.number, "replay")]


def test_while_another_program_holds_sqlite_notes_are_kept_in_their_order(visit, case):
    if case.db.dialect != "sqlite":
        pytest.skip("PostgreSQL has no lock of all")
    lin, wu = visit("lin"), visit("wu")
    with closing(sqlite3.connect(case.db.engine.url.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for visitor in (lin, wu, lin):
            assert opened(visitor, f"/cases/{case.number}") == 200
        other.execute("ROLLBACK")
    assert noted(case) == []
    assert opened(wu, f"/cases/{case.number}") == 200
    assert [person for person, _, _ in noted(case)] == ["lin", "wu", "lin", "wu"]
