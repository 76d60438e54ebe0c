"""Who has a task: claimed from its group, given back, handed to somebody else. Each is a row of history.

Whoever may reassign a lane gives back and hands on what others of the lane hold."""

from __future__ import annotations

from datetime import datetime

from engine.actor import Actor
from engine.bpmn import Input, Wait
from engine.commands.case import record
from engine.database import command
from engine.history.append import Instance, load_to_write
from engine.session import Session
from engine.task_id import TaskId
from engine.tasks import authority, authority_to_hand, open_task


@command
def claim_task(session: Session, actor: Actor, now: datetime, task_id: TaskId) -> None:
    """Take an unassigned task of one's groups; claiming one's own task again changes nothing.

    Who claims in somebody's place takes it for that person, who keeps it when they are back. Raises NotPermitted,
    NoSuchTask, TaskGone, TaskTaken.
    """
    instance, wait = open_task(session, task_id, load_to_write)
    principal = authority(actor, wait)
    _assign(session, instance, wait, Input("assign", now, actor.id, principal, wait.id, {"to": principal or actor.id}))


@command
def release_task(session: Session, actor: Actor, now: datetime, task_id: TaskId) -> None:
    """Give a task back to its group. Raises NotPermitted, NoSuchTask, TaskGone, TaskTaken."""
    _hand(session, actor, now, task_id, None)


@command
def delegate_task(session: Session, actor: Actor, now: datetime, task_id: TaskId, to: str) -> None:
    """Hand a task to the person `to`; whether they may work in its lane shows when they try.

    Raises NotPermitted, NoSuchTask, TaskGone, TaskTaken.
    """
    _hand(session, actor, now, task_id, to)


def _hand(session: Session, actor: Actor, now: datetime, task_id: TaskId, to: str | None) -> None:
    instance, wait = open_task(session, task_id, load_to_write)
    principal = authority_to_hand(actor, wait)
    _assign(session, instance, wait, Input("assign", now, actor.id, principal, wait.id, {"to": to}))


def _assign(session: Session, instance: Instance, wait: Wait, given: Input) -> None:
    if wait.assignee != given.values["to"]:
        record(session, instance, given)
