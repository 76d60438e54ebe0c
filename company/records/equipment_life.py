"""The life file of a machine: what was replaced, when, in which case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, Text, insert, select

from company.columns import case_number, job_key, moment
from company.races import insert_or_retry
from engine.database import command
from engine.session import Session
from engine.tables import metadata

equipment_life = Table(
    "equipment_life",
    metadata,
    Column("id", Integer, primary_key=True),
    job_key(unique=True),
    Column("serial_no", String(100), nullable=False, index=True),
    Column("kind", String(60), nullable=False),
    Column("part_out", String(200), nullable=False),
    Column("part_in", String(200), nullable=False),
    Column("note", Text, nullable=False),
    case_number(),
    moment("at", nullable=False),
    Column("by", String(100), nullable=False),
)
"""What happened to a machine in its life: what was replaced, when, in which case."""


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
    table = equipment_life
    known = select(table.c.id).where(table.c.job_key == job_key)
    if job_key is None or session.execute(known).first() is None:
        row = {name: getattr(event, name) for name in LifeEntry.__dataclass_fields__}
        insert_or_retry(session, insert(table).values(job_key=job_key, **row))


def life_of(session: Session, serial_no: str) -> list[LifeEntry]:
    """A machine's life, newest first."""
    table = equipment_life
    columns = [table.c[name] for name in LifeEntry.__dataclass_fields__]
    query = select(*columns).where(table.c.serial_no == serial_no).order_by(table.c.at.desc(), table.c.id.desc())
    return [LifeEntry(*row) for row in session.execute(query)]
