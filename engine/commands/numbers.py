"""Document numbers such as PA-2026-000001: one gapless series per prefix and year of the company's zone."""

from __future__ import annotations

from datetime import datetime, tzinfo

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from engine.session import Session
from engine.tables import sequences


def next_number(session: Session, prefix: str, now: datetime, zone: tzinfo, kind: str = "") -> str:
    """The next number of the series; the transaction holds the series until it ends, so no number is lost.

    `kind` is empty for cases and DOCUMENTS for what a case numbers besides.
    """
    series = f"{prefix}-{now.astimezone(zone).year}"
    drawn = session.first(_draw[session.dialect], {"series": kind + series})
    assert drawn is not None
    return f"{series}-{drawn.last:06d}"


_draw = {
    dialect.name: upsert(sequences)
    .values(name=bindparam("series"), last=1)
    .on_conflict_do_update(index_elements=["name"], set_={"last": sequences.c.last + 1})
    .returning(sequences.c.last)
    for dialect, upsert in ((sqlite.dialect, sqlite.insert), (postgresql.dialect, postgresql.insert))
}
