"""Calendar entries: what cases put into the diary of a person or a role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Table, Text, insert, select

from company.columns import case_number, job_key, moment
from company.notifications.store import addresses_of
from company.races import insert_or_retry
from engine.database import command
from engine.session import Session
from engine.tables import metadata

appointments = Table(
    "appointments",
    metadata,
    Column("id", Integer, primary_key=True),
    job_key(unique=True),
    Column("who", String(200), nullable=False),
    moment("at", nullable=False),
    Column("text", Text, nullable=False),
    Column("text_en", Text, nullable=False, server_default=""),
    case_number(),
    Index(None, "who", "at"),
)
"""Calendar entries of people and roles (`person:…`, `role:…`)."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something to keep in mind for a moment; `who` is `person:…` or `role:…`. Without English, the text is for all."""

    who: str
    at: datetime
    text: str
    number: str
    text_en: str = ""


@command
def add_appointment(session: Session, job_key: str, appointment: Appointment) -> None:
    """Write an appointment once per job."""
    if session.execute(select(appointments.c.id).where(appointments.c.job_key == job_key)).first() is None:
        row = {name: getattr(appointment, name) for name in Appointment.__dataclass_fields__}
        insert_or_retry(session, insert(appointments).values(job_key=job_key, **row))


def appointments_of(session: Session, person: str, since: datetime, limit: int = 100) -> list[Appointment]:
    """What a person has ahead from `since`, their roles' entries too, soonest first."""
    columns = [appointments.c[name] for name in Appointment.__dataclass_fields__]
    mine = appointments.c.who.in_(addresses_of(session, person)), appointments.c.at >= since
    query = select(*columns).where(*mine).order_by(appointments.c.at, appointments.c.id)
    return [Appointment(*row) for row in session.execute(query.limit(limit))]
