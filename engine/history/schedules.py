"""The clock's appointments with the processes in force: set by a deploy, moved on by the worker that keeps one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from engine.bpmn import EvaluationContext, Firing, first_firings, next_firing
from engine.errors import Problem
from engine.history import calendars
from engine.history.definitions import Deployed, by_id
from engine.session import Session
from engine.tables import schedules
from engine.values import Value, decode


@dataclass(frozen=True, slots=True)
class Schedule:
    """A timer start event of a process in force, when it begins the next case, and why it stands still if it does."""

    id: int
    key: str
    definition_id: int
    node_id: str
    next_at: datetime | None
    left: int | None
    failure: Mapping[str, Value] | None


def schedule_deployed(session: Session, deployed: Deployed, now: datetime) -> list[Problem]:
    """Let a version just put in force replace what the one before had the clock do; returns warnings.

    What is due already stays due, so that a deploy in an outage loses no case; only a new moment moves a single one.
    Raises ExpressionFailed.
    """
    before = session.execute(select(schedules).where(schedules.c.key == deployed.key).with_for_update())
    owed = {row.node_id: row for row in before if row.next_at is not None and row.next_at <= now}
    session.execute(delete(schedules).where(schedules.c.key == deployed.key))
    found = []
    for firing in first_firings(deployed.definition, _around(session, now)):
        row = None if _once(firing) else owed.get(firing.node_id)
        at = firing.at if row is None else row.next_at
        left = firing.left if row is None else _with_owed(firing.left)
        values = {"key": deployed.key, "node_id": firing.node_id, "definition_id": deployed.id}
        session.execute(insert(schedules).values(values | {"next_at": at, "left": left}))
        if at is None:
            found.append(_over(deployed, firing.node_id))
    return found


def _once(firing: Firing) -> bool:
    """Whether the version begins one case only, and that is still to come."""
    return firing.at is not None and firing.left == 1


def _with_owed(left: int | None) -> int | None:
    """The times still to come when one that is due comes before them."""
    return None if left is None else left + 1


def _over(deployed: Deployed, node_id: str) -> Problem:
    node = deployed.definition.diagram.nodes[node_id]
    return Problem("schedule", node_id, "定时开始的时刻已过，不会发起事项",
                   "the timer start lies in the past and will begin no case", node.line,
                   file=deployed.definition.bpmn_path, severity="warning")  # fmt: skip


def take_firing(session: Session, schedule: int, now: datetime) -> tuple[Deployed, Firing] | None:
    """Move a due schedule on and give what is to begin now; None when it is not due, gone, or another worker has it.

    Raises ExpressionFailed.
    """
    due = select(schedules).where(schedules.c.id == schedule, schedules.c.next_at <= now, schedules.c.failure.is_(None))
    row = session.execute(due.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    deployed = by_id(session, row.definition_id)
    fired = Firing(row.node_id, row.next_at, row.left)
    after = next_firing(deployed.definition, fired, _around(session, now))
    session.execute(update(schedules).where(schedules.c.id == schedule).values(next_at=after.at, left=after.left))
    return deployed, fired


def all_schedules(session: Session) -> list[Schedule]:
    """Every schedule, the next to fire first and those that are over last."""
    rows = session.execute(
        select(schedules).order_by(schedules.c.next_at.is_(None), schedules.c.next_at, schedules.c.id)
    )
    return [
        Schedule(
            row.id,
            row.key,
            row.definition_id,
            row.node_id,
            row.next_at,
            row.left,
            decode(row.failure) if row.failure else None,
        )
        for row in rows
    ]


def _around(session: Session, now: datetime) -> EvaluationContext:
    return EvaluationContext(now, calendars.by_hash(session, calendars.hash_in_force(session)))
