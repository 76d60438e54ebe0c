"""Whose a task is: claimed, given back, handed on; each is history, and rebuilt from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.actor import Actor, NotPermitted
from engine.commands import TaskGone, TaskTaken, claim_task, complete_task, delegate_task, release_task
from engine.task_id import TaskId
from tests.bench import CLERK, House

OTHER = replace(CLERK, id="另一人", name="另一人")
STRANGER = Actor("路过")


@pytest.fixture
def task(house: House) -> TaskId:
    """A task of the clerks that nobody has."""
    house.deploy("sign_off").start("sign_off")
    return house.wait("sales")


def assignee(house: House, task: TaskId) -> str | None:
    wait = house.state(task.instance_id).wait(task.wait)
    assert wait is not None
    return wait.assignee


def test_a_claimed_task_is_the_claimers_until_they_give_it_back(house: House, task: TaskId) -> None:
    claim_task(house.db, CLERK, house.now, task)
    assert assignee(house, task) == CLERK.id
    with pytest.raises(TaskTaken):
        claim_task(house.db, OTHER, house.now, task)

    release_task(house.db, CLERK, house.now, task)
    claim_task(house.db, OTHER, house.now, task)

    assert assignee(house, task) == OTHER.id
    assert house.kinds(task.instance_id) == ["start", "assign", "assign", "assign"]
    house.check()


def test_claiming_ones_own_task_again_changes_nothing(house: House, task: TaskId) -> None:
    for _ in range(2):
        claim_task(house.db, CLERK, house.now, task)

    assert house.kinds(task.instance_id) == ["start", "assign"]


def test_a_task_is_handed_on_by_who_has_it(house: House, task: TaskId) -> None:
    claim_task(house.db, CLERK, house.now, task)
    delegate_task(house.db, CLERK, house.now, task, OTHER.id)

    assert assignee(house, task) == OTHER.id
    with pytest.raises(TaskTaken):
        delegate_task(house.db, CLERK, house.now, task, CLERK.id)
    house.check()


def test_a_stranger_can_do_nothing_with_it(house: House, task: TaskId) -> None:
    for act in (claim_task, release_task):
        with pytest.raises(NotPermitted):
            act(house.db, STRANGER, house.now, task)
    with pytest.raises(NotPermitted):
        delegate_task(house.db, STRANGER, house.now, task, STRANGER.id)
    assert house.kinds(task.instance_id) == ["start"]


def test_a_closed_task_cannot_be_claimed(house: House, task: TaskId) -> None:
    house.do("sales")

    with pytest.raises(TaskGone):
        claim_task(house.db, CLERK, house.now, task)


MANAGER = Actor("经理", "经理", frozenset({"reassign:clerk"}))


def test_whoever_reassigns_the_lane_hands_a_held_task_to_somebody_else_or_back(house: House, task: TaskId) -> None:
    claim_task(house.db, CLERK, house.now, task)
    delegate_task(house.db, MANAGER, house.now, task, OTHER.id)
    assert assignee(house, task) == OTHER.id

    release_task(house.db, MANAGER, house.now, task)
    assert assignee(house, task) is None
    assert [entry.actor for entry in house.entries(task.instance_id)][2:] == [MANAGER.id, MANAGER.id]
    house.check()


def test_to_reassign_is_not_to_work(house: House, task: TaskId) -> None:
    with pytest.raises(NotPermitted):
        claim_task(house.db, MANAGER, house.now, task)
    with pytest.raises(NotPermitted):
        complete_task(house.db, MANAGER, house.now, task, {})


def test_another_lane_is_not_reassigned(house: House, task: TaskId) -> None:
    elsewhere = Actor("经理", "经理", frozenset({"reassign:warehouse"}))
    with pytest.raises(NotPermitted):
        delegate_task(house.db, elsewhere, house.now, task, OTHER.id)


def test_a_substitute_does_not_do_what_the_person_they_stand_in_for_has_lost(house: House, task: TaskId) -> None:
    claim_task(house.db, CLERK, house.now, task)
    stand_in = Actor("代理", "代理", frozenset(), {CLERK.id: frozenset({"see:*"})})
    for act in (
        lambda: release_task(house.db, stand_in, house.now, task),
        lambda: delegate_task(house.db, stand_in, house.now, task, OTHER.id),
        lambda: complete_task(house.db, stand_in, house.now, task, {}),
        lambda: claim_task(house.db, stand_in, house.now, task),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert house.kinds(task.instance_id) == ["start", "assign"]


def test_a_substitute_of_the_same_lane_reads_that_the_task_is_taken(house: House, task: TaskId) -> None:
    claim_task(house.db, CLERK, house.now, task)
    stand_in = replace(OTHER, substitutes={CLERK.id: frozenset()})
    with pytest.raises(TaskTaken):
        complete_task(house.db, stand_in, house.now, task, {})
