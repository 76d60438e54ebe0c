"""A message or signal that is under way becomes an input of its target, once."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.engine import Row

from engine.bpmn import Input, WaitId
from engine.commands.case import record, start
from engine.commands.refusal import refusal
from engine.database import Database, command
from engine.history.append import Instance, load_to_write
from engine.history.messages import started_by
from engine.session import Session
from engine.tables import instances, messages, waits
from engine.task_id import TaskId
from engine.values import Value, decode, encode

log = logging.getLogger("clauseflow.worker")

_under_way = messages.c.taken_at.is_(None) & messages.c.failure.is_(None)


def deliver_message(db: Database, now: datetime, message: int) -> bool:
    """Deliver one message; False when it is taken already, expired, not awaited yet, or not its turn.

    What the target refuses is noted in the message's row and not tried again by itself.
    """
    try:
        return _deliver(db, now, message)
    except Exception as error:
        reason = encode(refusal(error)).decode()
        log.warning("message refused message=%s", message, exc_info=error)
        _refuse(db, message, reason)
        return False


@command
def _refuse(session: Session, message: int, reason: str) -> None:
    session.execute(_of(message).values(failure=reason))


def _of(message: int) -> Any:
    return update(messages).where(messages.c.id == message)


@command
def _deliver(session: Session, now: datetime, message: int) -> bool:
    query = select(messages).where(messages.c.id == message, _under_way, messages.c.expires_at > now)
    row = session.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if row is None or not _is_next(session, now, row):
        return False
    target = _target(session, row)
    if target is None:
        return _deliver_to_nobody(session, now, row)
    instance = load_to_write(session, target.instance_id)
    if instance.state.status != "active":
        return False
    if instance.state.wait(target.wait) is not None:
        given = Input(row.kind, now, wait=WaitId(*target.wait), values=decode(row.content), facts=_facts(row))
        record(session, instance, given)
    elif row.kind == "message":
        return False
    _taken(session, now, row, instance)
    return True


def _is_next(session: Session, now: datetime, row: Row[Any]) -> bool:
    """Whether no earlier message of the sender to the same receiver is still under way."""
    if row.instance_id is None:
        same = (messages.c.name == row.name) & (messages.c.correlation == row.correlation)
    else:
        same = messages.c.instance_id == row.instance_id
    earlier = exists().where(
        same,
        _under_way,
        messages.c.kind == row.kind,
        messages.c.sender == row.sender,
        messages.c.id < row.id,
        messages.c.expires_at > now,
    )
    return not session.execute(select(earlier)).scalar_one()


def _target(session: Session, row: Row[Any]) -> TaskId | None:
    """The wait the message is for: a signal's own, a message's that has waited longest."""
    if row.kind == "signal":
        return TaskId(row.instance_id, row.seq, row.k) if row.instance_id else None
    found = session.execute(
        select(waits.c.instance_id, waits.c.seq, waits.c.k)
        .join(instances, instances.c.id == waits.c.instance_id)
        .where(waits.c.closed_at.is_(None), waits.c.kind == "message", instances.c.status == "active")
        .where(waits.c.topic == row.name, waits.c.correlation == row.correlation)
        .order_by(waits.c.opened_at, waits.c.instance_id, waits.c.seq, waits.c.k)
        .limit(1)
    ).one_or_none()
    return TaskId(*found) if found else None


def _deliver_to_nobody(session: Session, now: datetime, row: Row[Any]) -> bool:
    """Start the process that has a start event for it, if there is one."""
    for deployed, node in started_by(session, row.kind, row.name):
        if deployed.key == row.starts:
            given = Input("start", now, values=decode(row.content), facts={"start": node.id, **_facts(row)})
            _taken(session, now, row, start(session, deployed, given))
            return True
    if row.starts:  # what it would have started is not in force any more
        gone = {"taken_at": now} if row.kind == "signal" else {"starts": None}
        session.execute(_of(row.id).values(gone))
    return False


def _facts(row: Row[Any]) -> dict[str, Value]:
    found: dict[str, Value] = {row.kind: row.name, "from": row.sender}
    if row.message_id:
        found["message_id"] = row.message_id
    return found


def _taken(session: Session, now: datetime, row: Row[Any], instance: Instance) -> None:
    session.execute(_of(row.id).values(taken_at=now, instance_id=instance.id))
