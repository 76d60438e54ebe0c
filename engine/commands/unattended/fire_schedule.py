"""The clock starts a process: a schedule that is due begins one case and moves on, in the same transaction."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import update

from engine.actor import SYSTEM, Actor
from engine.bpmn import Input
from engine.commands.administer.intervene import check
from engine.commands.administer.retry_job import NoIncident
from engine.commands.case import start
from engine.commands.refusal import refusal
from engine.commands.step import Moved, moved
from engine.database import Database, command
from engine.history.append import Instance
from engine.history.definitions import Deployed, in_force
from engine.history.schedules import take_firing
from engine.session import Session
from engine.tables import schedules
from engine.values import Value, encode

log = logging.getLogger("clauseflow.worker")


def fire_schedule(db: Database, now: datetime, schedule: int) -> bool:
    """Begin the case a schedule is due for; False when it is not due, replaced, or taken by another worker.

    What the process refuses is noted in the schedule's row, which then stands still.
    """
    try:
        return _fire(db, now, schedule)
    except Exception as error:
        reason = encode(refusal(error)).decode()
        log.warning("schedule refused schedule=%s", schedule, exc_info=error)
        _stand_still(db, now, schedule, reason)
        return False


@command
def _stand_still(session: Session, now: datetime, schedule: int, reason: str) -> None:
    refused = schedules.c.id == schedule, schedules.c.next_at <= now
    session.execute(update(schedules).where(*refused).values(failure=reason))


@command
def _fire(session: Session, now: datetime, schedule: int) -> bool:
    taken = take_firing(session, schedule, now)
    if taken is None:
        return False
    deployed, firing = taken
    _begin(session, deployed, now, firing.node_id, firing.at)
    return True


def _begin(session: Session, deployed: Deployed, now: datetime, node_id: str, due: datetime | None) -> Instance:
    facts: dict[str, Value] = {"start": node_id, "due": due}
    return start(session, deployed, Input("start", now, SYSTEM.id, facts=facts))


@command
def start_by_clock(session: Session, now: datetime, key: str, node_id: str) -> Moved:
    """Begin a case as the clock would at `now`, whatever its schedule says; for simulated clocks.

    Raises NoSuchProcess, UnknownInput and what the engine raises.
    """
    instance = _begin(session, in_force(session, key), now, node_id, now)
    return moved(instance, instance.state, SYSTEM)


@command
def retry_schedule(session: Session, actor: Actor, schedule: int, reason: str) -> None:
    """Have a schedule that stands still tried again. Raises NotPermitted, ReasonMissing, NoIncident.

    A schedule has no history: the caller keeps the act elsewhere, in the same transaction.
    """
    check(actor, reason)
    refused = (schedules.c.id == schedule) & schedules.c.failure.is_not(None)
    again = update(schedules).where(refused).values(failure=None).returning(schedules.c.id)
    if session.execute(again).scalar() is None:
        raise NoIncident
