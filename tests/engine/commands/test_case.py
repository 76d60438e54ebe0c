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
from engine.queries import case, incidents
from engine.reexecute import verify
from tests.bench import ADMIN, CLERK, NO_REGISTER, House, files_of


@pytest.fixture
def repair(house: House) -> int:
    """A repair that has called its quote."""
    return house.deploy("quote", "repair").start("repair", amount=300).instance_id


def quote_of(house: House, number: str = "REP-2026-000001") -> tuple[int, str]:
    """The id and number of the newest called case."""
    with house.db.reading() as session:
        child = case(session, ADMIN, number).children[-1]
    return child.id, child.number


def test_a_call_starts_a_case_with_its_own_number_and_history(house: House, repair: int) -> None:
    child, number = quote_of(house)

    assert house.status() == {"REP-2026-000001": "active", "QUO-2026-000001": "active"}
    assert house.open(repair) == ["quote_price"]
    assert house.open(child) == ["offer"]
    assert house.column("root_id") == house.column("parent_id") == {"REP-2026-000001": None, number: repair}
    start = house.entries(child)[0]
    assert (start.actor, start.facts["caller"]) == (CLERK.id, "REP-2026-000001")
    assert start.values == {"subject": "A1", "amount": 300}
    house.check()


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
    house: House, amount: int, opened: dict[str, Any]
) -> None:
    deploy_definition(house.db, SYSTEM, house.now, "quote", with_defaults(), LintContext(NO_REGISTER))
    house.deploy("repair").start("repair", amount=amount)
    child, _ = quote_of(house)

    assert house.entries(child)[0].values == {"subject": "A1", "amount": amount} | opened
    assert house.variables(child) == {"subject": "A1", "amount": amount} | opened
    house.check()


def test_what_a_caller_leaves_empty_stays_empty(house: House) -> None:
    deploy_definition(house.db, SYSTEM, house.now, "quote", with_defaults(), LintContext(NO_REGISTER))
    house.deploy("repair").start("repair", amount=None)
    child, _ = quote_of(house)

    assert house.variables(child)["amount"] is None


def test_the_end_of_the_called_case_answers_its_caller_with_its_variables(house: House, repair: int) -> None:
    house.do("offer", subject="A1", amount=280)

    assert house.status() == {"REP-2026-000001": "active", "QUO-2026-000001": "completed"}
    assert house.open() == ["check"]
    assert house.variables(repair)["quoted"] == {"subject": "A1", "amount": 280}
    assert house.kinds(repair) == ["start", "child_ended"]
    assert house.entries(repair)[1].facts == {"child": "QUO-2026-000001"}
    house.check()


@pytest.mark.usefixtures("repair")
def test_an_error_that_ends_the_called_case_is_an_incident_of_the_caller(house: House) -> None:
    house.do("offer", amount=2000)

    assert house.open() == ["quote_price"]
    with house.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert (incident.number, incident.kind, incident.facts) == ("REP-2026-000001", "child", {"error": "TOO_DEAR"})
    house.check()


@pytest.mark.usefixtures("repair")
def test_a_failed_call_may_be_tried_again_with_a_new_case(house: House) -> None:
    house.do("offer", amount=2000)
    retry_job(house.db, ADMIN, house.now, house.wait("quote_price"), "客户同意")

    child, number = quote_of(house)
    assert number == "QUO-2026-000002"
    assert house.entries(child)[0].values == {"subject": "A1", "amount": 300}
    house.do("offer", child, amount=250)
    assert house.open() == ["check"]
    house.check()


def test_a_failed_call_may_be_skipped(house: House, repair: int) -> None:
    house.do("offer", amount=2000)
    skip_job(house.db, ADMIN, house.now, house.wait("quote_price"), "按旧价", {"amount": 100})

    assert house.open() == ["check"]
    assert house.variables(repair)["quoted"] == {"amount": 100}
    house.check()


