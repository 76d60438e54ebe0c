"""Versions of the working calendar: immutable, named by hash, the newest in force."""

from __future__ import annotations

from datetime import datetime, tzinfo
from threading import Lock

from cachetools import LRUCache, cached
from sqlalchemy import insert, select

from engine.calendar import DEFAULT_ZONE, Calendar
from engine.history.chain import digest
from engine.session import Session
from engine.tables import calendars
from engine.values import decode, encode

newest_hash = select(calendars.c.hash).order_by(calendars.c.id.desc()).limit(1).scalar_subquery()
"""For other selects: the hash of the version in force, NULL when there is none."""


_newest = select(newest_hash)
CACHED = 64
"""Versions kept read, the least asked for dropped first; there are as many as administrators ever made."""

_SEEN = "calendar in force"


def by_hash(session: Session, calendar_hash: str) -> Calendar | None:
    """The calendar of that version; None for the empty hash of an instance that names none."""
    return read_version(session, calendar_hash) if calendar_hash else None


@cached(LRUCache(CACHED), key=lambda *args: args[1], lock=Lock())
def read_version(session: Session, calendar_hash: str) -> Calendar:
    """The calendar of that version, read once for all threads. Raises NoResultFound."""
    return Calendar.from_value(decode(content(session, calendar_hash)))


def content(session: Session, calendar_hash: str) -> str:
    """The canonical text of a version, of which the hash is made. Raises NoResultFound."""
    query = select(calendars.c.content).where(calendars.c.hash == calendar_hash).limit(1)
    found: str = session.execute(query).scalar_one()
    return found


def put_in_force(session: Session, calendar: Calendar, now: datetime, actor: str) -> str:
    """Store a version unless it is the one in force already, and give its hash (hex)."""
    written = encode(calendar.to_value())
    name = digest(written).hex()
    if hash_in_force(session) != name:
        session.execute(insert(calendars).values(hash=name, content=written.decode(), at=now, actor=actor))
        session.info[_SEEN] = name
    return name


def hash_in_force(session: Session) -> str:
    """The hash (hex) of the version in force, empty when none was ever put in force.

    A session keeps to the version it saw first.
    """
    if _SEEN not in session.info:
        seen(session, session.execute(_newest).scalar())
    found: str = session.info[_SEEN]
    return found


def seen(session: Session, newest: str | None) -> str:
    """The hash in force for a session that has read `newest_hash` along with something else."""
    found: str = session.info.setdefault(_SEEN, newest or "")
    return found


def zone_in_force(session: Session) -> tzinfo:
    """The company's time zone, as the calendar in force says."""
    calendar = by_hash(session, hash_in_force(session))
    return calendar.zone if calendar else DEFAULT_ZONE
