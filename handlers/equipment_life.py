"""`equipment_life`: note an event in a machine's life file.

Input {serial_no, kind, part_out?, part_in?, note?}; returns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from company.records.equipment_life import LifeEntry, add_event
from engine.actor import SYSTEM
from engine.jobs import Job
from engine.values import Value
from handlers import given


def equipment_life(job: Job) -> Mapping[str, Value]:
    """Write the event, once per job."""
    event = LifeEntry(
        given.text(job, "serial_no", longest=100),
        given.text(job, "kind", longest=60),
        given.text(job, "part_out", ""),
        given.text(job, "part_in", ""),
        given.text(job, "note", "", 10_000),
        job.number,
        job.now,
        SYSTEM.id,
    )
    add_event(job.db, job.key, event)
    return {}
