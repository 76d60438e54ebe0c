"""Every opening of a case by a person is noted behind the page, and auditors see who looked."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from engine.tables import openings
from web import openings as noting


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


def test_auditors_read_who_looked(visit, case):
    opened(visit("lin"), f"/cases/{case.number}")
    page = visit("ji").get(f"/audit/{case.number}/verify").text
    assert re.search(r"谁看过.*林一凡.*事项页.*尚无锚点", page, re.DOTALL)
    assert "Who looked" in visit("ji").speaks("en").get(f"/audit/{case.number}/verify").text


def test_a_page_is_shown_when_the_note_cannot_be_written(visit, case, monkeypatch, caplog):
    def fails(*_):
        raise OSError("full")

    monkeypatch.setattr(noting, "note_opening", fails)
    assert opened(visit("lin"), f"/cases/{case.number}") == 200
    assert f"opening not noted person=lin page=case case={case.number}" in caplog.text
