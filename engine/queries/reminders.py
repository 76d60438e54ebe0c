"""Reminders and escalations: timers beside work that went off in a case, and whom they set to work."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from engine.bpmn import Diagram, Node
from engine.history.definitions import by_id
from engine.queries.deadlines import watched, watches
from engine.session import Session
from engine.tables import entries, waits
from engine.task_id import TaskId


@dataclass(frozen=True, slots=True)
class Reminder:
    """A timer that went off; `jobs` are what handlers were given to do, `lanes` who got a task."""

    instance_id: int
    diagram: Diagram
    timer: Node
    at: datetime
    jobs: list[TaskId] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)

    def about(self, node_id: str, opened_at: datetime) -> bool:
        """Whether it went off about a task at that node, opened then: it stands on it, or shares a clause with it."""
        node = self.diagram.nodes.get(node_id)
        if node is None or self.at < opened_at:
            return False
        shared = set(node.clauses) & set(self.timer.clauses)
        return self.timer.attached_to == node_id or bool(shared and node in watched(self.diagram, self.timer))


def reminders(session: Session, cases: Collection[int]) -> dict[int, list[Reminder]]:
    """What went off in each of the cases, oldest first; what set nobody to work is left out."""
    followed = aliased(waits)
    query = (
        select(
            waits.c.instance_id,
            entries.c.definition_id,
            waits.c.node_id,
            waits.c.closed_at,
            followed.c.kind,
            followed.c.seq,
            followed.c.k,
            followed.c.lane,
        )
        .join(entries, (entries.c.instance_id == waits.c.instance_id) & (entries.c.seq == waits.c.closed_seq))
        .join(followed, (followed.c.instance_id == waits.c.instance_id) & (followed.c.seq == waits.c.closed_seq))
        .where(waits.c.instance_id.in_(cases), waits.c.kind == "timer", waits.c.closed_why == "completed")
        .where(followed.c.kind.in_(("job", "task")))
        .order_by(waits.c.instance_id, waits.c.closed_seq, followed.c.k)
    )
    diagrams: dict[int, Diagram] = {}
    found: dict[tuple[int, datetime, str], Reminder] = {}
    for row in session.execute(query) if cases else ():
        if row.definition_id not in diagrams:
            diagrams[row.definition_id] = by_id(session, row.definition_id).definition.diagram
        timer = diagrams[row.definition_id].nodes.get(row.node_id)
        if timer is not None and watches(timer):
            _add(found, row, diagrams[row.definition_id], timer)
    sorted_out: dict[int, list[Reminder]] = {}
    for reminder in found.values():
        sorted_out.setdefault(reminder.instance_id, []).append(reminder)
    return sorted_out


def _add(found: dict[tuple[int, datetime, str], Reminder], row: Any, diagram: Diagram, timer: Node) -> None:
    key = row.instance_id, row.closed_at, timer.id
    reminder = found.setdefault(key, Reminder(row.instance_id, diagram, timer, row.closed_at))
    if row.kind == "job":
        reminder.jobs.append(TaskId(row.instance_id, row.seq, row.k))
    elif row.lane:
        reminder.lanes.append(row.lane)
