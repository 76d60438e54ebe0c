"""Leases: which worker has which job, and until when. They order the work and are no history.

A worker renews what it holds. Whoever dies with a lease loses it when it ends, and the job is anybody's again.
When that is stands in the database by the clock on the wall, which may be set back: no job stands further ahead than
its lease or a pause can reach.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, or_, select, update

from engine.database import command
from engine.session import Session
from engine.tables import instances, waits
from engine.task_id import TaskId
from engine.values import decode

LONGEST_PAUSE = timedelta(minutes=15)
"""Between two attempts at a job, however many there were and whatever the other side asks for."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that is the worker's until its lease ends; `retries` is what the diagram says, None if it says nothing."""

    job: TaskId
    handler: str
    attempt: int
    retries: int | None


@command
def lease_jobs(session: Session, worker: str, now: datetime, lease: timedelta, limit: int) -> list[Lease]:
    """Take up to `limit` jobs that nobody holds, of instances that run; those ready longest first."""
    ready = (
        select(waits.c.instance_id, waits.c.seq, waits.c.k, waits.c.details, waits.c.attempts)
        .join(instances, instances.c.id == waits.c.instance_id)
        .where(waits.c.ready_at <= now, waits.c.kind == "job", instances.c.status == "active")
        .order_by(waits.c.ready_at, waits.c.instance_id, waits.c.seq, waits.c.k)
        .limit(limit)
        .with_for_update(of=waits, skip_locked=True)
    )
    taken = []
    for row in session.execute(ready).all():
        job = TaskId(row.instance_id, row.seq, row.k)
        session.execute(
            update(waits).where(_is(job)).values(lease_owner=worker, ready_at=now + lease, attempts=row.attempts + 1)
        )
        details = decode(row.details)
        retries = details.get("retries")
        taken.append(Lease(job, details["handler"], row.attempts + 1, None if retries is None else int(retries)))
    return taken


@command
def renew_leases(session: Session, worker: str, jobs: Collection[TaskId], until: datetime) -> None:
    """Keep the jobs that are still being worked on, where the worker still holds them."""
    _set_ready(session, worker, jobs, until)


@command
def put_off_job(session: Session, worker: str, job: TaskId, until: datetime) -> None:
    """Give a job back that is to be tried again at `until`, unless another worker has it by now."""
    _set_ready(session, worker, [job], until, lease_owner=None)


@command
def keep_to_the_clock(session: Session, now: datetime, lease: timedelta) -> None:
    """Pull in jobs that stand further ahead than a lease or a pause: the clock was set back since.

    Whoever lives renews the lease in time; without this, a job would wait until the clock is where it was.
    """
    held, untried = waits.c.lease_owner.is_not(None), waits.c.attempts == 0
    furthest = case((held, now + 2 * lease), (untried, now + lease), else_=now + LONGEST_PAUSE)
    ahead = (waits.c.kind == "job") & (waits.c.ready_at > now) & (waits.c.ready_at > furthest)
    pulled_in = update(waits).where(ahead).values(ready_at=case((held, now + lease), else_=now))
    session.execute(pulled_in)


def _set_ready(session: Session, worker: str, jobs: Collection[TaskId], until: datetime, **columns: None) -> None:
    if jobs:
        held = (waits.c.lease_owner == worker) & waits.c.closed_at.is_(None) & waits.c.ready_at.is_not(None)
        session.execute(update(waits).where(or_(*map(_is, sorted(jobs))), held).values(ready_at=until, **columns))


def _is(job: TaskId) -> ColumnElement[bool]:
    return (waits.c.instance_id == job.instance_id) & (waits.c.seq == job.seq) & (waits.c.k == job.k)
