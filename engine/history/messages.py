"""Messages and signals between cases: posted in the sender's transaction, delivered as an input of each target.

A message reaches one wait of its name and correlation key, the one that has waited longest; without any it starts the
process with a start event of its name; without that it waits until it expires. A signal reaches every wait of its name
that is open when it is thrown, and starts every process with a start event of its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from engine.bpmn import Node
from engine.history.definitions import Deployed, all_in_force
from engine.history.wait_rows import correlation
from engine.session import Session
from engine.tables import NEVER, messages, waits
from engine.values import Value, encode

TIME_TO_LIVE = timedelta(days=30)
"""How long a message that a case sends waits for somebody to wait for it."""


def send(session: Session, instance_id: int, number: str, now: datetime, sent: Iterable[Mapping[str, Value]]) -> None:
    """Post what a step of an instance sent, as its effects name it."""
    for each in sent:
        if "signal" in each:
            broadcast(session, number, now, each["signal"], each["values"], but=instance_id)
        else:
            post(session, number, now, each["message"], each["key"], each["values"], now + TIME_TO_LIVE)


def post(
    session: Session,
    sender: str,
    now: datetime,
    name: str,
    key: Value,
    values: Mapping[str, Value],
    expires_at: datetime,
    message_id: str | None = None,
) -> int | None:
    """Put a message on its way and give its row id; None when one of that `message_id` is known already."""
    starts = [deployed.key for deployed, _ in started_by(session, "message", name)]
    row = _row("message", sender, now, name, values, expires_at) | {
        "message_id": message_id,
        "correlation": correlation(key),
        "starts": starts[0] if starts else None,
    }
    insert = sqlite.insert if session.dialect == "sqlite" else postgresql.insert
    statement = insert(messages).values(row).on_conflict_do_nothing(index_elements=["message_id"])
    found: int | None = session.execute(statement.returning(messages.c.id)).scalar_one_or_none()
    return found


def broadcast(
    session: Session, sender: str, now: datetime, name: str, values: Mapping[str, Value], but: int | None = None
) -> list[int]:
    """Send a signal to everything that waits for it now, except in the instance `but`; returns the row ids."""
    row = _row("signal", sender, now, name, values, NEVER)
    listening = select(waits.c.instance_id, waits.c.seq, waits.c.k).where(
        waits.c.closed_at.is_(None), waits.c.topic == name, waits.c.kind == "signal", waits.c.instance_id != (but or 0)
    )
    found = session.execute(listening.order_by(waits.c.opened_at, waits.c.instance_id, waits.c.seq, waits.c.k)).all()
    rows = [row | {"instance_id": wait.instance_id, "seq": wait.seq, "k": wait.k} for wait in found]
    rows += [row | {"starts": deployed.key} for deployed, _ in started_by(session, "signal", name)]
    return [session.execute(messages.insert().values(each).returning(messages.c.id)).scalar_one() for each in rows]


def _row(
    kind: str, sender: str, now: datetime, name: str, values: Mapping[str, Value], expires_at: datetime
) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": name,
        "correlation": correlation(None),
        "content": encode(dict(values)).decode(),
        "sender": sender,
        "sent_at": now,
        "expires_at": expires_at,
    }


def started_by(session: Session, kind: Literal["message", "signal"], name: str) -> Sequence[tuple[Deployed, Node]]:
    """The versions in force that a message or signal starts, with the start event, by process key."""
    return [
        (deployed, node)
        for deployed in all_in_force(session)
        for node in deployed.definition.diagram.nodes.values()
        if node.type == "startEvent" and node.parent is None and node.event
        if (node.event.kind, node.event.name) == (kind, name)
    ]
