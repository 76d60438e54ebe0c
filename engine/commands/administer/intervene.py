"""What administrators' acts on a case share: the permission, the reason that history keeps, the case held."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select

from engine.actor import Actor
from engine.bpmn import Input, InputKind, Wait
from engine.bpmn.errors import WaitGone
from engine.commands.case import record
from engine.errors import ClauseflowError
from engine.history.append import Instance, NoSuchInstance, load_to_write
from engine.session import Session
from engine.tables import instances
from engine.task_id import TaskId
from engine.values import Value

PERMISSION: Final = "correct"


class ReasonMissing(ClauseflowError):
    """An administrator's act needs a reason."""

    zh = "请填写理由。"
    en = "Please give a reason."


def held_case(session: Session, actor: Actor, number: str, reason: str) -> Instance:
    """The instance of that number, held for an administrator's act.

    Raises NotPermitted, ReasonMissing, NoSuchInstance.
    """
    check(actor, reason)
    instance_id = session.execute(select(instances.c.id).where(instances.c.number == number)).scalar()
    if instance_id is None:
        raise NoSuchInstance(instance=number)
    return load_to_write(session, instance_id)


def held_wait(session: Session, actor: Actor, wait_id: TaskId, reason: str) -> tuple[Instance, Wait]:
    """An open wait and its instance, held for an administrator's act.

    Raises NotPermitted, ReasonMissing, NoSuchInstance, WaitGone.
    """
    check(actor, reason)
    instance = load_to_write(session, wait_id.instance_id)
    wait = instance.state.wait(wait_id.wait)
    if wait is None:
        raise WaitGone(wait=str(wait_id))
    return instance, wait


def check(actor: Actor, reason: str) -> None:
    """Raises NotPermitted, ReasonMissing."""
    actor.require(PERMISSION)
    if not reason.strip():
        raise ReasonMissing


def recorded(
    session: Session,
    instance: Instance,
    kind: InputKind,
    actor: Actor,
    now: datetime,
    reason: str,
    values: dict[str, Value] | None = None,
    wait: Wait | None = None,
    **facts: Value,
) -> None:
    """Record the act as an input with the actor and the reason."""
    given = Input(
        kind, now, actor.id, wait=wait.id if wait else None, values=values or {},
        facts={"reason": reason.strip(), **facts},
    )  # fmt: skip
    record(session, instance, given)
