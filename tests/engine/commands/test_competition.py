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
from tests.bench import ADMIN, CLERK, Bench

ROUNDS = 5


def complete(bench: Bench) -> Callable[[], Any]:
    task = bench.wait("reply", len(bench.status()))
    return lambda: complete_task(bench.db, CLERK, bench.now, task, {"amount": 1})


def timer(bench: Bench) -> Callable[[], Any]:
    wait, due = bench.wait("overdue", len(bench.status())), bench.now + timedelta(hours=1)
    return lambda: fire_timer(bench.db, due, wait)


RIVALS: dict[str, Callable[[Bench], Callable[[], Any]]] = {
    "complete": complete,
    "timer": timer,
    "cancel": lambda bench: lambda: cancel_instance(bench.db, ADMIN, bench.now, number(bench), "撤回"),
    "suspend": lambda bench: lambda: suspend_instance(bench.db, ADMIN, bench.now, number(bench), "等待"),
    "message": lambda bench: lambda: publish_message(bench.db, ADMIN, bench.now, "payment received", number(bench)),
}
"""What competes with completing the task; each is made ready first and then let loose."""


def number(bench: Bench) -> str:
    """The newest case, which is its own subject too."""
    return list(bench.status())[-1]


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
def postgres_bench(postgres_url: str) -> Iterator[Bench]:
    """Where two can have read the same state to write: SQLite lets in one writer at a time."""
    db = Database(postgres_url)
    yield Bench(db)
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
def test_one_of_two_wins_and_nothing_is_lost(bench: Bench, rival: str) -> None:
    bench.deploy("deadline")
    for _ in range(ROUNDS):
        case = bench.start("deadline", subject=f"DEA-2026-{len(bench.status()) + 1:06d}").instance_id
        outcomes = race(complete(bench), RIVALS[rival](bench))
        judge(bench, case, rival, outcomes)
    bench.check()


