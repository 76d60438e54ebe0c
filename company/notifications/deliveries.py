"""Deliveries: who received what was sent out, by mail, webhook or time-stamp; who has not, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, insert, select, update

from company.notifications.tables import deliveries, notifications
from company.people.tables import people
from company.races import insert_or_retry
from engine.database import command
from engine.queries.paging import Page, behind, cursor
from engine.session import Session

State = Literal["waiting", "taken", "refused", "given_up"]
LONGEST_ANSWER = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """A receiver of a notification or an anchor on a channel, how often it was tried and what was answered last."""

    id: int
    notification_id: int | None
    anchor_id: int | None
    channel: str
    receiver: str
    state: State
    attempts: int
    answer: str
    tried_at: datetime | None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A delivery that came to nothing, with what it was about; `person` is whose address it is, if anybody's."""

    delivery: Delivery
    subject: str
    subject_en: str
    number: str
    person: str | None


_COLUMNS = [deliveries.c[name] for name in Delivery.__dataclass_fields__]
_undelivered = deliveries.c.state.in_(("refused", "given_up"))


def want(session: Session, channel: str, receivers: Iterable[str], **subject: int) -> None:
    """Have each receiver get a notification or an anchor (`notification_id` or `anchor_id`); who is noted stays."""
    noted = {each.receiver for each in _of(session, channel, subject)}
    for receiver in dict.fromkeys(receivers):
        if receiver not in noted:
            row = {"channel": channel, "receiver": receiver, "state": "waiting", **subject}
            insert_or_retry(session, insert(deliveries).values(row))


@command
def want_anchors(session: Session, channel: str, receiver: str, ids: Iterable[int]) -> None:
    """Have a receiver get anchors."""
    for each in ids:
        want(session, channel, [receiver], anchor_id=each)


def is_wanted(session: Session, channel: str, **subject: int) -> bool:
    """Whether receivers of it are noted, whatever became of it."""
    return bool(_of(session, channel, subject))


def _of(session: Session, channel: str, subject: Mapping[str, int]) -> list[Delivery]:
    about = [deliveries.c[name] == value for name, value in subject.items()]
    query = select(*_COLUMNS).where(deliveries.c.channel == channel, *about).order_by(deliveries.c.id)
    return [Delivery(*row) for row in session.execute(query)]


def waiting(session: Session, channel: str, notification_id: int) -> list[Delivery]:
    """Who still has to get it."""
    found = _of(session, channel, {"notification_id": notification_id})
    return [each for each in found if each.state == "waiting"]


def anchors_waiting(session: Session, channel: str, receiver: str) -> list[Delivery]:
    """The anchors that a receiver still has to get, those tried least often first, then the newest."""
    mine = (deliveries.c.channel == channel) & (deliveries.c.receiver == receiver)
    query = select(*_COLUMNS).where(deliveries.c.state == "waiting", deliveries.c.anchor_id.is_not(None), mine)
    return [Delivery(*row) for row in session.execute(query.order_by(deliveries.c.attempts, deliveries.c.id.desc()))]


def newest_anchor(session: Session, channel: str, receiver: str) -> int | None:
    """The newest anchor that a receiver was to get, whatever became of it."""
    mine = (deliveries.c.channel == channel) & (deliveries.c.receiver == receiver)
    query = select(deliveries.c.anchor_id).where(deliveries.c.anchor_id.is_not(None), mine)
    return session.execute(query.order_by(deliveries.c.anchor_id.desc()).limit(1)).scalar()


@command
def tried(session: Session, delivery: int, now: datetime, state: State, answer: str = "") -> None:
    """Note what an attempt came to."""
    outcome = {"state": state, "answer": answer[:LONGEST_ANSWER], "tried_at": now}
    once_more = update(deliveries).where(deliveries.c.id == delivery).values(attempts=deliveries.c.attempts + 1)
    session.execute(once_more.values(outcome))


def undelivered(session: Session, *, after: str | None = None, limit: int = 50) -> Page[Undelivered]:
    """What was refused or given up, newest first."""
    whose = select(func.min(people.c.id)).where(people.c.email == deliveries.c.receiver).scalar_subquery()
    told = [notifications.c[name] for name in ("subject", "subject_en", "number")]
    query = (
        select(*_COLUMNS, *told, whose)
        .join(notifications, notifications.c.id == deliveries.c.notification_id, isouter=True)
        .where(_undelivered, behind([deliveries.c.id], after, descending=True))
    )
    rows: list[Any] = list(session.execute(query.order_by(deliveries.c.id.desc()).limit(limit + 1)))
    found = [_read(row) for row in rows[:limit]]
    return Page(found, cursor([found[-1].delivery.id]) if len(rows) > limit else None)


def _read(row: Any) -> Undelivered:
    *own, subject, subject_en, number, person = row
    return Undelivered(Delivery(*own), subject or "", subject_en or "", number or "", person)


def count_undelivered(session: Session, since: datetime) -> int:
    """How many deliveries were refused or given up since a moment."""
    query = select(func.count()).select_from(deliveries).where(_undelivered, deliveries.c.tried_at >= since)
    return session.execute(query).scalar_one()
