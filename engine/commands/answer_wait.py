"""The worker answers waits: a timer is due, a job is done, a job has failed for good.

Each answers at most once. A wait that is gone, or an instance that is suspended, makes the answer come to
nothing; the caller logs it (design D7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.bpmn import Input, WaitId
from engine.commands.step import record
from engine.database import Database
from engine.history.append import load
from engine.task_id import TaskId
from engine.values import Value


def fire_timer(db: Database, now: datetime, wait_id: TaskId) -> bool:
    """Fire a due timer; False when it is gone, not yet due, or its instance is suspended."""
    return _answer(db, wait_id, Input("timer", now, wait=WaitId(*wait_id.wait)))


def finish_job(db: Database, now: datetime, wait_id: TaskId, values: Mapping[str, Value]) -> bool:
    """Apply a handler's result; False when nobody waits for it any more."""
    return _answer(db, wait_id, Input("job_done", now, wait=WaitId(*wait_id.wait), values=dict(values)))


def fail_job(db: Database, now: datetime, wait_id: TaskId, facts: Mapping[str, Value]) -> bool:
    """Record that a job failed for good: `facts` hold `reason` and, for a BPMN error, `error` (its code)."""
    return _answer(db, wait_id, Input("job_failed", now, wait=WaitId(*wait_id.wait), facts=dict(facts)))


def _answer(db: Database, wait_id: TaskId, input: Input) -> bool:
    def work(session: Session) -> bool:
        instance = load(session, wait_id.instance_id)
        wait = instance.state.wait(wait_id.wait)
        if wait is None or instance.state.status != "active":
            return False
        if input.kind == "timer" and (wait.due is None or wait.due > input.now):
            return False
        record(session, instance, input)
        return True

    return db.write(work)
