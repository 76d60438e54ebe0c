"""An administrator takes a case from where it waits to another node."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from engine.actor import Actor
from engine.commands.administer.intervene import held_wait, recorded
from engine.database import command
from engine.session import Session
from engine.task_id import TaskId
from engine.values import Value


@command
def move_token(session: Session, actor: Actor, now: datetime, wait_id: TaskId, to: str, reason: str) -> None:
    """Let the token that waits there go on from the node `to` beside it, which is entered anew.

    Raises NotPermitted, NoSuchInstance, NotActive, WaitGone, ReasonMissing, CannotMove, UnknownInput.
    """
    instance, wait = held_wait(session, actor, wait_id, reason)
    values: dict[str, Value] = {"from": [Decimal(number) for number in wait.id], "to": to}
    recorded(session, instance, "move", actor, now, reason, values)
