"""The worker answers waits: a timer is due, a job is done, a job has failed for good.

Each answers at most once. A wait that is gone, or an instance that is suspended, makes the answer come to
nothing; the caller logs it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from engine.bpmn import Input, WaitId
from engine.commands.case import record
from engine.commands.refusal import refusal
from engine.database import Database, command
from engine.history.append import load_to_write
from engine.session import Session
from engine.tables import waits
from engine.task_id import TaskId
from engine.values import Value, encode

log = logging.getLogger("clauseflow.worker")


def fire_timer(db: Database, now: datetime, wait_id: TaskId) -> bool:
    """Fire a due timer; False when it is gone, not yet due, or its instance is suspended.

    A timer whose instance refuses the step becomes an incident, so that the same is not tried for ever.
    """
    try:
        return _answer(db, wait_id, Input("timer", now, wait=WaitId(*wait_id.wait)))
    except Exception as error:
        incident = refusal(error)
        log.warning("timer refused wait=%s", wait_id, exc_info=error)
        _stand_still(db, wait_id, encode(incident).decode())
        return False


@command
def _stand_still(session: Session, wait_id: TaskId, incident: str) -> None:
    """Mark an open wait's row; such marks order the work and are no history."""
    still_open = _is(wait_id), waits.c.closed_at.is_(None)
    session.execute(update(waits).where(*still_open).values(ready_at=None, incident=incident))


def _is(wait_id: TaskId) -> ColumnElement[bool]:
    return (waits.c.instance_id == wait_id.instance_id) & (waits.c.seq == wait_id.seq) & (waits.c.k == wait_id.k)


@command
def finish_job(session: Session, now: datetime, wait_id: TaskId, values: Mapping[str, Value]) -> bool:
    """Apply a handler's result; False when nobody waits for it any more."""
    return _answer(session, wait_id, Input("job_done", now, wait=WaitId(*wait_id.wait), values=dict(values)))


@command
def fail_job(session: Session, now: datetime, wait_id: TaskId, worker: str, values: Mapping[str, Value]) -> bool:
    """Record that a job failed for good: `values` hold `reason` and, for a BPMN error, `error` (its code).

    False when nobody waits for it any more, or another worker has taken the job over and may yet succeed.
    """
    return _answer(session, wait_id, Input("job_failed", now, wait=WaitId(*wait_id.wait), values=dict(values)), worker)


@command
def _answer(session: Session, wait_id: TaskId, given: Input, worker: str | None = None) -> bool:
    instance = load_to_write(session, wait_id.instance_id)
    wait = instance.state.wait(wait_id.wait)
    if wait is None or instance.state.status != "active":
        return False
    if given.kind == "timer" and (wait.due is None or wait.due > given.now):
        return False
    if worker is not None and _lease_owner(session, wait_id) != worker:
        return False
    record(session, instance, given)
    return True


def _lease_owner(session: Session, wait_id: TaskId) -> str | None:
    return session.execute(select(waits.c.lease_owner).where(_is(wait_id))).scalar()
