"""Numbers of documents, such as QT-2026-000123: drawn once per job from the gapless series of prefix and year."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from company.races import insert_or_retry
from company.tables_records import document_numbers
from engine.commands.numbers import next_number
from engine.history.calendars import zone_in_force
from engine.session import Session
from engine.tables import DOCUMENTS


def draw_number(session: Session, job_key: str, case: str, prefix: str, now: datetime) -> str:
    """The document number of a job: the one it drew at an earlier attempt, else the next of the series."""
    mine = select(document_numbers.c.document).where(document_numbers.c.job_key == job_key)
    drawn = session.execute(mine).scalar()
    if drawn is None:
        drawn = next_number(session, prefix, now, zone_in_force(session), DOCUMENTS)
        row = {"job_key": job_key, "document": drawn, "number": case, "at": now}
        insert_or_retry(session, insert(document_numbers).values(row))
    return drawn
