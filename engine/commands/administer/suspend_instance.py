"""An administrator pauses an instance with the cases it called, and lets them go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from engine.actor import Actor
from engine.bpmn import Effects, Input
from engine.commands.administer.intervene import intervene, recorded
from engine.commands.case import answer_late, children
from engine.database import Database
from engine.history.append import Instance, load
from engine.session import Session
from engine.tables import entries
from engine.values import decode


def suspend_instance(db: Database, actor: Actor, now: datetime, number: str, reason: str) -> None:
    """Pause: nothing is completed, fired or delivered; deadlines in working time keep what is left of them.

    Raises NotPermitted, NoSuchInstance, NotActive, ReasonMissing.
    """

    def act(session: Session, instance: Instance) -> None:
        recorded(session, instance, "suspend", actor, now, reason)
        for child in children(session, instance.id, ["active"]):
            act(session, load(session, child))

    intervene(db, actor, number, reason, act)


def resume_instance(db: Database, actor: Actor, now: datetime, number: str, reason: str) -> None:
    """Go on: what became due meanwhile happens now, by the worker; called cases that ended meanwhile are heard.

    Raises NotPermitted, NoSuchInstance, NotActive, ReasonMissing.
    """

    def act(session: Session, instance: Instance) -> None:
        recorded(session, instance, "resume", actor, now, reason)
        for child in children(session, instance.id, ["completed", "cancelled"]):
            answer_late(session, load(session, child), _last_effects(session, child), Input("resume", now, actor.id))
        for child in children(session, instance.id, ["suspended"]):
            act(session, load(session, child))

    intervene(db, actor, number, reason, act)


def _last_effects(session: Session, instance_id: int) -> Effects:
    newest = select(entries.c.effects).where(entries.c.instance_id == instance_id).order_by(entries.c.seq.desc())
    found: Effects = decode(session.execute(newest.limit(1)).scalar_one())
    return found
