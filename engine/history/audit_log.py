"""The audit log: what was done outside any case, each row chained to the one before.

`hash = SHA-256(encode([id, at, actor, act, subject, details, previous hash]))`. A row keeps the hash it builds on as
well, so that one that was changed is told from its neighbours, which only lost what they build on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, text

from engine.errors import Problem
from engine.history.chain import GENESIS, digest
from engine.session import Session
from engine.tables import people_log
from engine.values import encode

MOST = 100
"""Problems of the log that are named."""

IN_PARTS = {"yield_per": 500}


def add_row(session: Session, now: datetime, actor: str, act: str, subject: str, details: str) -> None:
    """Add a row behind the newest; `details` are canonical text. Writers queue until the transaction ends."""
    if session.dialect == "postgresql":
        session.execute(text("LOCK TABLE people_log IN SHARE ROW EXCLUSIVE MODE"))
    last, previous = newest_row(session) or (0, GENESIS)
    row = {"id": last + 1, "at": now, "actor": actor, "act": act, "subject": subject, "details": details}
    covered = hash_of(last + 1, now, actor, act, subject, details, previous)
    session.execute(insert(people_log).values(row | {"previous": previous, "hash": covered}))


def newest_row(session: Session) -> tuple[int, bytes] | None:
    """The id and hash of the newest row, None without any."""
    row = session.execute(select(people_log.c.id, people_log.c.hash).order_by(people_log.c.id.desc()).limit(1)).first()
    return (row.id, row.hash) if row else None


def row_hash(session: Session, act_id: int) -> bytes | None:
    """The hash of a row, None when there is none of that id."""
    found: bytes | None = session.execute(select(people_log.c.hash).where(people_log.c.id == act_id)).scalar()
    return found


def hash_of(act_id: int, at: datetime, actor: str, act: str, subject: str, details: str, previous: bytes) -> bytes:
    """The hash of a row that builds on `previous`, 32 bytes."""
    return digest(encode([act_id, at, actor, act, subject, details, previous.hex()]))


def check_audit_log(session: Session, seen: Iterable[tuple[int, int, bytes]]) -> list[Problem]:
    """Name the rows that were changed, rewritten, removed, inserted or put in another place, at most MOST of them.

    `seen` are the anchors' ids, each with the row it saw as the newest and its hash.
    """
    walk = _Walk((newest_row(session) or (0, GENESIS))[0], seen)
    with session.execute(select(people_log).order_by(people_log.c.id).execution_options(**IN_PARTS)) as rows:
        return list(islice(walk.problems(rows), MOST))


class _Walk:
    """One walk along the log; what stands behind a row that is not as it was is judged by its own hash alone."""

    def __init__(self, newest: int, seen: Iterable[tuple[int, int, bytes]]) -> None:
        self._newest = newest
        self._seen: dict[int, list[tuple[int, bytes]]] = {}
        for anchor, act_id, head in seen:
            self._seen.setdefault(act_id, []).append((anchor, head))

    def problems(self, rows: Iterable[Any]) -> Iterator[Problem]:
        last_id, last_hash, whole = 0, GENESIS, True
        for row in rows:
            fault, follows = self._fault(row), row.previous == last_hash
            if row.id > last_id + 1:
                yield _removed(last_id + 1, row.id - 1)
            elif not follows and whole and not fault:
                yield _problem(
                    max(last_id, 1), "被改写，前后接不上", "was rewritten: what stands beside it does not fit"
                )
            if fault:
                yield _problem(row.id, *fault)
            last_id, last_hash, whole = max(row.id, 0), row.hash, fault is None
        newest = max(self._seen, default=0)
        if newest > last_id:
            yield _removed(last_id + 1, newest)

    def _fault(self, row: Any) -> tuple[str, str] | None:
        """What is wrong with a row whatever stands before it."""
        seen = self._seen.pop(row.id, ())
        content = (row.at, row.actor, row.act, row.subject, row.details, row.previous)
        if row.id < 1:
            return "是插入的", "was inserted"
        if hash_of(row.id, *content) != row.hash:
            home = next((n for n in range(1, self._newest + 1) if hash_of(n, *content) == row.hash), None)
            if home:
                return f"被调换：这里原是别的记录，现在是第 {home} 条", f"was moved: what stands here is row {home}"
            return "被改动", "was changed"
        for anchor, head in seen:
            if head != row.hash:
                return f"与锚点 {anchor} 不符：被改写", f"differs from anchor {anchor}: it was rewritten"
        return None


def _removed(first: int, last: int) -> Problem:
    rows = "" if first == last else f"（至第 {last} 条）", "" if first == last else f" (up to row {last})"
    return _problem(first, f"被删除{rows[0]}", f"was removed{rows[1]}")


def _problem(act_id: int, zh: str, en: str) -> Problem:
    where = f"{people_log.name}#{act_id}"
    return Problem("acts", where, f"管理记录第 {act_id} 条{zh}", f"row {act_id} of the audit log {en}")
