"""Administrators' acts on a case: each an input with actor and reason, none without permission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from engine.actor import Actor, NotPermitted
from engine.bpmn.errors import CannotMove, NotActive, UnknownInput, WaitGone
from engine.commands import (
    NoIncident,
    ReasonMissing,
    cancel_instance,
    correct_data,
    move_token,
    resume_instance,
    retry_job,
    skip_job,
    suspend_instance,
)
from engine.history.append import NoSuchInstance
from engine.jobs import Job, JobError
from engine.task_id import TaskId
from tests.bench import ADMIN, CLERK, Bench

Act = Callable[[Bench, Actor, str], None]
NUMBER = "DEA-2026-000001"
ACTS: dict[str, Act] = {
    "suspend": lambda bench, by, reason: suspend_instance(bench.db, by, bench.now, NUMBER, reason),
    "cancel": lambda bench, by, reason: cancel_instance(bench.db, by, bench.now, NUMBER, reason),
    "correct": lambda bench, by, reason: correct_data(bench.db, by, bench.now, NUMBER, {"amount": 2}, reason),
    "move": lambda bench, by, reason: move_token(bench.db, by, bench.now, bench.wait("reply"), "escalate", reason),
}


@pytest.fixture
def deadline(bench: Bench) -> Bench:
    """A case that has to be answered within an hour."""
    bench.deploy("deadline").start("deadline", amount=1)
    return bench


@pytest.mark.parametrize("kind", ACTS)
def test_history_keeps_who_did_it_and_why(deadline: Bench, kind: str) -> None:
    ACTS[kind](deadline, ADMIN, " 客户来电 ")

    entry = deadline.entries(1)[-1]
    assert (entry.kind, entry.actor, entry.facts["reason"]) == (kind, ADMIN.id, "客户来电")
    deadline.check()


@pytest.mark.parametrize("kind", ACTS)
def test_without_a_reason_or_the_permission_nothing_happens(deadline: Bench, kind: str) -> None:
    with pytest.raises(ReasonMissing):
        ACTS[kind](deadline, ADMIN, " ")
    with pytest.raises(NotPermitted):
        ACTS[kind](deadline, CLERK, "客户来电")
    assert deadline.kinds(1) == ["start"]


LATER: dict[str, tuple[int, str, Act]] = {
    "resume": (1, "resume", lambda bench, by, reason: resume_instance(bench.db, by, bench.now, NUMBER, reason)),
    "retry": (2, "retry", lambda bench, by, reason: retry_job(bench.db, by, bench.now, _job(bench), reason)),
    "skip": (2, "job_done", lambda bench, by, reason: skip_job(bench.db, by, bench.now, _job(bench), reason)),
}
"""Acts on what stands still: the case, and the kind of entry that the act leaves."""


def _job(bench: Bench) -> TaskId:
    return bench.wait("send_mail")


@pytest.fixture
def standing(deadline: Bench) -> Bench:
    """A suspended case, and one whose job has failed for good."""

    def refuse(_job: Job) -> Mapping[str, Any]:
        raise JobError(reason="no such address")

    deadline.mail = refuse
    deadline.deploy("notice").start("notice")
    ACTS["suspend"](deadline.drain(), ADMIN, "等待")
    return deadline


@pytest.mark.parametrize("kind", LATER)
def test_what_goes_on_again_goes_on_for_a_reason_that_history_keeps(standing: Bench, kind: str) -> None:
    case, left, act = LATER[kind]
    before = standing.kinds(case)
    with pytest.raises(ReasonMissing):
        act(standing, ADMIN, " ")
    with pytest.raises(NotPermitted):
        act(standing, CLERK, "客户来电")
    assert standing.kinds(case) == before

    act(standing, ADMIN, " 客户来电 ")

    entry = standing.entries(case)[-1]
    assert (entry.kind, entry.actor, entry.facts["reason"]) == (left, ADMIN.id, "客户来电")
    standing.check()


def test_a_case_that_does_not_exist_cannot_be_suspended(bench: Bench) -> None:
    with pytest.raises(NoSuchInstance, match="X-1"):
        suspend_instance(bench.db, ADMIN, bench.now, "X-1", "?")


def test_a_suspended_case_refuses_its_tasks_in_a_sentence(deadline: Bench) -> None:
    ACTS["suspend"](deadline, ADMIN, "等待")

    with pytest.raises(NotActive) as refused:
        deadline.do("reply")
    assert "suspended" in refused.value.text("en")


def test_what_became_due_while_suspended_happens_on_resume(deadline: Bench) -> None:
    ACTS["suspend"](deadline, ADMIN, "等待")
    assert deadline.later(hours=2).drain().open() == ["overdue", "reply", "withdrawn"]

    resume_instance(deadline.db, ADMIN, deadline.now, NUMBER, "继续")

    assert deadline.drain().open() == ["escalate"]
    assert deadline.kinds(1) == ["start", "suspend", "resume", "timer"]
    deadline.check()


def test_suspending_twice_or_resuming_what_runs_is_refused(deadline: Bench) -> None:
    with pytest.raises(NotActive):
        resume_instance(deadline.db, ADMIN, deadline.now, NUMBER, "?")
    ACTS["suspend"](deadline, ADMIN, "等待")
    with pytest.raises(NotActive):
        ACTS["suspend"](deadline, ADMIN, "等待")


def test_corrected_data_is_read_by_what_follows_and_the_old_value_stays_in_history(deadline: Bench) -> None:
    ACTS["correct"](deadline, ADMIN, "录入错误")

    assert deadline.variables(1)["amount"] == 2
    assert deadline.entries(0 + 1)[0].values["amount"] == 1


def test_a_scope_that_is_not_open_cannot_be_corrected(deadline: Bench) -> None:
    with pytest.raises(UnknownInput):
        correct_data(deadline.db, ADMIN, deadline.now, NUMBER, {"amount": 2}, "?", scope="trip:1")


def test_a_moved_token_opens_the_other_task(deadline: Bench) -> None:
    ACTS["move"](deadline, ADMIN, "跳过答复")

    assert deadline.open() == ["escalate"]
    with pytest.raises(CannotMove):
        move_token(deadline.db, ADMIN, deadline.now, deadline.wait("escalate"), "overdue", "?")


def test_a_wait_that_is_gone_cannot_be_moved(deadline: Bench) -> None:
    wait = deadline.wait("reply")
    deadline.do("reply")
    with pytest.raises(WaitGone):
        move_token(deadline.db, ADMIN, deadline.now, wait, "escalate", "?")


def test_only_what_stands_still_can_be_retried_or_skipped(deadline: Bench) -> None:
    for act in (retry_job, skip_job):
        for node in ("reply", "overdue"):
            with pytest.raises(NoIncident):
                act(deadline.db, ADMIN, deadline.now, deadline.wait(node), "?")
    assert deadline.kinds(1) == ["start"]


def test_a_completion_before_the_due_timer_is_taken_wins(deadline: Bench) -> None:
    deadline.later(hours=2).do("reply")

    assert deadline.drain().open() == []
    assert deadline.status() == {NUMBER: "completed"}


def test_a_clock_that_goes_back_fires_nothing_twice(deadline: Bench) -> None:
    deadline.later(hours=2).drain()
    deadline.now -= timedelta(hours=1)
    deadline.drain()
    deadline.later(hours=3).drain()

    assert deadline.kinds(1) == ["start", "timer"]
