"""Who has which page open now. A row lives for a moment only; the page's script renews it while the page is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, String, Table, delete, select, update
from sqlalchemy import insert as insert_row

from company.people.tables import ACCOUNT, people
from company.races import insert_or_retry
from engine.actor import Actor
from engine.database import command
from engine.session import Session
from engine.tables import UtcDateTime, metadata

LASTS = timedelta(seconds=30)
"""How long somebody counts as present who was heard of once."""

presence = Table(
    "presence",
    metadata,
    Column("page", String(60), primary_key=True),
    Column("person", String(ACCOUNT), ForeignKey("people.id"), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False, index=True),
)
"""`page` names what is open, such as `task 17-4-0`."""


@command
def be_present(session: Session, actor: Actor, now: datetime, page: str) -> None:
    """Remember that the actor has the page open now, and forget who was heard of too long ago."""
    mine = presence.c.page == page, presence.c.person == actor.id
    session.execute(delete(presence).where(presence.c.seen_at < now - LASTS))
    if session.execute(select(presence.c.page).where(*mine)).first():
        session.execute(update(presence).where(*mine).values(seen_at=now))
    else:
        insert_or_retry(session, insert_row(presence).values(page=page, person=actor.id, seen_at=now))


def others_present(session: Session, actor: Actor, now: datetime, page: str) -> list[tuple[str, str]]:
    """The names, Chinese and English, of who else has the page open now, by name."""
    query = (
        select(people.c.name, people.c.name_en)
        .join(presence, presence.c.person == people.c.id)
        .where(presence.c.page == page, presence.c.person != actor.id, presence.c.seen_at >= now - LASTS)
        .order_by(people.c.name)
    )
    return [(name, name_en) for name, name_en in session.execute(query)]
