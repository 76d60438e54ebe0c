"""What a worker may act on at a moment, found in one statement over the indexes that hold only such rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, literal, or_, select, union_all

from engine.session import Session
from engine.tables import UtcDateTime, instances, messages, schedules, waits
from engine.task_id import TaskId

BATCH = 5
"""Timers, schedules and messages of one round: few, so that jobs do not wait behind a backlog of them."""


@dataclass(slots=True)
class Due:
    """Timers and schedules in due order, whether a job waits for a worker, and messages that somebody waits for."""

    timers: list[TaskId] = field(default_factory=list)
    schedules: list[int] = field(default_factory=list)
    jobs: bool = False
    messages: list[int] = field(default_factory=list)


_now = bindparam("now", type_=UtcDateTime())


def _waits(kind: str, limit: int) -> Any:
    return (
        select(waits.c.kind, waits.c.instance_id, waits.c.seq, waits.c.k, waits.c.ready_at.label("at"))
        .join(instances, instances.c.id == waits.c.instance_id)
        .where(waits.c.kind == kind, waits.c.ready_at <= _now, instances.c.status == "active")
        .order_by(waits.c.ready_at)
        .limit(limit)
        .subquery()
    )


_active = exists().where(instances.c.id == messages.c.instance_id, instances.c.status == "active")
_awaited = exists().where(
    waits.c.closed_at.is_(None),
    waits.c.kind == "message",
    waits.c.topic == messages.c.name,
    waits.c.correlation == messages.c.correlation,
    waits.c.instance_id == instances.c.id,
    instances.c.status == "active",
)
_messages = (
    select(literal("message"), messages.c.id, literal(0), literal(0), messages.c.sent_at)
    .where(messages.c.taken_at.is_(None), messages.c.failure.is_(None), messages.c.expires_at > _now)
    .where(
        or_(
            and_(messages.c.instance_id.is_not(None), _active),
            and_(messages.c.instance_id.is_(None), or_(messages.c.starts.is_not(None), _awaited)),
        )
    )
    .order_by(messages.c.expires_at)
    .limit(BATCH)
    .subquery()
)
_schedules = (
    select(literal("schedule"), schedules.c.id, literal(0), literal(0), schedules.c.next_at)
    .where(schedules.c.next_at <= _now, schedules.c.failure.is_(None))
    .order_by(schedules.c.next_at)
    .limit(BATCH)
    .subquery()
)
_due = union_all(select(_waits("timer", BATCH)), select(_waits("job", 1)), select(_messages), select(_schedules))


_next = union_all(*(select(_waits(kind, 1).c.at) for kind in ("timer", "job")))


def next_due(session: Session, until: datetime) -> datetime | None:
    """When the first timer or job is due, if not after `until`; for simulated clocks."""
    return min(session.execute(_next, {"now": until}).scalars(), default=None)


def due(session: Session, now: datetime) -> Due:
    """What may be acted on at `now`, at most BATCH timers, schedules and messages each."""
    found = Due()
    for kind, first, seq, k, _ in sorted(session.execute(_due, {"now": now}), key=lambda row: (row[4], row[1:4])):
        if kind == "message":
            found.messages.append(first)
        elif kind == "schedule":
            found.schedules.append(first)
        elif kind == "job":
            found.jobs = True
        else:
            found.timers.append(TaskId(first, seq, k))
    return found
