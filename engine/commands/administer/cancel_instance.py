"""An administrator ends an instance before its time, with a reason that history keeps."""

from __future__ import annotations

from datetime import datetime

from engine.actor import Actor
from engine.commands.administer.intervene import held_case, recorded
from engine.database import command
from engine.session import Session


@command
def cancel_instance(session: Session, actor: Actor, now: datetime, number: str, reason: str) -> None:
    """Cancel a running instance and the cases it called; their open waits close.

    A called case that is cancelled on its own is an error of code `cancelled` to its caller. Raises NotPermitted,
    NoSuchInstance, NotActive, ReasonMissing.
    """
    recorded(session, held_case(session, actor, number, reason), "cancel", actor, now, reason)
