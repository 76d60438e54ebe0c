"""Who has a task: claimed from its group, given back, handed to somebody else. Each is a row of history.

Whoever may reassign a lane gives back and hands on what others of the lane hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.actor import Actor
from engine.bpmn import Input, Wait
from engine.commands.case import record
from engine.database import command
from engine.history.append import load_to_write
from engine.session import Session
from engine.task_id import TaskId
from engine.tasks import authority, authority_to_hand, open_task


@command
def claim_task(session: Session, actor: Actor, now: datetime, task_id: TaskId) -> None:
    """Take an unassigned task of one's groups; claiming one's own task again changes nothing.

    Raises NotPermitted, NoSuchTask, TaskGone, TaskTaken.
    """
    _assign(session, actor, now, task_id, actor.id, authority)


@command
def release_task(session: Session, actor: Actor, now: datetime, task_id: TaskId) -> None:
    """Give a task back to its group. Raises NotPermitted, NoSuchTask, TaskGone, TaskTaken."""
    _assign(session, actor, now, task_id, None, authority_to_hand)


@command
def delegate_task(session: Session, actor: Actor, now: datetime, task_id: TaskId, to: str) -> None:
    """Hand a task to the person `to`; whether they may work in its lane shows when they try.

    Raises NotPermitted, NoSuchTask, TaskGone, TaskTaken.
    """
    _assign(session, actor, now, task_id, to, authority_to_hand)


def _assign(
    session: Session,
    actor: Actor,
    now: datetime,
    task_id: TaskId,
    to: str | None,
    allowed: Callable[[Actor, Wait], str | None],
) -> None:
    instance, wait = open_task(session, task_id, load_to_write)
    principal = allowed(actor, wait)
    if wait.assignee != to:
        record(session, instance, Input("assign", now, actor.id, principal, wait.id, {"to": to}))
