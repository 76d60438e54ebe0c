"""An administrator deals with an incident: has it tried again, or does without it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update

from engine.actor import Actor
from engine.bpmn import Input, InputKind, Wait
from engine.commands.administer.intervene import check, held_wait, recorded
from engine.commands.case import CaseCall, call_again
from engine.database import command
from engine.errors import ClauseflowError
from engine.history.append import Instance, load
from engine.history.reading_steps import step_of
from engine.session import Session
from engine.tables import messages, waits
from engine.task_id import TaskId
from engine.values import Value


class NoIncident(ClauseflowError):
    """The wait is not a job or called case that stands still."""

    zh = "这一步没有待处理的故障。"
    en = "This step has no incident to deal with."


@command
def retry_job(session: Session, actor: Actor, now: datetime, wait_id: TaskId, reason: str) -> None:
    """Try again what stands still: run the job anew, call the case anew, fire the timer anew.

    Raises NotPermitted, NoSuchInstance, NotActive, WaitGone, NoIncident, ReasonMissing.
    """
    instance, wait = held_wait(session, actor, wait_id, reason)
    if "incident" in wait.details:
        recorded(session, instance, "retry", actor, now, reason, wait=wait)
        if wait.kind == "child":
            call_again(session, load(session, instance.id), _call(session, instance, wait, actor, now))
    elif not (wait.kind == "timer" and _fire_again(session, wait_id)):
        raise NoIncident


@command
def skip_job(
    session: Session,
    actor: Actor,
    now: datetime,
    wait_id: TaskId,
    reason: str,
    values: Mapping[str, Value] | None = None,
) -> None:
    """Go on as if the job had been done or the called case had ended, with `values` for its result.

    Raises NotPermitted, NoSuchInstance, NotActive, WaitGone, NoIncident, ReasonMissing.
    """
    instance, wait = held_wait(session, actor, wait_id, reason)
    if "incident" not in wait.details:
        raise NoIncident
    kind: InputKind = "job_done" if wait.kind == "job" else "child_ended"
    recorded(session, instance, kind, actor, now, reason, dict(values or {}), wait)


@command
def retry_message(session: Session, actor: Actor, message: int, reason: str) -> None:
    """Have a message delivered again that its target refused. Raises NotPermitted, ReasonMissing, NoIncident.

    A message has no history: the caller keeps the act elsewhere, in the same transaction.
    """
    check(actor, reason)
    refused = (messages.c.id == message) & messages.c.failure.is_not(None)
    again = update(messages).where(refused).values(failure=None).returning(messages.c.id)
    if session.execute(again).scalar() is None:
        raise NoIncident


def _call(session: Session, instance: Instance, wait: Wait, actor: Actor, now: datetime) -> CaseCall:
    """What the call activity asked for, as the entry that opened its wait recorded it."""
    opening = step_of(session, instance.id, wait.id.seq)
    called = next(child for child in opening.children if child.wait == wait.id)
    return CaseCall(wait.id, called.process, called.values, Input("retry", now, actor.id))


def _fire_again(session: Session, wait_id: TaskId) -> bool:
    """Make a refused timer due again; false when it was not refused."""
    refused = (
        (waits.c.instance_id == wait_id.instance_id)
        & (waits.c.seq == wait_id.seq)
        & (waits.c.k == wait_id.k)
        & waits.c.incident.is_not(None)
    )
    again = update(waits).where(refused).values(ready_at=waits.c.due_at, incident=None).returning(waits.c.k)
    return session.execute(again).scalar() is not None
