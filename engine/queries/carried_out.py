"""What cases did, counted: the ways they took through diagrams, and how deadlines were kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, Text, case, cast, func, select
from sqlalchemy.orm import Session

from engine.tables import NEVER, entries, waits


class Place(NamedTuple):
    """An element in one version of a diagram: a citation belongs to the version it stands in."""

    definition_id: int
    element: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way that entries of a kind took in one step: the elements they passed, and how many entries took it."""

    definition_id: int
    kind: str
    path: tuple[str, ...]
    entries: int


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The due times of an element's tasks: those met, those missed (late, or open and over), those still running."""

    kept: int = 0
    missed: int = 0
    running: int = 0

    def __add__(self, other: Deadlines) -> Deadlines:
        return Deadlines(self.kept + other.kept, self.missed + other.missed, self.running + other.running)


def ways_taken(session: Session) -> list[Way]:
    """Every way any entry took. The database groups them by text: a diagram knows few, however long history is."""
    path = _path(session)
    query = select(entries.c.definition_id, entries.c.kind, path, func.count()).where(path.is_not(None))
    rows = session.execute(query.group_by(entries.c.definition_id, entries.c.kind, path))
    return [Way(definition_id, kind, tuple(json.loads(text)), count) for definition_id, kind, text, count in rows]


def deadlines_kept(session: Session, now: datetime) -> dict[Place, Deadlines]:
    """How the due times of tasks were kept, by element; tasks that were called off count for nothing."""
    done = waits.c.closed_at.is_not(None)
    ended = func.coalesce(waits.c.closed_at, now)
    query = (
        select(
            entries.c.definition_id,
            waits.c.node_id,
            _how_many(done & (waits.c.closed_at <= waits.c.due_at)),
            _how_many(ended > waits.c.due_at),
            _how_many(~done & (waits.c.due_at >= now)),
        )
        .join(entries, (entries.c.instance_id == waits.c.instance_id) & (entries.c.seq == waits.c.seq))
        .where(waits.c.kind == "task", waits.c.due_at < NEVER)
        .where(~done | (waits.c.closed_why == "completed"))
        .group_by(entries.c.definition_id, waits.c.node_id)
    )
    return {Place(row[0], row[1]): Deadlines(*map(int, row[2:])) for row in session.execute(query)}


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _path(session: Session) -> ColumnElement[Any]:
    """An entry's path as JSON text, by the database's own reader; NULL where it passed nothing."""
    if session.get_bind().dialect.name == "sqlite":
        return func.json_extract(entries.c.effects, "$.path")
    return cast(cast(entries.c.effects, JSON)["path"], Text)
