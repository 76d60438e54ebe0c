"""The audit log: what was done to people, roles, sessions, the calendar and what has no history of its own.

Rows are only ever added, in the same transaction, and chained, see `engine.history.audit_log`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.actor import Actor
from engine.history.audit_log import add_row
from engine.queries.paging import Page, behind, cursor
from engine.session import Session
from engine.tables import people_log
from engine.values import Value, decode, encode


@dataclass(frozen=True, slots=True)
class Act:
    """One row: who did what to whom (an account or a role's key) and what changed.

    `act` is one word of `add_person`, `change_person`, `deactivate`, `activate`, `set_roles`, `reset_password`,
    `change_password`, `add_role`, `set_permissions`, `add_substitute`, `end_substitute`, `revoke_session`, ...
    """

    id: int
    at: datetime
    actor: str
    act: str
    subject: str
    details: dict[str, Value]


def record(
    session: Session, actor: Actor, now: datetime, act: str, subject: str, details: Mapping[str, Value] | None = None
) -> None:
    """Add a row; `details` never holds a password."""
    add_row(session, now, actor.id, act, subject, encode(dict(details or {})).decode())


def changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Value]:
    """What differs, as `{field: {"from": old, "to": new}}`."""
    return {name: {"from": before.get(name), "to": value} for name, value in after.items() if before.get(name) != value}


def acts(session: Session, *, subject: str | None = None, after: str | None = None, limit: int = 50) -> Page[Act]:
    """The rows, newest first; of one person or role if `subject` names it."""
    chosen = select(people_log).where(behind([people_log.c.id], after, descending=True))
    if subject is not None and subject.isprintable():
        chosen = chosen.where(people_log.c.subject == subject)
    rows = session.execute(chosen.order_by(people_log.c.id.desc()).limit(limit + 1)).all()
    found = [Act(row.id, row.at, row.actor, row.act, row.subject, _details(row.details)) for row in rows[:limit]]
    return Page(found, cursor([found[-1].id]) if len(rows) > limit else None)


def _details(text: str) -> dict[str, Value]:
    found = decode(text)
    return found if isinstance(found, dict) else {}
