"""Incidents: what stands still until somebody deals with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.actor import Actor
from engine.history.schedules import all_schedules
from engine.session import Session
from engine.tables import instances, messages, waits
from engine.task_id import TaskId
from engine.values import Value, decode

MOST = 200
"""Incidents that are shown of each kind: whoever has more has one cause."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A job, timer or called case that failed; or, without `wait`, a message or a schedule that was refused.

    `facts` say why: reason (reason_en), error (a BPMN error code that nothing caught).
    """

    number: str
    key: str
    kind: str
    node_id: str
    wait: TaskId | None
    message: int | None
    since: datetime
    facts: dict[str, Value]
    schedule: int | None = None


def incidents(session: Session, actor: Actor) -> list[Incident]:
    """The open incidents, oldest first; messages and schedules last. Raises NotPermitted."""
    actor.require("correct")
    return [*map(_of_wait, _waits(session)), *map(_of_message, _messages(session)), *_schedules(session)]


def stuck_in(session: Session, instance_id: int) -> dict[tuple[int, int], dict[str, Value]]:
    """Which waits of an instance stand still, and why; a timer that was refused is known by its row alone."""
    query = select(waits.c.seq, waits.c.k, waits.c.incident).where(
        waits.c.instance_id == instance_id, waits.c.closed_at.is_(None), waits.c.incident.is_not(None)
    )
    return {(row.seq, row.k): decode(row.incident) for row in session.execute(query)}


def _waits(session: Session) -> list[Any]:
    query = (
        select(waits, instances.c.number)
        .join(instances, instances.c.id == waits.c.instance_id)
        .where(waits.c.incident.is_not(None))
    )
    return list(session.execute(query.order_by(waits.c.opened_at, waits.c.instance_id).limit(MOST)))


def _messages(session: Session) -> list[Any]:
    query = (
        select(messages, instances.c.number)
        .outerjoin(instances, instances.c.id == messages.c.instance_id)
        .where(messages.c.failure.is_not(None))
    )
    return list(session.execute(query.order_by(messages.c.id).limit(MOST)))


def _schedules(session: Session) -> list[Incident]:
    return [
        Incident("", row.key, "schedule", row.node_id, None, None, row.next_at, dict(row.failure), row.id)
        for row in all_schedules(session)
        if row.failure is not None and row.next_at is not None
    ]


def _of_wait(row: Any) -> Incident:
    wait = TaskId(row.instance_id, row.seq, row.k)
    return Incident(row.number, row.key, row.kind, row.node_id, wait, None, row.opened_at, decode(row.incident))


def _of_message(row: Any) -> Incident:
    facts = decode(row.failure) | {"message": row.name, "from": row.sender}
    return Incident(row.number or "", row.starts or "", row.kind, "", None, row.id, row.sent_at, facts)
