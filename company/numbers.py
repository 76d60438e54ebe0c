"""Numbers that the product gives besides those of cases.

Documents have numbers such as QT-2026-000123, drawn once per job from the gapless series of prefix and year. Records
have numbers such as KH-0042, from a series per kind that passes over what somebody gave by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Column, String, Table, insert, select

from company.columns import case_number, job_key, moment
from company.races import insert_or_retry
from company.records.kinds import RecordKind
from company.records.tables import records
from engine.commands.numbers import go_on_behind, next_number, next_of
from engine.database import command
from engine.history.calendars import zone_in_force
from engine.session import Session
from engine.tables import DOCUMENTS, metadata

document_numbers = Table(
    "document_numbers",
    metadata,
    job_key(primary_key=True),
    Column("document", String(100), nullable=False, unique=True),
    case_number(),
    moment("at", nullable=False),
)
"""Numbers drawn for documents of cases."""


@command
def draw_number(session: Session, job_key: str, case: str, prefix: str, now: datetime) -> str:
    """The document number of a job: the one it drew at an earlier attempt, else the next of the series."""
    mine = select(document_numbers.c.document).where(document_numbers.c.job_key == job_key)
    drawn = session.execute(mine).scalar()
    if drawn is None:
        drawn = next_number(session, prefix, now, zone_in_force(session), DOCUMENTS)
        row = {"job_key": job_key, "document": drawn, "number": case, "at": now}
        insert_or_retry(session, insert(document_numbers).values(row))
    return drawn


AT_ONCE = 500
"""Numbers that are looked for together where those of a series were given by hand."""


def next_record_number(session: Session, kind: RecordKind) -> str:
    """The next number of a kind that no record has; whoever asks at the same time waits and gets another."""
    series = DOCUMENTS + kind.prefix
    drawn = next_of(session, series)
    number, key = next(_free(session, kind, drawn))
    if number != drawn:
        go_on_behind(session, series, number)
    return key


def _free(session: Session, kind: RecordKind, first: int) -> Iterator[tuple[int, str]]:
    """The numbers from `first` on that no record of the kind has, with what they look like."""
    size = 1  # mostly the first one is free
    while True:
        asked = {f"{kind.prefix}-{number:04d}": number for number in range(first, first + size)}
        mine = records.c.kind == kind.key, records.c.key.in_(asked)
        taken = set(session.execute(select(records.c.key).where(*mine)).scalars())
        yield from ((number, key) for key, number in asked.items() if key not in taken)
        first, size = first + size, AT_ONCE
