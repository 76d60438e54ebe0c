"""What somebody holds when they leave or lose a lane: it goes back to its group, and history says why."""

from __future__ import annotations

import pytest

from company.people.change_person import set_active, set_roles
from company.people.directory import actor_of
from company.people.held_tasks import held_tasks
from company.people.roles import matrix, set_matrix
from engine.actor import SYSTEM, Actor
from engine.clauses import Register
from engine.commands import claim_task, complete_task, resume_instance, suspend_instance
from engine.database import Database
from engine.proving.reexecute import verify
from engine.queries import entry_views
from engine.task_id import TaskId
from tests.product import MATERIALS, START, Approval, deploy_approval

pytest_plugins = ["tests.accounts"]

STEP = "supply_material_prices"


def somebody(db: Database, account: str) -> Actor:
    with db.reading() as session:
        return actor_of(session, account, START)


@pytest.fixture
def held(staffed: Database, register: Register) -> Approval:
    """A price approval whose prices the only buyer has taken on."""
    deploy_approval(staffed, register)
    approval = Approval(staffed).start(by=somebody(staffed, "lin"))
    claim_task(staffed, somebody(staffed, "wu"), START, approval.task(STEP))
    return approval


def holder(approval: Approval, task: TaskId) -> str | None:
    with approval.db.reading() as session:
        found = [item for account in ("wu", "he") for item in held_tasks(session, account, START).items]
    return next((item.assignee for item in found if item.id == task), None)


def test_what_somebody_holds_is_listed(held: Approval) -> None:
    with held.db.reading() as session:
        assert [(item.number, item.node_id) for item in held_tasks(session, "wu", START).items] == [(held.number, STEP)]


def test_deactivating_gives_everything_back_and_history_says_who_and_why(held: Approval) -> None:
    assert set_active(held.db, somebody(held.db, "admin"), START, "wu", active=False) == 1

    with held.db.reading() as session:
        last = entry_views(session, held.instance_id)[-1]
        assert verify(session, held.number).ok
    assert (last.kind, last.actor, last.values) == ("assign", "admin", {"to": None})
    assert {name: last.facts[name] for name in ("why", "held_by")} == {"why": "deactivated", "held_by": "wu"}
    set_roles(held.db, SYSTEM, START, "he", ["supply"])
    complete_task(held.db, somebody(held.db, "he"), START, held.task(STEP), MATERIALS)


def test_a_case_that_rests_is_no_exception(held: Approval) -> None:
    suspend_instance(held.db, SYSTEM, START, held.number, "盘点")
    assert set_active(held.db, SYSTEM, START, "wu", active=False) == 1
    assert holder(held, held.task(STEP)) is None
    resume_instance(held.db, SYSTEM, START, held.number, "盘点完")


def test_who_is_refused_deactivation_keeps_everything(held: Approval) -> None:
    assert set_active(held.db, SYSTEM, START, "lin", active=False) == 0
    assert holder(held, held.task(STEP)) == "wu"


def test_losing_the_role_gives_back_what_only_that_role_could_do(held: Approval) -> None:
    assert set_roles(held.db, SYSTEM, START, "wu", ["supply", "finance"]) == 0
    assert holder(held, held.task(STEP)) == "wu"
    assert set_roles(held.db, SYSTEM, START, "wu", ["finance"]) == 1
    assert holder(held, held.task(STEP)) is None


def test_withdrawing_the_lane_from_the_role_gives_back_as_well(held: Approval) -> None:
    with held.db.reading() as session:
        before = {"supply": matrix(session)["supply"]}
    set_matrix(held.db, SYSTEM, START, before, {"supply": before["supply"] - {"work:supply"}})
    assert holder(held, held.task(STEP)) is None


def test_nothing_is_half_done_when_a_release_fails(held: Approval, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object) -> int:
        raise RuntimeError("no")

    monkeypatch.setattr("company.people.change_person.release_all", fails)
    with pytest.raises(RuntimeError):
        set_active(held.db, SYSTEM, START, "wu", active=False)
    assert somebody(held.db, "wu").id == "wu"
    assert holder(held, held.task(STEP)) == "wu"
