"""Logged-in browsers: a random token in a cookie, its hash in a row that the person or an administrator can revoke."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from company.people import audit_log
from company.people.tables import people, sessions
from engine.actor import Actor
from engine.database import MOMENT, Database, command
from engine.errors import ClauseflowError
from engine.history import calendars
from engine.session import Session
from engine.trouble import DatabaseTrouble

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
"""How precisely the last visit is known: one write a minute at most."""
LATELY = timedelta(days=7)
"""How long after a session ran out its browser may still hand in what was typed, as long as drafts are offered."""
KEPT = timedelta(days=30)
"""How long an ended session stays readable."""

TOKEN_BYTES = 32


class NoSuchSession(ClauseflowError):
    """No live session has that number."""

    zh = "没有这个登录，或它已经结束。"
    en = "There is no such log-in, or it has ended."


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session in force and what every page asks of its person. Times are UTC."""

    id: int
    person: str
    name: str
    name_en: str
    language: str
    password_temporary: bool
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str


@command
def open_session(session: Session, now: datetime, person: str, user_agent: str = "", address: str = "") -> str:
    """Open a session for a person whose password was checked, and give its token (43 URL-safe characters)."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.execute(delete(sessions).where(sessions.c.expires_at < now - KEPT))
    session.execute(
        insert(sessions).values(
            token_hash=_hash(token),
            person=person,
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
            user_agent=user_agent[:300],
            address=address[:60],
        )
    )
    return token


def session_person(session: Session, token: str, now: datetime) -> LiveSession | None:
    """The session of a token, if it is in force and its person is active.

    Which calendar is in force is read along with it, so that a page needs no statement for the company's zone.
    """
    row = session.first(_by_token_with_calendar, _at(now) | {"token": _hash(token)})
    if row is None:
        return None
    calendars.seen(session, row.calendar)
    return _read(row)


def last_person(session: Session, token: str) -> str | None:
    """Whose session the token opened, even if it has ended since."""
    return session.execute(select(sessions.c.person).where(sessions.c.token_hash == _hash(token))).scalar()


def ran_out_lately(session: Session, token: str, now: datetime) -> bool:
    """Whether the token's session ended by time alone, not long ago, and its person is still active.

    A session that somebody ended, or whose person has left, is a stranger's.
    """
    return session.execute(_by_token, _at(now - LATELY) | {"token": _hash(token)}).first() is not None


def touch(db: Database, live: LiveSession, now: datetime) -> None:
    """Remember the visit, at most once every SEEN_EVERY; while the database takes nothing the next visit is."""
    if now - live.seen_at < SEEN_EVERY:
        return
    seen = update(sessions).where(sessions.c.id == live.id).values(seen_at=now)
    with suppress(DatabaseTrouble):  # whoever only reads needs no writing, nor waits for it
        db.write(lambda session: session.execute(seen), patience=MOMENT)


def live_sessions(session: Session, now: datetime, person: str | None = None, limit: int = 200) -> list[LiveSession]:
    """The sessions in force, last seen first; of one person if named."""
    chosen = _live.order_by(sessions.c.seen_at.desc(), sessions.c.id.desc()).limit(limit)
    if person is not None:
        chosen = chosen.where(sessions.c.person == person)
    return [_read(row) for row in session.execute(chosen, _at(now))]


@command
def log_out(session: Session, token: str, now: datetime) -> None:
    """End the session of a token; an unknown token changes nothing."""
    open_still = sessions.c.token_hash == _hash(token), sessions.c.revoked_at.is_(None)
    session.execute(update(sessions).where(*open_still).values(revoked_at=now))


@command
def revoke(session: Session, actor: Actor, now: datetime, session_id: int) -> None:
    """End a session of one's own, or as an administrator anybody's. Raises NoSuchSession, to others as well."""
    row = session.execute(_live.where(sessions.c.id == session_id), _at(now)).one_or_none()
    if row is None or not (row.person == actor.id or actor.may("administer")):
        raise NoSuchSession
    if row.person != actor.id:
        audit_log.record(session, actor, now, "revoke_session", row.person, {"address": row.address})
    session.execute(update(sessions).where(sessions.c.id == session_id).values(revoked_at=now))


def revoke_all(session: Session, person: str, now: datetime, *, keep: int | None = None) -> None:
    """End every session of a person but `keep`, inside the caller's transaction."""
    theirs = and_(sessions.c.person == person, sessions.c.revoked_at.is_(None))
    others = theirs if keep is None else and_(theirs, sessions.c.id != keep)
    session.execute(update(sessions).where(others).values(revoked_at=now))


# Statements are built once: building one takes longer than SQLite takes to carry it out.
_live = (
    select(sessions, people.c.name, people.c.name_en, people.c.language, people.c.password_temporary)
    .join(people, people.c.id == sessions.c.person)
    .where(
        sessions.c.revoked_at.is_(None),
        sessions.c.expires_at > bindparam("now"),
        sessions.c.seen_at > bindparam("idle_since"),
        people.c.active,
    )
)
_by_token = _live.where(sessions.c.token_hash == bindparam("token"))
_by_token_with_calendar = _by_token.add_columns(calendars.newest_hash.label("calendar"))


def _at(now: datetime) -> dict[str, Any]:
    return {"now": now, "idle_since": now - IDLE}


def _read(row: Any) -> LiveSession:
    return LiveSession(**{name: getattr(row, name) for name in LiveSession.__dataclass_fields__})


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
