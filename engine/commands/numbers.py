"""Document numbers such as PA-2026-000001: one gapless series per prefix and year of the company's zone."""

from __future__ import annotations

from datetime import datetime, tzinfo

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.session import Session
from engine.tables import sequences


def next_number(session: Session, prefix: str, now: datetime, zone: tzinfo, kind: str = "") -> str:
    """The next number of the series; the transaction holds the series until it ends, so no number is lost.

    `kind` is empty for cases and DOCUMENTS for what a case numbers besides.
    """
    series = f"{prefix}-{now.astimezone(zone).year}"
    return f"{series}-{next_of(session, kind + series):06d}"


def next_of(session: Session, series: str) -> int:
    """The next of a series by its whole name; the transaction holds the series until it ends."""
    drawn = session.first(_draw[session.dialect], {"series": series})
    assert drawn is not None
    last: int = drawn.last
    return last


def go_on_behind(session: Session, series: str, last: int) -> None:
    """Let a series that the transaction holds go on behind `last`."""
    session.execute(update(sequences).where(sequences.c.name == series).values(last=last))


_draw = {
    dialect.name: upsert(sequences)
    .values(name=bindparam("series"), last=1)
    .on_conflict_do_update(index_elements=["name"], set_={"last": sequences.c.last + 1})
    .returning(sequences.c.last)
    for dialect, upsert in ((sqlite.dialect, sqlite.insert), (postgresql.dialect, postgresql.insert))
}
