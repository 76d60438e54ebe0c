"""Commands that compete on connections of their own: one wins, the other is tried again inside or refused in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import (
    cancel_instance,
    claim_task,
    complete_task,
    correct_data,
    publish_message,
    resume_instance,
    step,
    suspend_instance,
)
from engine.commands.unattended.answer_wait import finish_job, fire_timer
from engine.commands.unattended.deliver_message import deliver_message
from engine.commands.unattended.fire_schedule import fire_schedule
from engine.commands.unattended.lease_jobs import lease_jobs
from engine.database import Database, DatabaseBusy
from engine.errors import ClauseflowError
from engine.history.schedules import all_schedules
from engine.tables import waits
from engine.task_id import TaskId
from engine.worker import LEASE
from tests.bench import ADMIN, CLERK, House

ROUNDS = 5


def complete(house: House) -> Callable[[], Any]:
    task = house.wait("reply", len(house.status()))
    return lambda: complete_task(house.db, CLERK, house.now, task, {"amount": 1})


def timer(house: House) -> Callable[[], Any]:
    wait, due = house.wait("overdue", len(house.status())), house.now + timedelta(hours=1)
    return lambda: fire_timer(house.db, due, wait)


RIVALS: dict[str, Callable[[House], Callable[[], Any]]] = {
    "complete": complete,
    "timer": timer,
    "cancel": lambda house: lambda: cancel_instance(house.db, ADMIN, house.now, number(house), "撤回"),
    "suspend": lambda house: lambda: suspend_instance(house.db, ADMIN, house.now, number(house), "等待"),
    "message": lambda house: lambda: publish_message(house.db, ADMIN, house.now, "payment received", number(house)),
}
"""What competes with completing the task; each is made ready first and then let loose."""


def number(house: House) -> str:
    """The newest case, which is its own subject too."""
    return list(house.status())[-1]


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Let all loose at once; what each gave, or the sentence it was refused with.

    Other errors are failures, and so is a database too busy to answer: nobody is ever to see a lock.
    """
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait(timeout=30)
        try:
            return act()
        except DatabaseBusy:
            raise
        except ClauseflowError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def postgres_house(postgres_url: str) -> Iterator[House]:
    """Where two can have read the same state to write: SQLite lets in one writer at a time."""
    db = Database(postgres_url)
    yield House(db)
    db.dispose()


def meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next two steps wait for one another between reading and writing."""
    gate, advance = Barrier(2), step.advance

    def together(*args: Any) -> Any:
        with suppress(BrokenBarrierError):  # the rival came first altogether, or this is a second attempt
            gate.wait(timeout=1)
        return advance(*args)

    monkeypatch.setattr(step, "advance", together)


@pytest.mark.parametrize("rival", RIVALS)
def test_one_of_two_wins_and_nothing_is_lost(house: House, rival: str) -> None:
    house.deploy("deadline")
    for _ in range(ROUNDS):
        case = house.start("deadline", subject=f"DEA-2026-{len(house.status()) + 1:06d}").instance_id
        outcomes = race(complete(house), RIVALS[rival](house))
        judge(house, case, rival, outcomes)
    house.check()


@pytest.mark.parametrize("rival", RIVALS)
def test_one_of_two_that_read_the_same_state_wins(
    postgres_house: House, rival: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = postgres_house.deploy("deadline")
    case = house.start("deadline", subject="DEA-2026-000001").instance_id
    acts = complete(house), RIVALS[rival](house)
    meet(monkeypatch)

    judge(house, case, rival, race(*acts))
    house.check()


def judge(house: House, case: int, rival: str, outcomes: list[Any]) -> None:
    """Exactly one of the two moved the case on, or both did one after the other, and history says so."""
    completed = not isinstance(outcomes[0], ClauseflowError)
    kinds = house.kinds(case)[1:]
    if rival == "suspend":
        resumed = kinds == ["suspend"]
        assert kinds in (["complete"], ["suspend"]) and completed is (kinds == ["complete"])
        if resumed:
            resume_instance(house.db, ADMIN, house.now, house.entries(case)[0].facts["number"], "继续")
        return
    assert len(kinds) == 1, "one input answered the wait"
    assert completed is (kinds == ["complete"]) or rival == "complete"
    if rival == "complete":
        assert sum(isinstance(outcome, ClauseflowError) for outcome in outcomes) == 1
    refusals = [outcome for outcome in outcomes if isinstance(outcome, ClauseflowError)]
    assert all(refusal.text("zh") and refusal.text("en") for refusal in refusals)


def test_three_sign_offs_of_one_block_at_once_all_count(house: House) -> None:
    house.deploy("sign_off")
    for _ in range(ROUNDS):
        case = house.start("sign_off").instance_id
        tasks = [house.wait(node, case) for node in ("sales", "finance", "supply")]
        outcomes = race(*(lambda t=task: complete_task(house.db, CLERK, house.now, t, {}) for task in tasks))
        assert [outcome for outcome in outcomes if isinstance(outcome, ClauseflowError)] == []
        assert house.kinds(case) == ["start", "complete", "complete", "complete"]
    assert set(house.status().values()) == {"completed"}
    house.check()


def test_items_of_a_loop_that_end_at_once_are_all_collected(house: House) -> None:
    house.deploy("quote", "quotes")
    case = house.start("quotes", amount=4).instance_id
    offers = [house.wait("offer", child) for child in range(case + 1, case + 5)]

    outcomes = race(*(lambda t=offer: complete_task(house.db, CLERK, house.now, t, {"amount": 3}) for offer in offers))

    assert [outcome for outcome in outcomes if isinstance(outcome, ClauseflowError)] == []
    assert house.open() == ["check"]
    assert house.kinds(case) == ["start", *["child_ended"] * 4]
    house.check()


def test_of_three_votes_at_once_two_decide_and_the_third_is_told(house: House) -> None:
    house.deploy("votes")
    for _ in range(ROUNDS):
        case = house.start("votes").instance_id
        with house.db.reading() as session:
            rows = session.execute(select(waits.c.seq, waits.c.k).where(waits.c.instance_id == case)).all()
        votes = [TaskId(case, *row) for row in rows]
        outcomes = race(*(lambda v=vote: complete_task(house.db, CLERK, house.now, v, {}) for vote in votes))
        (refusal,) = [outcome for outcome in outcomes if isinstance(outcome, ClauseflowError)]
        assert refusal.text("zh") != refusal.text("en")
        assert house.kinds(case) == ["start", "complete", "complete"]
        assert len([place for place in house.variables(case)["cast"] if place]) == 2
    house.check()


def test_a_called_case_that_ends_while_its_caller_is_cancelled_does_not_lock_up(house: House) -> None:
    house.deploy("quote", "repair")
    for _ in range(ROUNDS):
        caller = house.start("repair", amount=1)
        offer = house.wait("offer")
        race(
            lambda offer=offer: complete_task(house.db, CLERK, house.now, offer, {}),
            lambda caller=caller: cancel_instance(house.db, ADMIN, house.now, caller.number, "撤回"),
        )
        assert house.status()[caller.number] == "cancelled"
        assert house.open() == []
    house.check()


def test_a_task_is_claimed_by_one_of_two(house: House) -> None:
    house.deploy("sign_off")
    other = replace(CLERK, id="另一人")
    for _ in range(ROUNDS):
        house.start("sign_off")
        task = house.wait("sales", len(house.status()))
        outcomes = race(*(lambda by=by, task=task: claim_task(house.db, by, house.now, task) for by in (CLERK, other)))
        assert sum(isinstance(outcome, ClauseflowError) for outcome in outcomes) == 1


def test_one_message_is_delivered_once_by_several_workers(house: House) -> None:
    house.deploy("order")
    for key in range(ROUNDS):
        publish_message(house.db, ADMIN, house.now, "payment received", f"K{key}")
        case = house.start("order", f"K{key}").instance_id
        taken = race(*[lambda key=key: deliver_message(house.db, house.now, key + 1)] * 3)
        assert sorted(taken) == [False, False, True]
        assert house.kinds(case) == ["start", "message"]
    house.check()


def test_a_schedule_that_several_workers_find_due_begins_one_case(house: House) -> None:
    house.deploy("patrol")
    for begun in range(1, ROUNDS + 1):
        house.later(hours=1)
        started = race(*[lambda: fire_schedule(house.db, house.now, 1)] * 3)
        assert sorted(started) == [False, False, True]
        assert len(house.status()) == begun
    house.check()


def test_a_schedule_that_falls_due_while_a_new_version_is_deployed_begins_one_case(house: House) -> None:
    house.deploy("patrol").later(hours=1)
    with house.db.reading() as session:
        (due,) = all_schedules(session)

    race(lambda: fire_schedule(house.db, house.now, due.id), lambda: house.deploy_renamed("patrol"))

    house.drain()
    assert len(house.status()) == 1
    house.check()


def test_one_job_is_leased_by_one_worker_and_its_result_applied_once(house: House) -> None:
    house.deploy("notice")
    for _ in range(ROUNDS):
        case = house.start("notice").instance_id
        leases = race(*(lambda n=n: lease_jobs(house.db, f"w{n}", house.now, LEASE, 5) for n in range(3)))
        (job,) = [lease.job for some in leases for lease in some]
        answers = race(*[lambda job=job: finish_job(house.db, house.now, job, {})] * 3)
        assert sorted(answers) == [False, False, True]
        assert house.kinds(case) == ["start", "job_done"]
    house.check()


def test_writers_of_one_case_all_come_through(house: House) -> None:
    case = house.deploy("deadline").start("deadline")
    acts = [lambda n=n: correct_data(house.db, ADMIN, house.now, case.number, {f"n{n}": n}, "并发") for n in range(8)]

    assert race(*acts) == [None] * 8
    assert {f"n{n}" for n in range(8)} <= house.variables(case.instance_id).keys()
    house.check()