def test_an_error_boundary_catches_what_ended_the_called_case(house: House) -> None:
    house.deploy("quote", "repair_or_stop").start("repair_or_stop", amount=300)
    house.do("offer", amount=2000)

    assert house.open() == ["call_off"]
    house.check()


def test_a_called_case_cancelled_on_its_own_is_an_error_of_its_caller(house: House) -> None:
    house.deploy("quote", "repair_or_stop").start("repair_or_stop", amount=300)
    cancel_instance(house.db, ADMIN, house.now, "QUO-2026-000001", "重复")

    assert house.open() == ["call_off"]
    assert house.status()["QUO-2026-000001"] == "cancelled"
    house.check()


def test_a_boundary_that_interrupts_the_call_cancels_the_case(house: House) -> None:
    house.deploy("quote", "repair_or_stop").start("repair_or_stop", amount=300)
    house.later(days=3).drain()

    assert house.open() == ["call_off"]
    assert list(house.status().values()) == ["active", "cancelled"]
    house.check()


def test_cancelling_goes_down_the_case(house: House) -> None:
    tree = house.deploy("quote", "repair", "tree").start("tree", amount=300)
    cancel_instance(house.db, ADMIN, house.now, tree.number, "客户撤回")

    assert list(house.status().values()) == ["cancelled"] * 3
    assert house.open() == []
    leaf = house.entries(3)[-1]
    assert leaf.facts == {"caller": "REP-2026-000001", "reason": "客户撤回"}
    house.check()


@pytest.mark.usefixtures("repair")
def test_a_suspended_case_hears_on_resuming_what_ended_meanwhile(house: House) -> None:
    suspend_instance(house.db, ADMIN, house.now, "REP-2026-000001", "等待")
    assert list(house.status().values()) == ["suspended", "suspended"]
    resume_instance(house.db, ADMIN, house.now, "QUO-2026-000001", "只有报价继续")
    house.do("offer", amount=200)
    assert house.open() == ["quote_price"]

    resume_instance(house.db, ADMIN, house.now, "REP-2026-000001", "继续")

    assert house.open() == ["check"]
    house.check()


@pytest.mark.parametrize("process", ["squares", "squares_in_turn"])
def test_automatic_called_cases_of_a_loop_end_in_the_same_transaction(house: House, process: str) -> None:
    case = house.deploy("square", process).start(process, amount=5)

    assert house.variables(case.instance_id)["squares"] == [1, 4, 9, 16, 25]
    assert house.open() == ["check"]
    assert case.next_task == house.wait("check"), "the outcome speaks of where the case stands after all of it"
    house.check()


def test_a_process_that_calls_itself_without_end_is_stopped_and_nothing_happened(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.case.MOST_CHILDREN", 30)
    house.deploy("endless")

    with pytest.raises(TooManyChildren, match="endless"):
        house.start("endless")
    assert house.status() == {}


def test_a_call_of_a_process_that_is_not_deployed_refuses_the_step(house: House) -> None:
    house.deploy("repair")

    with pytest.raises(NoSuchProcess, match="quote"):
        house.start("repair")
    assert house.status() == {}


@pytest.mark.usefixtures("repair")
def test_a_step_that_fails_in_the_caller_fails_in_the_called_case(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole transaction or nothing: the form can be sent again."""
    offer = house.wait("offer")
    with monkeypatch.context() as broken:
        broken.setattr("engine.commands.case.INSTANCE_SCOPE", "?")
        with pytest.raises(KeyError):
            complete_task(house.db, CLERK, house.now, offer, {})
    assert house.open() == ["offer", "quote_price"]

    complete_task(house.db, CLERK, house.now, offer, {})
    assert house.open() == ["check"]


@pytest.mark.usefixtures("repair")
def test_caller_and_called_are_proven_each_by_its_own_history(house: House) -> None:
    house.do("offer", amount=280)

    with house.db.reading() as session:
        reports = [verify(session, number) for number in house.status()]
    assert [(report.ok, report.entries) for report in reports] == [(True, 2), (True, 2)]
