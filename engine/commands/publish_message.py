"""News from outside: a message for one case, a signal for all that wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from engine.actor import Actor
from engine.commands.unattended.deliver_message import deliver_message
from engine.database import Database
from engine.history.messages import TIME_TO_LIVE, broadcast, post
from engine.tables import instances, messages
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a message: `number` is the case that took it, None while it waits; a duplicate is taken once."""

    number: str | None
    duplicate: bool = False


def publish_message(
    db: Database,
    actor: Actor,
    now: datetime,
    name: str,
    key: Value = None,
    values: Mapping[str, Value] | None = None,
    message_id: str | None = None,
    ttl: timedelta = TIME_TO_LIVE,
) -> Published:
    """Send a message to the case that waits for this name and correlation key, or start the process it starts.

    Too early, it waits for `ttl`. Raises NotPermitted. A target that refuses it leaves its reason in the list of
    incidents.
    """
    actor.require("correct")
    message = db.write(lambda session: post(session, actor.id, now, name, key, values or {}, now + ttl, message_id))
    if message is None:
        return Published(None, duplicate=True)
    deliver_message(db, now, message)
    with db.reading() as session:
        query = select(instances.c.number).join(messages, messages.c.instance_id == instances.c.id)
        return Published(session.execute(query.where(messages.c.id == message)).scalar_one_or_none())


def publish_signal(
    db: Database, actor: Actor, now: datetime, name: str, values: Mapping[str, Value] | None = None
) -> int:
    """Let every wait for the signal have it and start what it starts; returns how many. Raises NotPermitted."""
    actor.require("correct")
    sent = db.write(lambda session: broadcast(session, actor.id, now, name, values or {}))
    for message in sent:
        deliver_message(db, now, message)
    return len(sent)
