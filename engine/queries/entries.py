"""History for people: entries decoded, and the frames a replay steps through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.history.reading import entries_of
from engine.tables import definitions, entries, waits
from engine.values import Value


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry: what was given (`values`, `facts`), what it did (`effects`), and the node whose wait it answered."""

    seq: int
    kind: str
    at: datetime
    actor: str | None
    on_behalf_of: str | None
    version: int
    node_id: str | None
    values: dict[str, Value]
    facts: dict[str, Value]
    effects: dict[str, Value]
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a replay: what the entry passed, and where the tokens stand after it."""

    seq: int
    at: datetime
    kind: str
    actor: str | None
    path: list[str]
    tokens: list[list[Any]]
    opened: list[dict[str, Value]]
    closed: list[dict[str, Value]]


def entry_views(session: Session, instance_id: int) -> list[EntryView]:
    """The history of an instance, oldest first."""
    versions = dict(
        session.execute(
            select(definitions.c.id, definitions.c.version)
            .join(entries, entries.c.definition_id == definitions.c.id)
            .where(entries.c.instance_id == instance_id)
            .distinct()
        ).all()
    )
    nodes = {
        (row.seq, row.k): row.node_id
        for row in session.execute(
            select(waits.c.seq, waits.c.k, waits.c.node_id).where(waits.c.instance_id == instance_id)
        )
    }
    found = []
    for entry in entries_of(session, instance_id):
        payload, effects = entry.payload(), entry.done()
        wait = payload.get("wait")
        found.append(
            EntryView(
                seq=entry.seq,
                kind=entry.kind,
                at=entry.at,
                actor=entry.actor,
                on_behalf_of=entry.on_behalf_of,
                version=versions[entry.definition_id],
                node_id=nodes.get((int(wait[0]), int(wait[1]))) if wait else _begun_at(entry.kind, effects),
                values=payload.get("values", {}),
                facts=payload.get("facts", {}),
                effects=effects,
                hash=entry.hash,
            )
        )
    return found


def _begun_at(kind: str, effects: dict[str, Value]) -> str | None:
    """The start event a case began at."""
    return next(iter(effects.get("path", ())), None) if kind == "start" else None


def frame_of(view: EntryView) -> Frame:
    """The frame of an entry."""
    done = view.effects
    return Frame(
        view.seq,
        view.at,
        view.kind,
        view.actor,
        done.get("path", []),
        [[node, scope, int(count)] for node, scope, count in done.get("tokens", [])],
        done.get("opened", []),
        done.get("closed", []),
    )
