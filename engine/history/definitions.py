"""Deployed definitions, read once per content and shared by every thread."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache, cached
from sqlalchemy import bindparam, func, select

from engine.bpmn import Definition
from engine.errors import ClauseflowError
from engine.history import calendars
from engine.session import Session
from engine.tables import definition_files, definitions, deployments

CACHED = 256
"""Definitions kept read, the least asked for dropped first."""


class NoSuchProcess(ClauseflowError):
    """No process of that key is deployed."""

    status = 404
    zh = "没有部署流程“{key}”。"
    en = "No process “{key}” is deployed."


@dataclass(frozen=True, slots=True)
class Deployed:
    """A definition as stored: its row id and version beside its content."""

    id: int
    version: int
    definition: Definition

    @property
    def key(self) -> str:
        return self.definition.key


@cached(LRUCache(CACHED), key=lambda *args: args[3], lock=Lock())
def read_files(session: Session, row_id: int, key: str, *args: bytes) -> Definition:
    """The definition of a row; its files are read once per hash, for all threads."""
    files = select(definition_files.c.path, definition_files.c.content).where(
        definition_files.c.definition_id == row_id
    )
    return Definition(key, dict(session.execute(files).all()))


def stored(session: Session, row_id: int, key: str, version: int, content_hash: bytes) -> Deployed:
    """The definition of a row whose key, version and hash are already at hand."""
    return Deployed(row_id, version, read_files(session, row_id, key, content_hash))


_version = select(definitions.c.id, definitions.c.key, definitions.c.version, definitions.c.hash)
_SEEN = "definitions by id"
_by_id = _version.where(definitions.c.id == bindparam("wanted"))
_in_force = (
    _version.add_columns(calendars.newest_hash.label("calendar"))
    .join(deployments, deployments.c.definition_id == definitions.c.id)
    .where(deployments.c.key == bindparam("wanted"))
    .order_by(deployments.c.id.desc())
    .limit(1)
)


def by_id(session: Session, row_id: int) -> Deployed:
    """The stored definition of that row id, asked for once in a session. Raises NoResultFound."""
    seen: dict[int, Deployed] = session.info.setdefault(_SEEN, {})
    if row_id not in seen:
        seen[row_id] = stored(session, *session.execute(_by_id, {"wanted": row_id}).one())
    return seen[row_id]


def in_force(session: Session, key: str) -> Deployed:
    """The version of `key` that starts now: the one deployed last. Raises NoSuchProcess."""
    row = session.first(_in_force, {"wanted": key})
    if row is None:
        raise NoSuchProcess(key=key)
    *version, calendar = row
    calendars.seen(session, calendar)  # whoever starts a process needs the calendar, too
    return stored(session, *version)


def all_in_force(session: Session) -> list[Deployed]:
    """Every process's version in force, by key."""
    newest = select(func.max(deployments.c.id)).group_by(deployments.c.key)
    rows = session.execute(
        _version.join(deployments, deployments.c.definition_id == definitions.c.id)
        .where(deployments.c.id.in_(newest))
        .order_by(definitions.c.key)
    )
    return [stored(session, *row) for row in rows.all()]
