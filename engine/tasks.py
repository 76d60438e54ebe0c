"""A user task as people meet it: still open or gone, whose it is, who may complete it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from engine.actor import Actor, NotPermitted
from engine.bpmn import Node, State, Wait
from engine.errors import ClauseflowError
from engine.history.append import Instance, NoSuchInstance, load
from engine.session import Session
from engine.tables import waits
from engine.task_id import NoSuchTask, TaskId


class TaskGone(ClauseflowError):
    """The task is no longer open: somebody finished it (`by`, a person id), or the case moved on (`by` None)."""

    zh = "这项任务已经结束，您填写的内容没有提交。"
    en = "This task is already closed; what you entered was not submitted."


class TaskTaken(ClauseflowError):
    """The task is assigned to somebody else."""

    zh = "这项任务已由 {by} 领取。"
    en = "This task is assigned to {by}."


def open_task(
    session: Session, task_id: TaskId, loaded: Callable[[Session, int], Instance] = load
) -> tuple[Instance, Wait]:
    """The instance and its open user task; a command that will answer it loads by `load_to_write`.

    Raises NoSuchTask, TaskGone (facts: number, by, at, why).
    """
    try:
        instance = loaded(session, task_id.instance_id)
    except NoSuchInstance as error:
        raise NoSuchTask(task=str(task_id)) from error
    wait = instance.state.wait(task_id.wait)
    if wait is not None and wait.kind == "task":
        return instance, wait
    row = session.execute(
        select(waits.c.closed_at, waits.c.closed_by, waits.c.closed_why).where(
            waits.c.instance_id == task_id.instance_id,
            waits.c.seq == task_id.seq,
            waits.c.k == task_id.k,
            waits.c.kind == "task",
        )
    ).one_or_none()
    if row is None:
        raise NoSuchTask(task=str(task_id))
    raise gone(instance.number, row)


def gone(number: str, row: Any) -> TaskGone:
    """What to say of a closed task of that case; `row` has the columns of `waits`."""
    return TaskGone(number=number, by=row.closed_by, at=row.closed_at, why=row.closed_why)


def authority(actor: Actor, wait: Wait) -> str | None:
    """For whom the actor works on the task: None for themselves, else the person they substitute.

    Who holds the task needs the permission at the moment of acting, and so does who is substituted. Raises TaskTaken
    when it is somebody else's, NotPermitted when the actor does not work in its lane.
    """
    permission = f"work:{wait.lane}"
    if wait.assignee in (None, actor.id) or actor.stands_in_for(wait.assignee, permission):
        return actor.in_place_of(permission, wait.assignee)
    actor.require(permission)
    raise TaskTaken(by=wait.assignee)


def authority_to_hand(actor: Actor, wait: Wait) -> str | None:
    """For whom the actor gives the task to somebody else or back: who works on it may, and who reassigns its lane.

    Raises TaskTaken, NotPermitted.
    """
    try:
        return authority(actor, wait)
    except (NotPermitted, TaskTaken):
        if not may_reassign(actor, wait):
            raise
    return actor.in_place_of(f"reassign:{wait.lane}")


def may_reassign(actor: Actor, wait: Wait) -> bool:
    """Whether the actor decides who in the task's lane has it."""
    return wait.lane is not None and actor.may(f"reassign:{wait.lane}")


def barred_by(actor: Actor, node: Node, state: State) -> str | None:
    """The id of the step whose completion by this person keeps them from completing `node` (four eyes), or None."""
    return next((earlier for earlier in node.not_same_as if actor.id in state.completed_by.get(earlier, ())), None)
