"""Whose a task is: claimed, given back, handed on; each is history, and rebuilt from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.actor import Actor, NotPermitted
from engine.commands import TaskGone, TaskTaken, claim_task, complete_task, delegate_task, release_task
from engine.task_id import TaskId
from tests.bench import CLERK, Bench

OTHER = replace(CLERK, id="另一人", name="另一人")
STRANGER = Actor("路过")


@pytest.fixture
def task(bench: Bench) -> TaskId:
    """A task of the clerks that nobody has."""
    bench.deploy("sign_off").start("sign_off")
    return bench.wait("sales")


def assignee(bench: Bench, task: TaskId) -> str | None:
    wait = bench.state(task.instance_id).wait(task.wait)
    assert wait is not None
    return wait.assignee


def test_a_claimed_task_is_the_claimers_until_they_give_it_back(bench: Bench, task: TaskId) -> None:
    claim_task(bench.db, CLERK, bench.now, task)
    assert assignee(bench, task) == CLERK.id
    with pytest.raises(TaskTaken):
        claim_task(bench.db, OTHER, bench.now, task)

    release_task(bench.db, CLERK, bench.now, task)
    claim_task(bench.db, OTHER, bench.now, task)

    assert assignee(bench, task) == OTHER.id
    assert bench.kinds(task.instance_id) == ["start", "assign", "assign", "assign"]
    bench.check()


def test_claiming_ones_own_task_again_changes_nothing(bench: Bench, task: TaskId) -> None:
    for _ in range(2):
        claim_task(bench.db, CLERK, bench.now, task)

    assert bench.kinds(task.instance_id) == ["start", "assign"]


def test_a_task_is_handed_on_by_who_has_it(bench: Bench, task: TaskId) -> None:
    claim_task(bench.db, CLERK, bench.now, task)
    delegate_task(bench.db, CLERK, bench.now, task, OTHER.id)

    assert assignee(bench, task) == OTHER.id
    with pytest.raises(TaskTaken):
        delegate_task(bench.db, CLERK, bench.now, task, CLERK.id)
    bench.check()


def test_a_stranger_can_do_nothing_with_it(bench: Bench, task: TaskId) -> None:
    for act in (claim_task, release_task):
        with pytest.raises(NotPermitted):
            act(bench.db, STRANGER, bench.now, task)
    with pytest.raises(NotPermitted):
        delegate_task(bench.db, STRANGER, bench.now, task, STRANGER.id)
    assert bench.kinds(task.instance_id) == ["start"]


def test_a_closed_task_cannot_be_claimed(bench: Bench, task: TaskId) -> None:
    bench.do("sales")

    with pytest.raises(TaskGone):
        claim_task(bench.db, CLERK, bench.now, task)


MANAGER = Actor("经理", "经理", frozenset({"reassign:clerk"}))


def test_whoever_reassigns_the_lane_hands_a_held_task_to_somebody_else_or_back(bench: Bench, task: TaskId) -> None:
    claim_task(bench.db, CLERK, bench.now, task)
    delegate_task(bench.db, MANAGER, bench.now, task, OTHER.id)
    assert assignee(bench, task) == OTHER.id

    release_task(bench.db, MANAGER, bench.now, task)
    assert assignee(bench, task) is None
    assert [entry.actor for entry in bench.entries(task.instance_id)][2:] == [MANAGER.id, MANAGER.id]
    bench.check()


def test_to_reassign_is_not_to_work(bench: Bench, task: TaskId) -> None:
    with pytest.raises(NotPermitted):
        claim_task(bench.db, MANAGER, bench.now, task)
    with pytest.raises(NotPermitted):
        complete_task(bench.db, MANAGER, bench.now, task, {})


def test_another_lane_is_not_reassigned(bench: Bench, task: TaskId) -> None:
    elsewhere = Actor("经理", "经理", frozenset({"reassign:warehouse"}))
    with pytest.raises(NotPermitted):
        delegate_task(bench.db, elsewhere, bench.now, task, OTHER.id)


def test_a_substitute_does_not_do_what_the_person_they_stand_in_for_has_lost(bench: Bench, task: TaskId) -> None:
    claim_task(bench.db, CLERK, bench.now, task)
    stand_in = Actor("代理", "代理", frozenset(), {CLERK.id: frozenset({"see:*"})})
    for act in (
        lambda: release_task(bench.db, stand_in, bench.now, task),
        lambda: delegate_task(bench.db, stand_in, bench.now, task, OTHER.id),
        lambda: complete_task(bench.db, stand_in, bench.now, task, {}),
        lambda: claim_task(bench.db, stand_in, bench.now, task),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert bench.kinds(task.instance_id) == ["start", "assign"]


def test_a_substitute_of_the_same_lane_reads_that_the_task_is_taken(bench: Bench, task: TaskId) -> None:
    claim_task(bench.db, CLERK, bench.now, task)
    stand_in = replace(OTHER, substitutes={CLERK.id: frozenset()})
    with pytest.raises(TaskTaken):
        complete_task(bench.db, stand_in, bench.now, task, {})
