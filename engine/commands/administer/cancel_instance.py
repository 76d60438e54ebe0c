"""An administrator ends an instance before its time, with a reason that history keeps."""

from __future__ import annotations

from datetime import datetime

from engine.actor import Actor
from engine.commands.administer.intervene import intervene, recorded
from engine.database import Database


def cancel_instance(db: Database, actor: Actor, now: datetime, number: str, reason: str) -> None:
    """Cancel a running instance and the cases it called; their open waits close.

    A called case that is cancelled on its own is an error of code `cancelled` to its caller. Raises NotPermitted,
    NoSuchInstance, NotActive, ReasonMissing.
    """
    intervene(
        db, actor, number, reason, lambda session, instance: recorded(session, instance, "cancel", actor, now, reason)
    )
