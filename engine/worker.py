"""The worker: fires due timers, runs leased jobs, takes anchors. Any number of processes may run one.

A job is leased in a short transaction, its handler runs outside any, and the result answers the wait. Whoever dies
with a lease loses it after LEASE; the handler's idempotency key is the same again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from engine.bpmn import visible_variables
from engine.commands.answer_wait import fail_job, finish_job, fire_timer
from engine.database import Database
from engine.errors import ClauseflowError
from engine.history.anchors import take_anchor
from engine.history.append import load
from engine.tables import instances, waits
from engine.task_id import TaskId
from engine.values import Value, decode

log = logging.getLogger("clauseflow.worker")

LEASE = timedelta(seconds=20)
IDLE_SECONDS = 0.2
BATCH = 20
ANCHOR_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Job:
    """What a handler is given: `key` is the same at every attempt, so that an outside system can recognise it."""

    key: str
    number: str
    node_id: str
    variables: Mapping[str, Value]
    now: datetime


class JobError(ClauseflowError):
    """A handler's failure that another attempt would not mend; `error` names a BPMN error to catch on the diagram."""

    zh = "处理失败：{reason}"
    en = "The job failed: {reason}"


@dataclass(frozen=True, slots=True)
class Handler:
    """A side effect by name: `run` gives the variables to set.

    It is tried `attempts` times, first `backoff` apart, then twice as long each time; JobError ends that at once.
    """

    run: Callable[[Job], Mapping[str, Value]]
    attempts: int = 3
    backoff: timedelta = timedelta(seconds=5)


@dataclass(slots=True)
class Worker:
    """One worker process: `clock` gives the time, `anchor_file` gets the roots."""

    db: Database
    handlers: Mapping[str, Handler]
    clock: Callable[[], datetime]
    name: str
    anchor_file: Path | None = None
    _next_anchor: datetime | None = None

    def run(self, stop: Event) -> None:
        """Work until told to stop; a failing round is logged and the next one starts afresh."""
        while not stop.is_set():
            try:
                busy = self.tick(self.clock())
            except Exception:
                log.exception("round failed")
                busy = 0
            if not busy:
                stop.wait(IDLE_SECONDS)

    def tick(self, now: datetime) -> int:
        """Answer what is due at `now`, in due order; gives how many answers were tried."""
        timers = self._due_timers(now)
        for wait_id in timers:
            if not fire_timer(self.db, now, wait_id):
                log.info("timer %s came to nothing", wait_id)
        jobs = self.db.write(lambda session: self._lease(session, now)) if self._jobs_waiting(now) else []
        for wait_id, handler, attempt in jobs:
            self._work_on(wait_id, handler, attempt, now)
        self._anchor(now)
        return len(timers) + len(jobs)

    def drain(self, now: datetime) -> None:
        """Answer everything due at `now` and whatever that leads to; for simulated clocks."""
        while self.tick(now):
            pass

    def _due_timers(self, now: datetime) -> list[TaskId]:
        with self.db.reading() as session:
            rows = session.execute(
                select(waits.c.instance_id, waits.c.seq, waits.c.k)
                .join(instances, instances.c.id == waits.c.instance_id)
                .where(waits.c.closed_at.is_(None), waits.c.kind == "timer", waits.c.due_at <= now)
                .where(instances.c.status == "active")
                .order_by(waits.c.due_at, waits.c.instance_id, waits.c.seq, waits.c.k)
                .limit(BATCH)
            )
            return [TaskId(*row) for row in rows]

    def _jobs_waiting(self, now: datetime) -> bool:
        with self.db.reading() as session:
            return session.execute(_leasable(now).limit(1)).first() is not None

    def _lease(self, session: Session, now: datetime) -> list[tuple[TaskId, str, int]]:
        rows = session.execute(_leasable(now).limit(BATCH).with_for_update(of=waits, skip_locked=True)).all()
        for row in rows:
            session.execute(
                update(waits)
                .where(waits.c.instance_id == row.instance_id, waits.c.seq == row.seq, waits.c.k == row.k)
                .values(lease_owner=self.name, lease_until=now + LEASE, attempts=row.attempts + 1)
            )
        return [
            (TaskId(row.instance_id, row.seq, row.k), str(decode(row.details)["handler"]), row.attempts + 1)
            for row in rows
        ]

    def _work_on(self, wait_id: TaskId, name: str, attempt: int, now: datetime) -> None:
        handler = self.handlers.get(name)
        try:
            if handler is None:
                raise JobError(reason=f"handler {name} does not exist")
            values = handler.run(self._job(wait_id, now))
        except JobError as error:
            self._give_up(wait_id, now, error)
        except Exception as error:  # whatever a handler raises: the job failed, the worker goes on
            assert handler is not None
            log.warning("job %s failed, attempt %s of %s", wait_id, attempt, handler.attempts, exc_info=True)
            if attempt >= handler.attempts:
                self._give_up(wait_id, now, JobError(reason=f"{type(error).__name__}: {error}"))
            else:
                self._again_later(wait_id, now + handler.backoff * 2 ** (attempt - 1))
        else:
            if not finish_job(self.db, now, wait_id, values):
                log.info("result of job %s came too late", wait_id)

    def _job(self, wait_id: TaskId, now: datetime) -> Job:
        with self.db.reading() as session:
            instance = load(session, wait_id.instance_id)
            wait = instance.state.wait(wait_id.wait)
            if wait is None:
                raise JobError(reason="the wait is gone")
            return Job(str(wait_id), instance.number, wait.node_id, visible_variables(instance.state, wait.scope), now)

    def _give_up(self, wait_id: TaskId, now: datetime, error: JobError) -> None:
        facts = {name: value for name, value in error.facts.items() if name in ("reason", "error")}
        if not fail_job(self.db, now, wait_id, facts):
            log.info("failure of job %s came too late", wait_id)

    def _again_later(self, wait_id: TaskId, at: datetime) -> None:
        def work(session: Session) -> None:
            session.execute(
                update(waits)
                .where(waits.c.instance_id == wait_id.instance_id, waits.c.seq == wait_id.seq, waits.c.k == wait_id.k)
                .values(lease_owner=None, lease_until=at)
            )

        self.db.write(work)

    def _anchor(self, now: datetime) -> None:
        if self._next_anchor is None:
            self._next_anchor = now + ANCHOR_EVERY
        if now >= self._next_anchor:
            take_anchor(self.db, now, self.anchor_file)
            self._next_anchor = now + ANCHOR_EVERY


def _leasable(now: datetime) -> Select[Any]:
    """Jobs nobody holds, without an incident, of instances that run; the longest waiting first."""
    return (
        select(waits.c.instance_id, waits.c.seq, waits.c.k, waits.c.details, waits.c.attempts)
        .join(instances, instances.c.id == waits.c.instance_id)
        .where(
            waits.c.closed_at.is_(None),
            waits.c.kind == "job",
            waits.c.incident.is_(None),
            instances.c.status == "active",
            or_(waits.c.lease_until.is_(None), waits.c.lease_until <= now),
        )
        .order_by(waits.c.opened_at, waits.c.instance_id, waits.c.seq, waits.c.k)
    )
