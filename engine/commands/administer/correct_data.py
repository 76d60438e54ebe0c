"""An administrator puts data of a running case right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.actor import Actor
from engine.bpmn import INSTANCE_SCOPE
from engine.commands.administer.intervene import held_case, recorded
from engine.database import command
from engine.session import Session
from engine.values import Value


@command
def correct_data(
    session: Session,
    actor: Actor,
    now: datetime,
    number: str,
    values: Mapping[str, Value],
    reason: str,
    scope: str = INSTANCE_SCOPE,
) -> None:
    """Set variables of a scope (`trip:1`; the instance's by default); earlier values stay in history.

    Raises NotPermitted, NoSuchInstance, NotActive, ReasonMissing, UnknownInput for a scope that is not open.
    """
    where: dict[str, Value] = {"scope": scope} if scope else {}
    instance = held_case(session, actor, number, reason)
    recorded(session, instance, "correct", actor, now, reason, dict(values), **where)
