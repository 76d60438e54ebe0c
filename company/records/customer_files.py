"""The customer's file: what cases noted about a customer, by the name they knew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, Text, insert, select

from company.columns import case_number, job_key, moment
from company.races import insert_or_retry
from engine.database import command
from engine.session import Session
from engine.tables import metadata

customer_entries = Table(
    "customer_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    job_key(unique=True),
    Column("customer", String(200), nullable=False, index=True),
    Column("kind", String(60), nullable=False),
    Column("text", Text, nullable=False),
    case_number(),
    moment("at", nullable=False),
)
"""The customers' files, by the name the case knew."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One entry of a customer's file; `number` is the case it came from."""

    customer: str
    kind: str
    text: str
    number: str
    at: datetime


@command
def add_entry(session: Session, job_key: str, entry: FileEntry) -> None:
    """Write an entry once per job."""
    mine = customer_entries.c.job_key == job_key
    if session.execute(select(customer_entries.c.id).where(mine)).first() is None:
        row = {name: getattr(entry, name) for name in FileEntry.__dataclass_fields__}
        insert_or_retry(session, insert(customer_entries).values(job_key=job_key, **row))


def entries_of(session: Session, customer: str) -> list[FileEntry]:
    """A customer's file, newest first."""
    columns = [customer_entries.c[name] for name in FileEntry.__dataclass_fields__]
    query = select(*columns).where(customer_entries.c.customer == customer).order_by(customer_entries.c.id.desc())
    return [FileEntry(*row) for row in session.execute(query)]
