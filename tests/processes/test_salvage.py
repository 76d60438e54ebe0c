"""Old parts, one by one: what the salvage group recovers comes into stock, and every one has its value recorded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cli.content import bundle
from company import stock
from company.calendar.seed import ensure_calendar
from demo import people as demo
from demo.cast import played
from engine.actor import SYSTEM
from engine.clauses import Register
from engine.commands import deploy_definition
from engine.database import Database
from engine.lint import LintContext
from engine.scenarios import run_scenario
from handlers import HANDLERS
from tests.processes.drawing import ROOT, Drawing, fields_of, leaving, ours
from tests.product import START

SALVAGE = Drawing(ROOT / "processes" / "salvage.bpmn")


def test_every_element_carries_out_the_one_clause() -> None:
    assert {ours(element, "clauses") for element in (SALVAGE.process, *SALVAGE.nodes.values())} == {"cb-5"}


def test_the_reading_stands_on_the_diagram_as_the_register_says_it(register: Register) -> None:
    clause = register.clause("cb-5")
    [note] = SALVAGE.all("textAnnotation")
    assert clause is not None
    assert note.findtext("{*}text") == f"cb-5\n{clause.open}"
    assert ours(note, "textEn") == f"cb-5: {clause.open_en}"


def test_only_what_was_recovered_is_booked_in() -> None:
    assert leaving(SALVAGE, "is_anything_recovered")["book_recovered"] == 'salvage_way != "residual"'
    assert 'kind: "in"' in ours(SALVAGE.nodes["book_recovered"], "input")


def test_every_old_part_has_its_value_recorded() -> None:
    value = next(f for f in fields_of(SALVAGE.forms()["judge_old_part"]) if f.get("key") == "residual_value")
    assert value["validate"]["required"] is True
    assert "conditional" not in value


@pytest.mark.long
def test_spares_of_several_parts_come_into_stock(db: Database, register: Register) -> None:
    demo.load_people(db, START)
    ensure_calendar(db, START)
    deploy_definition(db, SYSTEM, START, "salvage", bundle("salvage").files, LintContext(register, frozenset(HANDLERS)))
    file = played("salvage")

    assert run_scenario(db, file, file.scenarios[0], HANDLERS).problems == ()

    with db.reading() as session:
        assert stock.in_store(session, "WL-0420") == Decimal(1)
        assert stock.in_store(session, "SR-03") == Decimal(2)
        assert stock.in_store(session, "WL-0421") == 0
