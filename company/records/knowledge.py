"""What the knowledge base knows of a fault or complaint: solutions whose texts share most with its description."""

from __future__ import annotations

from heapq import nlargest

from sqlalchemy import select

from company.records.kinds import RECORD_KINDS
from company.records.save import Record, find_record
from company.records.tables import records
from engine.session import Session

MOST_PAIRS = 60
LEAST_SHARED, LEAST_PART, ENOUGH = 3, 5, 6
"""Pairs that must be shared: at least so many, one in so many of the description's, but never more than that many."""


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring letters and digits, each once: words of Chinese have no gaps to part them by."""
    lower = text.lower()
    found = (lower[at : at + 2] for at in range(len(lower) - 1))
    return list(dict.fromkeys(pair for pair in found if pair.isalnum()))[:MOST_PAIRS]


def similar_solutions(session: Session, text: str, most: int = 5) -> list[Record]:
    """The solutions in use that share most with the description, the likest first; next to nothing is not enough."""
    wanted = pairs(text)
    if len(wanted) < LEAST_SHARED:
        return []
    kind = RECORD_KINDS["knowledge"]
    enough = min(max(LEAST_SHARED, len(wanted) // LEAST_PART), ENOUGH)
    query = select(records.c.id, records.c.key, records.c.search).where(
        records.c.kind == kind.key, records.c.archived.is_(False)
    )
    # Counted here: sixty LIKEs for each row take SQLite three times as long.
    scored = ((sum(pair in searched for pair in wanted), id_, key) for id_, key, searched in session.execute(query))
    best = nlargest(most, (each for each in scored if each[0] >= enough))
    return [found for _, _, key in best if (found := find_record(session, kind, key))]
