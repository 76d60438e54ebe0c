"""What the clock starts: every schedule with what it began last."""

from __future__ import annotations

from dataclasses import dataclass

from engine.actor import SYSTEM
from engine.bpmn import Definition
from engine.history.definitions import by_id
from engine.history.schedules import Schedule, all_schedules
from engine.queries.cases import CaseHead, heads
from engine.session import Session
from engine.tables import entries, instances
from engine.values import decode

LOOKED_BACK = 50
"""The newest cases begun by the clock among which the last of a schedule is looked for."""


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule, the version it belongs to, and the case it began last; None when it is none of the newest."""

    schedule: Schedule
    definition: Definition
    last: CaseHead | None


def schedule_views(session: Session) -> list[ScheduleView]:
    """Every schedule, the next to fire first."""
    return [
        ScheduleView(found, by_id(session, found.definition_id).definition, _last(session, found))
        for found in all_schedules(session)
    ]


def _last(session: Session, schedule: Schedule) -> CaseHead | None:
    begun = (
        heads.add_columns(entries.c.input)
        .join(entries, (entries.c.instance_id == instances.c.id) & (entries.c.seq == 0))
        .where(instances.c.key == schedule.key, instances.c.started_by == SYSTEM.id)
    )
    for *head, given in session.execute(begun.order_by(instances.c.id.desc()).limit(LOOKED_BACK)):
        if decode(given).get("facts", {}).get("start") == schedule.node_id:
            return CaseHead(*head)
    return None