@pytest.mark.parametrize("rival", RIVALS)
def test_one_of_two_that_read_the_same_state_wins(
    postgres_bench: Bench, rival: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = postgres_bench.deploy("deadline")
    case = bench.start("deadline", subject="DEA-2026-000001").instance_id
    acts = complete(bench), RIVALS[rival](bench)
    meet(monkeypatch)

    judge(bench, case, rival, race(*acts))
    bench.check()


def judge(bench: Bench, case: int, rival: str, outcomes: list[Any]) -> None:
    """Exactly one of the two moved the case on, or both did one after the other, and history says so."""
    completed = not isinstance(outcomes[0], ClauseflowError)
    kinds = bench.kinds(case)[1:]
    if rival == "suspend":
        resumed = kinds == ["suspend"]
        assert kinds in (["complete"], ["suspend"]) and completed is (kinds == ["complete"])
        if resumed:
            resume_instance(bench.db, ADMIN, bench.now, bench.entries(case)[0].facts["number"], "继续")
        return
    assert len(kinds) == 1, "one input answered the wait"
    assert completed is (kinds == ["complete"]) or rival == "complete"
    if rival == "complete":
        assert sum(isinstance(outcome, ClauseflowError) for outcome in outcomes) == 1
    refusals = [outcome for outcome in outcomes if isinstance(outcome, ClauseflowError)]
    assert all(refusal.text("zh") and refusal.text("en") for refusal in refusals)


def test_three_sign_offs_of_one_block_at_once_all_count(bench: Bench) -> None:
    bench.deploy("sign_off")
    for _ in range(ROUNDS):
        case = bench.start("sign_off").instance_id
        tasks = [bench.wait(node, case) for node in ("sales", "finance", "supply")]
        outcomes = race(*(lambda t=task: complete_task(bench.db, CLERK, bench.now, t, {}) for task in tasks))
        assert [outcome for outcome in outcomes if isinstance(outcome, ClauseflowError)] == []
        assert bench.kinds(case) == ["start", "complete", "complete", "complete"]
    assert set(bench.status().values()) == {"completed"}
    bench.check()


def test_items_of_a_loop_that_end_at_once_are_all_collected(bench: Bench) -> None:
    bench.deploy("quote", "quotes")
    case = bench.start("quotes", amount=4).instance_id
    offers = [bench.wait("offer", child) for child in range(case + 1, case + 5)]

    outcomes = race(*(lambda t=offer: complete_task(bench.db, CLERK, bench.now, t, {"amount": 3}) for offer in offers))

    assert [outcome for outcome in outcomes if isinstance(outcome, ClauseflowError)] == []
    assert bench.open() == ["check"]
    assert bench.kinds(case) == ["start", *["child_ended"] * 4]
    bench.check()


def test_of_three_votes_at_once_two_decide_and_the_third_is_told(bench: Bench) -> None:
    bench.deploy("votes")
    for _ in range(ROUNDS):
        case = bench.start("votes").instance_id
        with bench.db.reading() as session:
            rows = session.execute(select(waits.c.seq, waits.c.k).where(waits.c.instance_id == case)).all()
        votes = [TaskId(case, *row) for row in rows]
        outcomes = race(*(lambda v=vote: complete_task(bench.db, CLERK, bench.now, v, {}) for vote in votes))
        (refusal,) = [outcome for outcome in outcomes if isinstance(outcome, ClauseflowError)]
        assert refusal.text("zh") != refusal.text("en")
        assert bench.kinds(case) == ["start", "complete", "complete"]
        assert len([place for place in bench.variables(case)["cast"] if place]) == 2
    bench.check()


def test_a_called_case_that_ends_while_its_caller_is_cancelled_does_not_lock_up(bench: Bench) -> None:
    bench.deploy("quote", "repair")
    for _ in range(ROUNDS):
        caller = bench.start("repair", amount=1)
        offer = bench.wait("offer")
        race(
            lambda offer=offer: complete_task(bench.db, CLERK, bench.now, offer, {}),
            lambda caller=caller: cancel_instance(bench.db, ADMIN, bench.now, caller.number, "撤回"),
        )
        assert bench.status()[caller.number] == "cancelled"
        assert bench.open() == []
    bench.check()


def test_a_task_is_claimed_by_one_of_two(bench: Bench) -> None:
    bench.deploy("sign_off")
    other = replace(CLERK, id="另一人")
    for _ in range(ROUNDS):
        bench.start("sign_off")
        task = bench.wait("sales", len(bench.status()))
        outcomes = race(*(lambda by=by, task=task: claim_task(bench.db, by, bench.now, task) for by in (CLERK, other)))
        assert sum(isinstance(outcome, ClauseflowError) for outcome in outcomes) == 1


def test_one_message_is_delivered_once_by_several_workers(bench: Bench) -> None:
    bench.deploy("order")
    for key in range(ROUNDS):
        publish_message(bench.db, ADMIN, bench.now, "payment received", f"K{key}")
        case = bench.start("order", f"K{key}").instance_id
        taken = race(*[lambda key=key: deliver_message(bench.db, bench.now, key + 1)] * 3)
        assert sorted(taken) == [False, False, True]
        assert bench.kinds(case) == ["start", "message"]
    bench.check()


def test_a_schedule_that_several_workers_find_due_begins_one_case(bench: Bench) -> None:
    bench.deploy("patrol")
    for begun in range(1, ROUNDS + 1):
        bench.later(hours=1)
        started = race(*[lambda: fire_schedule(bench.db, bench.now, 1)] * 3)
        assert sorted(started) == [False, False, True]
        assert len(bench.status()) == begun
    bench.check()


def test_a_schedule_that_falls_due_while_a_new_version_is_deployed_begins_one_case(bench: Bench) -> None:
    bench.deploy("patrol").later(hours=1)
    with bench.db.reading() as session:
        (due,) = all_schedules(session)

    race(lambda: fire_schedule(bench.db, bench.now, due.id), lambda: bench.deploy_renamed("patrol"))

    bench.drain()
    assert len(bench.status()) == 1
    bench.check()


def test_one_job_is_leased_by_one_worker_and_its_result_applied_once(bench: Bench) -> None:
    bench.deploy("notice")
    for _ in range(ROUNDS):
        case = bench.start("notice").instance_id
        leases = race(*(lambda n=n: lease_jobs(bench.db, f"w{n}", bench.now, LEASE, 5) for n in range(3)))
        (job,) = [lease.job for some in leases for lease in some]
        answers = race(*[lambda job=job: finish_job(bench.db, bench.now, job, {})] * 3)
        assert sorted(answers) == [False, False, True]
        assert bench.kinds(case) == ["start", "job_done"]
    bench.check()


def test_writers_of_one_case_all_come_through(bench: Bench) -> None:
    case = bench.deploy("deadline").start("deadline")
    acts = [lambda n=n: correct_data(bench.db, ADMIN, bench.now, case.number, {f"n{n}": n}, "并发") for n in range(8)]

    assert race(*acts) == [None] * 8
    assert {f"n{n}" for n in range(8)} <= bench.variables(case.instance_id).keys()
    bench.check()
