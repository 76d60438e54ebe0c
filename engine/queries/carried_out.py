"""What cases did: the ways they took through diagrams, counted, and who took one last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, cast, false, func, or_, select, true

from engine.actor import Actor
from engine.history.reading_steps import read_path
from engine.queries.cases import CaseHead, head_of, heads, visible_to
from engine.session import Session
from engine.tables import entries, instances

RECENT = 500
"""Cases that are looked at before all of history is."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way that entries of a kind took in one step: the elements they passed, and how many entries took it."""

    definition_id: int
    kind: str
    path: tuple[str, ...]
    entries: int


@dataclass(frozen=True, slots=True)
class Citing:
    """The elements of one version of a diagram that cite a clause; `whole`: the process does, so every start counts."""

    definition_id: int
    elements: frozenset[str]
    whole: bool


def ways_taken(session: Session) -> list[Way]:
    """Every way any entry took. The database groups them by text: a diagram knows few, however long history is."""
    path = _path(session)
    query = select(entries.c.definition_id, entries.c.kind, path, func.count()).where(path.is_not(None))
    rows = session.execute(query.group_by(entries.c.definition_id, entries.c.kind, path))
    return [Way(definition_id, kind, read_path(text), count) for definition_id, kind, text, count in rows]


def last_carried_out(session: Session, actor: Actor, citing: Iterable[Citing], limit: int) -> list[CaseHead]:
    """The cases an actor may see that last passed an element citing something, the latest first.

    Recent cases are looked at first: only for what is seldom carried out is all of history read.
    """
    wanted = or_(false(), *(_passes(session, each) for each in citing))
    recent = select(instances.c.id).order_by(instances.c.changed_at.desc()).limit(RECENT)
    found: list[CaseHead] = []
    for among in (entries.c.instance_id.in_(recent), true()):
        passing = select(entries.c.instance_id.label("id"), func.max(entries.c.at).label("at")).where(among, wanted)
        last = passing.group_by(entries.c.instance_id).subquery()
        query = heads.join(last, last.c.id == instances.c.id).where(visible_to(actor)).order_by(last.c.at.desc())
        found = [head_of(row) for row in session.execute(query.limit(limit))]
        if len(found) == limit:
            break
    return found


def _passes(session: Session, citing: Citing) -> ColumnElement[bool]:
    passed = or_(false(), *(_path(session).contains(f'"{element}"', autoescape=True) for element in citing.elements))
    by_start = (entries.c.kind == "start") if citing.whole else false()
    return (entries.c.definition_id == citing.definition_id) & (passed | by_start)


def _path(session: Session) -> ColumnElement[Any]:
    """An entry's path as JSON text, by the database's own reader; NULL where it passed nothing."""
    if session.dialect == "sqlite":
        return func.json_extract(entries.c.effects, "$.path")
    return cast(cast(entries.c.effects, JSON)["path"], Text)
