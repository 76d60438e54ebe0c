"""The access log: who looked at which case. Rows are only added, covered by the next anchor, never chained row to row.

An anchor covers the rows that no anchor covered before, whatever their ids: on PostgreSQL a lower id may commit later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from engine.errors import Problem
from engine.history.anchoring.tree import tree_hash
from engine.session import Session
from engine.tables import openings
from engine.values import encode

_rows = select(
    openings.c.id, openings.c.at, openings.c.person, openings.c.number, openings.c.page, openings.c.anchor_id
)


class Opening(NamedTuple):
    """A person opened a case, by its number, on a page; `at` is UTC."""

    at: datetime
    person: str
    number: str
    page: str


def note_openings(session: Session, opened: Iterable[Opening]) -> None:
    """Add openings in their order."""
    session.execute(insert(openings), [each._asdict() for each in opened])


def noted_since(session: Session, since: datetime, person: str, number: str, page: str) -> bool:
    """Whether a person's opening of a case on a page is noted since a moment."""
    query = select(openings.c.id).where(
        openings.c.number == number, openings.c.person == person, openings.c.page == page, openings.c.at >= since
    )
    return session.execute(query.limit(1)).first() is not None


def accesses_of(session: Session, number: str, limit: int) -> list[Any]:
    """The last openings of a case, newest first."""
    query = _rows.where(openings.c.number == number).order_by(openings.c.id.desc()).limit(limit)
    return list(session.execute(query).all())


def uncovered(session: Session) -> list[Any]:
    """The rows that no anchor covers yet, in order."""
    return list(session.execute(_rows.where(openings.c.anchor_id.is_(None)).order_by(openings.c.id)).all())


def cover(session: Session, rows: Iterable[Any], anchor_id: int) -> None:
    """Mark rows as covered by an anchor."""
    ids = [row.id for row in rows]
    for start in range(0, len(ids), 500):
        chosen = openings.c.id.in_(ids[start : start + 500])
        session.execute(update(openings).where(chosen).values(anchor_id=anchor_id))


def root_of_accesses(rows: Iterable[Any]) -> bytes:
    """The tree hash over rows in order, 32 bytes."""
    return tree_hash([encode([row.id, row.at, row.person, row.number, row.page]) for row in rows])


def check_access_log(session: Session, covered: Mapping[int, tuple[int, bytes | None]]) -> list[Problem]:
    """What differs from what anchors covered; `covered` is anchor id -> how many rows, and their root."""
    rows = session.execute(_rows.where(openings.c.anchor_id.is_not(None)).order_by(openings.c.anchor_id, openings.c.id))
    found = {anchor: list(group) for anchor, group in groupby(rows, key=lambda row: row.anchor_id)}
    problems = []
    for anchor in sorted(covered.keys() | found.keys()):
        there, (count, root) = found.get(anchor, []), covered.get(anchor, (0, None))
        if len(there) != count:
            kind = ("删除", "deleted") if len(there) < count else ("插入", "inserted")
            problems.append(_problem(anchor, f"被{kind[0]}（应 {count} 条，现 {len(there)} 条）",
                                     f"were {kind[1]} ({count} were covered, {len(there)} are there)"))  # fmt: skip
        elif count and root_of_accesses(there) != root:
            problems.append(_problem(anchor, "被改动", "were changed"))
    return problems


def _problem(anchor: int, zh: str, en: str) -> Problem:
    where = f"anchor {anchor}/openings"
    return Problem("openings", where, f"锚点 {anchor} 覆盖的查看记录{zh}", f"openings covered by anchor {anchor} {en}")
