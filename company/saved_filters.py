"""What a person asks of their inbox again and again, under names of their own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, delete, func, insert, select, update

from company.people.tables import ACCOUNT
from company.races import insert_or_retry
from engine.actor import Actor
from engine.database import command
from engine.errors import ClauseflowError
from engine.session import Session
from engine.tables import metadata

MOST = 20
"""Filters a person may keep."""
LONGEST = 40
"""Characters of a name."""

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("person", String(ACCOUNT), ForeignKey("people.id"), primary_key=True),
    Column("name", String(LONGEST), primary_key=True),
    Column("view", String(20), nullable=False),
    Column("search", String(100), nullable=False),
    Column("process", String(100)),
)


class BadFilterName(ClauseflowError):
    """A name without characters, or with too many."""

    zh = "请给筛选起一个 1 到 {limit} 个字的名字。"
    en = "Please give the filter a name of 1 to {limit} characters."


class TooManyFilters(ClauseflowError):
    """One more than MOST."""

    zh = "最多保存 {limit} 个筛选，请先删去一个。"
    en = "At most {limit} filters can be kept. Please remove one first."


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """One filter; `process` is a key, None for every process."""

    name: str
    view: str
    search: str
    process: str | None


def filters_of(session: Session, person: str) -> list[SavedFilter]:
    """A person's filters by name."""
    columns = (saved_filters.c[name] for name in SavedFilter.__dataclass_fields__)
    query = select(*columns).where(saved_filters.c.person == person).order_by(saved_filters.c.name)
    return [SavedFilter(*row) for row in session.execute(query)]


@command
def save_filter(session: Session, actor: Actor, wanted: SavedFilter) -> None:
    """Keep a filter, in place of the person's last one of that name. Raises BadFilterName, TooManyFilters."""
    values: dict[str, Any] = asdict(wanted)
    if not wanted.name.isprintable() or not 0 < len(wanted.name) <= LONGEST:
        raise BadFilterName(limit=LONGEST)
    own = saved_filters.c.person == actor.id
    if session.execute(select(saved_filters.c.name).where(own, saved_filters.c.name == wanted.name)).first():
        session.execute(update(saved_filters).where(own, saved_filters.c.name == wanted.name).values(values))
        return
    if session.execute(select(func.count()).select_from(saved_filters).where(own)).scalar_one() >= MOST:
        raise TooManyFilters(limit=MOST)
    insert_or_retry(session, insert(saved_filters).values(person=actor.id, **values))


@command
def remove_filter(session: Session, actor: Actor, name: str) -> None:
    """Drop a filter of one's own; one that is not there is none."""
    own = saved_filters.c.person == actor.id, saved_filters.c.name == name.replace("\0", "")
    session.execute(delete(saved_filters).where(*own))
