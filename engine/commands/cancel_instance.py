"""An administrator ends an instance before its time, with a reason that history keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn import Input
from engine.commands.step import record
from engine.database import Database
from engine.errors import ClauseflowError
from engine.history.append import NoSuchInstance, load
from engine.tables import instances


class ReasonMissing(ClauseflowError):
    """An administrator's act needs a reason."""

    zh = "请填写理由。"
    en = "Please give a reason."


def cancel_instance(db: Database, actor: Actor, now: datetime, number: str, reason: str) -> None:
    """Cancel a running instance; its open waits close.

    Raises NotPermitted, NoSuchInstance, NotActive, ReasonMissing.
    """
    actor.require("correct")
    if not reason.strip():
        raise ReasonMissing

    def work(session: Session) -> None:
        instance_id = session.execute(select(instances.c.id).where(instances.c.number == number)).scalar()
        if instance_id is None:
            raise NoSuchInstance(instance=number)
        record(session, load(session, instance_id), Input("cancel", now, actor.id, facts={"reason": reason.strip()}))

    db.write(work)
