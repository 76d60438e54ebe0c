"""The table of handlers: a file and a line of documentation each, and a diagram that really runs all of them."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from company.linked_cases import linked_with
from company.stock import on_loan
from engine.actor import SYSTEM
from engine.bpmn import load_state
from engine.clauses import Register
from engine.commands import deploy_definition, start_instance
from engine.lint import LintContext
from engine.proving.reexecute import verify
from engine.tables import instances
from engine.worker import Worker
from handlers import HANDLERS
from tests.product import ROOT, START, Approval

DIAGRAM = Path(__file__).parent / "every_handler.bpmn"


def test_every_handler_has_a_file_of_its_name() -> None:
    parts = {"__init__", "given"}

    assert {path.stem for path in (ROOT / "handlers").glob("*.py")} - parts == set(HANDLERS)


def test_every_handler_is_documented() -> None:
    page = (ROOT / "docs" / "handlers.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(HANDLERS)


def test_a_diagram_may_use_them_all(approval: Approval) -> None:
    files = {"processes/every_handler.bpmn": DIAGRAM.read_bytes()}
    context = LintContext(Register({}, {}), frozenset(HANDLERS), frozenset({"every_handler"}))
    deploy_definition(approval.db, SYSTEM, START, "every_handler", files, context)
    assert DIAGRAM.read_text("utf-8").count("cf:handler=") == len(HANDLERS)

    number = start_instance(approval.db, SYSTEM, START, "every_handler", {}).number
    Worker(approval.db, HANDLERS, lambda: START, "worker").drain(START)

    with approval.db.reading() as session:
        case = session.execute(select(instances.c.status, instances.c.state).where(instances.c.number == number)).one()
        assert case.status == "completed"
        assert load_state(case.state).variables[""]["number"] == "PA-2026-000001", "the last handler's result"
        assert linked_with(session, number) == ["PA-2026-000001"]
        assert on_loan(session, number, "MF-120") == 2
        assert verify(session, number).ok
