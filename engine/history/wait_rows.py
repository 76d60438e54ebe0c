"""Wait rows: what an instance waits for, as the inbox, the work queue and the list of timers and subscriptions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from engine.bpmn import Effects, Input, State, Wait, WaitId
from engine.history.chain import digest
from engine.session import Session
from engine.tables import NEVER, waits
from engine.values import Value, encode

LONGEST_KEY = 200
"""Characters of a correlation key that are stored as they are."""

# Statements are built once: building one takes longer than SQLite takes to carry it out.
_OPENED = (
    "instance_id", "seq", "k", "kind", "key", "node_id", "scope", "lane", "assignee", "due_at", "priority", "details",
    "incident", "opened_at", "topic", "correlation", "ready_at",
)  # fmt: skip
_open = insert(waits).values({name: bindparam(name) for name in _OPENED})
_close = (
    update(waits)
    .where(
        waits.c.instance_id == bindparam("at_id"), waits.c.seq == bindparam("at_seq"), waits.c.k == bindparam("at_k")
    )
    .values({name: bindparam(name) for name in ("closed_at", "closed_seq", "closed_why", "closed_by")})
    .values(ready_at=None, lease_owner=None, incident=None)
)


def keep_waits(
    session: Session, instance_id: int, key: str, before: Iterable[Wait], effects: Effects, state: State, given: Input
) -> None:
    """Make the wait rows those of the new state: whatever the engine did to them shows in the difference."""
    old = {wait.id: wait for wait in before}
    new = {wait.id: wait for wait in state.waits}
    for wait_id, wait in new.items():
        if wait_id not in old:
            session.later(_open, wait_row(instance_id, key, wait, given.now))
    reasons = {WaitId(*map(int, closed["wait"])): closed["why"] for closed in effects.get("closed", ())}
    for wait_id in sorted(old.keys() - new.keys()):
        closed = {
            "at_id": instance_id,
            "at_seq": wait_id.seq,
            "at_k": wait_id.k,
            "closed_at": given.now,
            "closed_seq": state.seq,
            "closed_why": reasons[wait_id],
            "closed_by": given.actor if wait_id == given.wait else None,
        }
        session.later(_close, closed)
    for wait_id in old.keys() & new.keys():
        if new[wait_id] != old[wait_id]:
            _change(session, instance_id, key, old[wait_id], new[wait_id], given.now)


def _change(session: Session, instance_id: int, key: str, old: Wait, new: Wait, now: datetime) -> None:
    was, row = wait_row(instance_id, key, old, now), wait_row(instance_id, key, new, now)
    columns = {name: row[name] for name in row if row[name] != was[name]}
    if "incident" in columns:
        columns |= {"attempts": 0, "lease_owner": None}
    session.execute(
        update(waits)
        .where(waits.c.instance_id == instance_id, waits.c.seq == new.id.seq, waits.c.k == new.id.k)
        .values(columns)
    )


def wait_row(instance_id: int, key: str, wait: Wait, opened_at: datetime) -> dict[str, Any]:
    """The row of an open wait."""
    incident = wait.details.get("incident")
    listens = wait.kind in ("message", "signal")
    return {
        "instance_id": instance_id,
        "seq": wait.id.seq,
        "k": wait.id.k,
        "kind": wait.kind,
        "key": key,
        "node_id": wait.node_id,
        "scope": wait.scope,
        "lane": wait.lane,
        "assignee": wait.assignee,
        "due_at": wait.due or NEVER,
        "priority": wait.priority,
        "details": encode(wait.details).decode(),
        "incident": None if incident is None else encode(incident).decode(),
        "opened_at": opened_at,
        "topic": wait.details["name"] if listens else None,
        "correlation": correlation(wait.details.get("key")) if listens else None,
        "ready_at": _ready_at(wait, opened_at),
    }


def _ready_at(wait: Wait, opened_at: datetime) -> datetime | None:
    if wait.kind == "timer":
        return wait.due
    return opened_at if wait.kind == "job" and "incident" not in wait.details else None


def correlation(key: Value) -> str:
    """A correlation key as text that is equal when the keys are: its canonical form, or a long one's digest (hex)."""
    text = encode(key).decode()
    return text if len(text) <= LONGEST_KEY else digest(text.encode()).hex()
