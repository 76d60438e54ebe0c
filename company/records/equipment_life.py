"""The life file of a machine: what was replaced, when, in which case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from company import tables_records
from company.races import insert_or_retry
from engine.database import command
from engine.session import Session


@dataclass(frozen=True, slots=True)
class LifeEntry:
    """One event in a machine's life; parts are empty where none was taken out or put in."""

    serial_no: str
    kind: str
    part_out: str
    part_in: str
    note: str
    number: str
    at: datetime
    by: str


@command
def add_event(session: Session, job_key: str | None, event: LifeEntry) -> None:
    """Write an event, once per job; None for what a person enters."""
    table = tables_records.equipment_life
    known = select(table.c.id).where(table.c.job_key == job_key)
    if job_key is None or session.execute(known).first() is None:
        row = {name: getattr(event, name) for name in LifeEntry.__dataclass_fields__}
        insert_or_retry(session, insert(table).values(job_key=job_key, **row))


def life_of(session: Session, serial_no: str) -> list[LifeEntry]:
    """A machine's life, newest first."""
    table = tables_records.equipment_life
    columns = [table.c[name] for name in LifeEntry.__dataclass_fields__]
    query = select(*columns).where(table.c.serial_no == serial_no).order_by(table.c.at.desc(), table.c.id.desc())
    return [LifeEntry(*row) for row in session.execute(query)]
