"""Called cases: they start, end and are cancelled in the transaction of the step that leads there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.actor import SYSTEM
from engine.commands import (
    cancel_instance,
    complete_task,
    deploy_definition,
    resume_instance,
    retry_job,
    skip_job,
    suspend_instance,
)
from engine.commands.case import TooManyChildren
from engine.history.definitions import NoSuchProcess
from engine.lint import LintContext
from engine.proving.reexecute import verify
from engine.queries import case, incidents
from tests.bench import ADMIN, CLERK, NO_REGISTER, Bench, files_of


@pytest.fixture
def repair(bench: Bench) -> int:
    """A repair that has called its quote."""
    return bench.deploy("quote", "repair").start("repair", amount=300).instance_id


def quote_of(bench: Bench, number: str = "REP-2026-000001") -> tuple[int, str]:
    """The id and number of the newest called case."""
    with bench.db.reading() as session:
        child = case(session, ADMIN, number).children[-1]
    return child.id, child.number


def test_a_call_starts_a_case_with_its_own_number_and_history(bench: Bench, repair: int) -> None:
    child, number = quote_of(bench)

    assert bench.status() == {"REP-2026-000001": "active", "QUO-2026-000001": "active"}
    assert bench.open(repair) == ["quote_price"]
    assert bench.open(child) == ["offer"]
    assert bench.column("root_id") == bench.column("parent_id") == {"REP-2026-000001": None, number: repair}
    start = bench.entries(child)[0]
    assert (start.actor, start.facts["caller"]) == (CLERK.id, "REP-2026-000001")
    assert start.values == {"subject": "A1", "amount": 300}
    bench.check()


def labelled(name: str) -> dict[str, Any]:
    return {"id": name, "label": "甲", "properties": {"label:en": "A"}}


def with_defaults() -> dict[str, bytes]:
    """The quote with a start form that has defaults, a formula and a field that is hidden for small amounts."""
    fields = [
        {"type": "textfield", "key": "subject", "defaultValue": "无题"},
        {"type": "number", "key": "amount", "defaultValue": 100},
        {"type": "number", "key": "rounds", "defaultValue": 1},
        {"type": "checkbox", "key": "urgent", "defaultValue": True},
        {"type": "textfield", "key": "approver", "defaultValue": "经理", "conditional": {"hide": "=amount < 1000"}},
        {"type": "expression", "key": "doubled", "expression": "=amount * 2"},
        {
            "type": "dynamiclist",
            "path": "parts",
            "components": [{"type": "textfield", "key": "name"} | labelled("name")],
        },
    ]
    named = [each | labelled(f"field_{number}") for number, each in enumerate(fields)]
    form = {"type": "default", "schemaVersion": 18, "id": "opening", "components": named}
    diagram = files_of("quote")["processes/quote.bpmn"].replace(
        b'"start" cf:form="facts"', b'"start" cf:form="opening"'
    )
    return files_of("quote") | {
        "processes/quote.bpmn": diagram,
        "forms/quote/opening.form": json.dumps(form, ensure_ascii=False).encode(),
    }


@pytest.mark.parametrize(
    "amount, opened",
    [
        (300, {"rounds": 1, "urgent": True, "doubled": 600, "parts": []}),
        (2000, {"rounds": 1, "urgent": True, "doubled": 4000, "parts": [], "approver": "经理"}),
    ],
)
def test_a_called_case_begins_with_what_its_start_form_opens_with(
    bench: Bench, amount: int, opened: dict[str, Any]
) -> None:
    deploy_definition(bench.db, SYSTEM, bench.now, "quote", with_defaults(), LintContext(NO_REGISTER))
    bench.deploy("repair").start("repair", amount=amount)
    child, _ = quote_of(bench)

    assert bench.entries(child)[0].values == {"subject": "A1", "amount": amount} | opened
    assert bench.variables(child) == {"subject": "A1", "amount": amount} | opened
    bench.check()


def test_what_a_caller_leaves_empty_stays_empty(bench: Bench) -> None:
    deploy_definition(bench.db, SYSTEM, bench.now, "quote", with_defaults(), LintContext(NO_REGISTER))
    bench.deploy("repair").start("repair", amount=None)
    child, _ = quote_of(bench)

    assert bench.variables(child)["amount"] is None


def test_the_end_of_the_called_case_answers_its_caller_with_its_variables(bench: Bench, repair: int) -> None:
    bench.do("offer", subject="A1", amount=280)

    assert bench.status() == {"REP-2026-000001": "active", "QUO-2026-000001": "completed"}
    assert bench.open() == ["check"]
    assert bench.variables(repair)["quoted"] == {"subject": "A1", "amount": 280}
    assert bench.kinds(repair) == ["start", "child_ended"]
    assert bench.entries(repair)[1].facts == {"child": "QUO-2026-000001"}
    bench.check()


@pytest.mark.usefixtures("repair")
def test_an_error_that_ends_the_called_case_is_an_incident_of_the_caller(bench: Bench) -> None:
    bench.do("offer", amount=2000)

    assert bench.open() == ["quote_price"]
    with bench.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert (incident.number, incident.kind, incident.facts) == ("REP-2026-000001", "child", {"error": "TOO_DEAR"})
    bench.check()


@pytest.mark.usefixtures("repair")
def test_a_failed_call_may_be_tried_again_with_a_new_case(bench: Bench) -> None:
    bench.do("offer", amount=2000)
    retry_job(bench.db, ADMIN, bench.now, bench.wait("quote_price"), "客户同意")

    child, number = quote_of(bench)
    assert number == "QUO-2026-000002"
    assert bench.entries(child)[0].values == {"subject": "A1", "amount": 300}
    bench.do("offer", child, amount=250)
    assert bench.open() == ["check"]
    bench.check()


def test_a_failed_call_may_be_skipped(bench: Bench, repair: int) -> None:
    bench.do("offer", amount=2000)
    skip_job(bench.db, ADMIN, bench.now, bench.wait("quote_price"), "按旧价", {"amount": 100})

    assert bench.open() == ["check"]
    assert bench.variables(repair)["quoted"] == {"amount": 100}
    bench.check()


def test_an_error_boundary_catches_what_ended_the_called_case(bench: Bench) -> None:
    bench.deploy("quote", "repair_or_stop").start("repair_or_stop", amount=300)
    bench.do("offer", amount=2000)

    assert bench.open() == ["call_off"]
    bench.check()


def test_a_called_case_cancelled_on_its_own_is_an_error_of_its_caller(bench: Bench) -> None:
    bench.deploy("quote", "repair_or_stop").start("repair_or_stop", amount=300)
    cancel_instance(bench.db, ADMIN, bench.now, "QUO-2026-000001", "重复")

    assert bench.open() == ["call_off"]
    assert bench.status()["QUO-2026-000001"] == "cancelled"
    bench.check()


def test_a_boundary_that_interrupts_the_call_cancels_the_case(bench: Bench) -> None:
    bench.deploy("quote", "repair_or_stop").start("repair_or_stop", amount=300)
    bench.later(days=3).drain()

    assert bench.open() == ["call_off"]
    assert list(bench.status().values()) == ["active", "cancelled"]
    bench.check()


def test_cancelling_goes_down_the_case(bench: Bench) -> None:
    tree = bench.deploy("quote", "repair", "tree").start("tree", amount=300)
    cancel_instance(bench.db, ADMIN, bench.now, tree.number, "客户撤回")

    assert list(bench.status().values()) == ["cancelled"] * 3
    assert bench.open() == []
    leaf = bench.entries(3)[-1]
    assert leaf.facts == {"caller": "REP-2026-000001", "reason": "客户撤回"}
    bench.check()


@pytest.mark.usefixtures("repair")
def test_a_suspended_case_hears_on_resuming_what_ended_meanwhile(bench: Bench) -> None:
    suspend_instance(bench.db, ADMIN, bench.now, "REP-2026-000001", "等待")
    assert list(bench.status().values()) == ["suspended", "suspended"]
    resume_instance(bench.db, ADMIN, bench.now, "QUO-2026-000001", "只有报价继续")
    bench.do("offer", amount=200)
    assert bench.open() == ["quote_price"]

    resume_instance(bench.db, ADMIN, bench.now, "REP-2026-000001", "继续")

    assert bench.open() == ["check"]
    bench.check()


@pytest.mark.parametrize("process", ["squares", "squares_in_turn"])
def test_automatic_called_cases_of_a_loop_end_in_the_same_transaction(bench: Bench, process: str) -> None:
    case = bench.deploy("square", process).start(process, amount=5)

    assert bench.variables(case.instance_id)["squares"] == [1, 4, 9, 16, 25]
    assert bench.open() == ["check"]
    assert case.next_task == bench.wait("check"), "the outcome speaks of where the case stands after all of it"
    bench.check()


def test_a_process_that_calls_itself_without_end_is_stopped_and_nothing_happened(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.case.MOST_CHILDREN", 30)
    bench.deploy("endless")

    with pytest.raises(TooManyChildren, match="endless"):
        bench.start("endless")
    assert bench.status() == {}


def test_a_call_of_a_process_that_is_not_deployed_refuses_the_step(bench: Bench) -> None:
    bench.deploy("repair")

    with pytest.raises(NoSuchProcess, match="quote"):
        bench.start("repair")
    assert bench.status() == {}


@pytest.mark.usefixtures("repair")
def test_a_step_that_fails_in_the_caller_fails_in_the_called_case(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole transaction or nothing: the form can be sent again."""
    offer = bench.wait("offer")
    with monkeypatch.context() as broken:
        broken.setattr("engine.commands.case.INSTANCE_SCOPE", "?")
        with pytest.raises(KeyError):
            complete_task(bench.db, CLERK, bench.now, offer, {})
    assert bench.open() == ["offer", "quote_price"]

    complete_task(bench.db, CLERK, bench.now, offer, {})
    assert bench.open() == ["check"]


@pytest.mark.usefixtures("repair")
def test_caller_and_called_are_proven_each_by_its_own_history(bench: Bench) -> None:
    bench.do("offer", amount=280)

    with bench.db.reading() as session:
        reports = [verify(session, number) for number in bench.status()]
    assert [(report.ok, report.entries) for report in reports] == [(True, 2), (True, 2)]
