"""Cases that another case opened without waiting for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, String, Table, insert, select, union

from company.columns import case_number, job_key, moment
from company.races import insert_or_retry
from engine.actor import SYSTEM
from engine.commands import start_instance
from engine.database import command
from engine.session import Session
from engine.tables import metadata
from engine.values import Value

linked_cases = Table(
    "linked_cases",
    metadata,
    job_key(primary_key=True),
    case_number(),
    Column("opened", String(100), nullable=False, unique=True),
    moment("at", nullable=False),
)
"""Cases that another case opened without waiting for them."""


@command
def open_linked(
    session: Session, job_key: str, case: str, process: str, values: Mapping[str, Value], now: datetime
) -> str:
    """Start a case of `process` for a job of another one, once; returns its number. The start form judges the values.

    Raises NoSuchProcess, InvalidForm and what the engine raises.
    """
    opened = session.execute(select(linked_cases.c.opened).where(linked_cases.c.job_key == job_key)).scalar()
    if opened is not None:
        return opened
    number = start_instance(session, SYSTEM, now, process, values, facts={"opened_by": case}).number
    row = {"job_key": job_key, "number": case, "opened": number, "at": now}
    insert_or_retry(session, insert(linked_cases).values(row))
    return number


def linked_with(session: Session, number: str) -> list[str]:
    """The numbers of the cases this one opened, and of the one that opened it."""
    links = union(
        select(linked_cases.c.opened.label("other")).where(linked_cases.c.number == number),
        select(linked_cases.c.number.label("other")).where(linked_cases.c.opened == number),
    )
    return sorted(session.execute(links).scalars())
