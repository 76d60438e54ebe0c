"""What somebody holds when they leave or lose a lane: it goes back to its group, and history says why."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from company.people.change_person import set_active, set_roles
from company.people.directory import NotActive, actor_of
from company.people.held_tasks import CannotReceive, hand_task, held_tasks, take_task
from company.people.roles import matrix, set_matrix
from company.people.substitutes import add_substitute
from engine.actor import SYSTEM, Actor, NotPermitted
from engine.clauses import Register
from engine.commands import claim_task, complete_task, resume_instance, suspend_instance
from engine.database import Database
from engine.history.reading_steps import steps_of
from engine.proving.reexecute import verify
from engine.session import Session
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
        last = steps_of(session, held.instance_id)[-1]
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


@pytest.fixture
def free(staffed: Database, register: Register) -> Approval:
    """A price approval whose prices no buyer has taken on yet."""
    deploy_approval(staffed, register)
    return Approval(staffed).start(by=somebody(staffed, "lin"))


GOING: list[Callable[[Database], Any]] = [
    lambda db: set_active(db, SYSTEM, START, "wu", active=False),
    lambda db: set_roles(db, SYSTEM, START, "wu", ["finance"]),
]


def given(approval: Approval, how: str) -> Callable[[Database | Session], None]:
    """wu claims the task, or is handed it, as the page knew everybody when it was asked for."""
    task, wu, manager = approval.task(STEP), somebody(approval.db, "wu"), SYSTEM
    if how == "claimed":
        return lambda where: take_task(where, wu, START, task)
    return lambda where: hand_task(where, manager, START, task, "wu")


@pytest.mark.parametrize("how", ["claimed", "handed"])
@pytest.mark.parametrize("go", GOING, ids=["deactivated", "role lost"])
def test_who_has_just_gone_is_given_nothing(free: Approval, how: str, go: Callable[[Database], Any]) -> None:
    give = given(free, how)
    go(free.db)
    with pytest.raises((NotActive, NotPermitted, CannotReceive)):
        give(free.db)
    assert holder(free, free.task(STEP)) is None


@pytest.mark.parametrize("how", ["claimed", "handed"])
@pytest.mark.parametrize("go", GOING, ids=["deactivated", "role lost"])
def test_who_goes_while_they_are_given_a_task_gives_it_back(
    free: Approval, how: str, go: Callable[[Database], Any]
) -> None:
    give = given(free, how)
    with ThreadPoolExecutor(1) as other:

        def work(session: Session) -> Future[int]:
            give(session)
            going = other.submit(go, free.db)
            with pytest.raises(TimeoutError):  # it waits for us
                going.result(timeout=0.3)
            return going

        assert free.db.write(work).result(timeout=30) == 1
    assert holder(free, free.task(STEP)) is None


@pytest.mark.parametrize("how", ["claimed", "handed"])
@pytest.mark.parametrize("go", GOING, ids=["deactivated", "role lost"])
def test_at_once_nobody_who_has_gone_keeps_a_task(free: Approval, how: str, go: Callable[[Database], Any]) -> None:
    for _ in range(5):
        set_active(free.db, SYSTEM, START, "wu", active=True)
        set_roles(free.db, SYSTEM, START, "wu", ["supply"])
        give, together = given(free, how), Barrier(2)

        def meet(act: Callable[[Database], Any], together: Barrier = together) -> None:
            together.wait(timeout=30)
            with suppress(NotActive, NotPermitted, CannotReceive):
                act(free.db)

        with ThreadPoolExecutor(2) as both:
            list(both.map(meet, (give, go)))
        assert holder(free, free.task(STEP)) is None


def test_what_a_substitute_claims_is_the_absent_persons(free: Approval) -> None:
    add_substitute(free.db, SYSTEM, START, "wu", "shi", START, START + timedelta(days=3))
    task = free.task(STEP)
    take_task(free.db, somebody(free.db, "shi"), START, task)
    with free.db.reading() as session:
        last = steps_of(session, free.instance_id)[-1]
    assert (last.actor, last.on_behalf_of, last.values) == ("shi", "wu", {"to": "wu"})
    complete_task(free.db, somebody(free.db, "shi"), START, task, MATERIALS)


def test_a_substitute_claims_nothing_for_who_has_just_gone(free: Approval) -> None:
    add_substitute(free.db, SYSTEM, START, "wu", "shi", START, START + timedelta(days=3))
    shi = somebody(free.db, "shi")
    set_active(free.db, SYSTEM, START, "wu", active=False)
    with pytest.raises(NotPermitted):
        take_task(free.db, shi, START, free.task(STEP))


def test_a_task_held_when_the_substitution_ends_is_the_absent_persons_to_do(free: Approval) -> None:
    add_substitute(free.db, SYSTEM, START, "wu", "shi", START, START + timedelta(days=3))
    take_task(free.db, somebody(free.db, "shi"), START, free.task(STEP))
    later = START + timedelta(days=4)
    with free.db.reading() as session:
        shi, wu = actor_of(session, "shi", later), actor_of(session, "wu", later)
    with pytest.raises(NotPermitted):
        complete_task(free.db, shi, later, free.task(STEP), MATERIALS)
    complete_task(free.db, wu, later, free.task(STEP), MATERIALS)
