"""Notifications: what a case tells a person, the people of a role, or a customer; and who has read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, insert, select

from company.notifications.tables import notification_reads, notifications
from company.people.tables import people, person_roles
from company.races import insert_or_retry
from engine.database import command
from engine.queries.paging import Page, behind, cursor
from engine.session import Session


@dataclass(frozen=True, slots=True)
class Notification:
    """What one address is told. Without English, subject or text are for all."""

    id: int
    job_key: str
    address: str
    subject: str
    subject_en: str
    text: str
    text_en: str
    number: str
    at: datetime
    due_at: datetime | None
    read: bool = False


_COLUMNS = [notifications.c[name] for name in Notification.__dataclass_fields__ if name != "read"]


def note(session: Session, job_key: str, address: str, now: datetime, **content: Any) -> Notification:
    """Write the notification of a job to an address, once: a second attempt finds the first one's row.

    `content` is subject, text, number and due_at, and what subject and text are in English, if anything.
    """
    mine = (notifications.c.job_key == job_key) & (notifications.c.address == address)
    if session.execute(select(notifications.c.id).where(mine)).first() is None:
        row = {"job_key": job_key, "address": address, "at": now, **content}
        insert_or_retry(session, insert(notifications).values(row))
    return Notification(*session.execute(select(*_COLUMNS).where(mine)).one())


def told_by(session: Session, job_keys: Sequence[str]) -> dict[str, list[str]]:
    """The addresses that jobs told something, by the job's key."""
    found: dict[str, list[str]] = {}
    query = select(notifications.c.job_key, notifications.c.address).where(notifications.c.job_key.in_(job_keys))
    for row in session.execute(query.order_by(notifications.c.id)) if job_keys else ():
        found.setdefault(row.job_key, []).append(row.address)
    return found


def mail_addresses(session: Session, address: str) -> list[str]:
    """The e-mail addresses behind an address; people who are inactive or have no mail are left out."""
    kind, _, name = address.partition(":")
    if kind == "customer":
        return [name]
    query = select(people.c.email).where(people.c.active, people.c.email != "").order_by(people.c.id)
    if kind == "person":
        return list(session.execute(query.where(people.c.id == name)).scalars())
    return list(session.execute(query.join(person_roles).where(person_roles.c.role == name)).scalars())


def addresses_of(session: Session, person: str) -> list[str]:
    """Under which addresses a person is told things: their own, and those of their roles."""
    roles = session.execute(select(person_roles.c.role).where(person_roles.c.person == person)).scalars()
    return [f"person:{person}", *(f"role:{role}" for role in roles)]


def notifications_for(
    session: Session, person: str, *, after: str | None = None, limit: int = 50
) -> Page[Notification]:
    """What a person was told, newest first."""
    query = (
        select(*_COLUMNS, _read_by(person).label("read"))
        .where(notifications.c.address.in_(addresses_of(session, person)))
        .where(behind([notifications.c.id], after, descending=True))
    )
    rows: list[Any] = list(session.execute(query.order_by(notifications.c.id.desc()).limit(limit + 1)))
    found = [Notification(*row) for row in rows[:limit]]
    return Page(found, cursor([found[-1].id]) if len(rows) > limit else None)


def count_unread(session: Session, person: str) -> int:
    """How many notifications a person has not read, at most 100."""
    unread = (
        select(notifications.c.id)
        .where(notifications.c.address.in_(addresses_of(session, person)), ~_read_by(person))
        .limit(100)
    )
    return session.execute(select(func.count()).select_from(unread.subquery())).scalar_one()


@command
def mark_read(session: Session, person: str, now: datetime, ids: Sequence[int]) -> None:
    """The person has read these; ids that are not theirs, or read before, are passed over."""
    theirs = notifications.c.address.in_(addresses_of(session, person))
    chosen = select(notifications.c.id).where(notifications.c.id.in_(ids), theirs, ~_read_by(person))
    for found in session.execute(chosen).scalars().all():
        row = {"notification_id": found, "person": person, "at": now}
        insert_or_retry(session, insert(notification_reads).values(row))


def _read_by(person: str) -> ColumnElement[bool]:
    return exists().where(
        notification_reads.c.notification_id == notifications.c.id, notification_reads.c.person == person
    )
