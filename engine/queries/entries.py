"""History for people: entries decoded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from engine.history.entries import Entry
from engine.session import Session
from engine.tables import definitions, entries
from engine.values import Value


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry: what was given (`values`, `facts`), what it did (`effects`), and the node whose wait it answered.

    Of a move it is the node the token left.
    """

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


_history = (
    select(*entries.c, definitions.c.version)
    .join(definitions, definitions.c.id == entries.c.definition_id)
    .where(entries.c.instance_id == bindparam("wanted"))
    .order_by(entries.c.seq)
)


def entry_views(session: Session, instance_id: int) -> list[EntryView]:
    """The history of an instance, oldest first. Raises DamagedEntry."""
    nodes: dict[tuple[int, int], str] = {}
    found = []
    for *stored, version in session.execute(_history, {"wanted": instance_id}):
        entry = Entry(*stored)
        payload, effects = entry.payload(), entry.done()
        nodes |= {(entry.seq, int(opened["k"])): opened["node"] for opened in effects.get("opened", ())}
        wait = payload.get("wait") or _moved_from(entry.kind, payload)
        found.append(
            EntryView(
                seq=entry.seq,
                kind=entry.kind,
                at=entry.at,
                actor=entry.actor,
                on_behalf_of=entry.on_behalf_of,
                version=version,
                node_id=nodes.get((int(wait[0]), int(wait[1]))) if wait else _begun_at(entry.kind, effects),
                values=payload.get("values", {}),
                facts=payload.get("facts", {}),
                effects=effects,
                hash=entry.hash,
            )
        )
    return found


def _moved_from(kind: str, payload: dict[str, Value]) -> Value:
    """The wait an administrator moved the case on from."""
    return payload["values"]["from"] if kind == "move" and isinstance(payload["values"]["from"], list) else None


def _begun_at(kind: str, effects: dict[str, Value]) -> str | None:
    """The start event a case began at."""
    return next(iter(effects.get("path", ())), None) if kind == "start" else None
