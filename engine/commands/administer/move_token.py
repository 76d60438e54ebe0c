"""An administrator takes a case from where it waits to another node."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from engine.actor import Actor
from engine.bpmn import Wait
from engine.commands.administer.intervene import intervene_at, recorded
from engine.database import Database
from engine.history.append import Instance
from engine.session import Session
from engine.task_id import TaskId
from engine.values import Value


def move_token(db: Database, actor: Actor, now: datetime, wait_id: TaskId, to: str, reason: str) -> None:
    """Let the token that waits there go on from the node `to` beside it, which is entered anew.

    Raises NotPermitted, NoSuchInstance, NotActive, WaitGone, ReasonMissing, CannotMove, UnknownInput.
    """

    def act(session: Session, instance: Instance, wait: Wait) -> None:
        values: dict[str, Value] = {"from": [Decimal(number) for number in wait.id], "to": to}
        recorded(session, instance, "move", actor, now, reason, values)

    intervene_at(db, actor, wait_id, reason, act)
