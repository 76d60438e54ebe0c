"""An administrator pauses an instance with the cases it called, and lets them go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.actor import Actor
from engine.bpmn import Input
from engine.commands.administer.intervene import held_case, recorded
from engine.commands.case import answer_late, children
from engine.database import command
from engine.history.append import Instance, load
from engine.history.reading_steps import step_of
from engine.session import Session


@command
def suspend_instance(session: Session, actor: Actor, now: datetime, number: str, reason: str) -> None:
    """Pause: nothing is completed, fired or delivered; deadlines in working time keep what is left of them.

    Raises NotPermitted, NoSuchInstance, NotActive, ReasonMissing.
    """
    for instance in _with_children(session, held_case(session, actor, number, reason), "active"):
        recorded(session, instance, "suspend", actor, now, reason)


@command
def resume_instance(session: Session, actor: Actor, now: datetime, number: str, reason: str) -> None:
    """Go on: what became due meanwhile happens now, by the worker; called cases that ended meanwhile are heard.

    Raises NotPermitted, NoSuchInstance, NotActive, ReasonMissing.
    """
    for instance in _with_children(session, held_case(session, actor, number, reason), "suspended"):
        recorded(session, instance, "resume", actor, now, reason)
        for child in children(session, instance.id, ["completed", "cancelled"]):
            _answer_late(session, load(session, child), Input("resume", now, actor.id))


def _with_children(session: Session, instance: Instance, status: str) -> Iterator[Instance]:
    """The instance and, once the caller has dealt with it, the called cases below it with that status."""
    yield instance
    for child in children(session, instance.id, [status]):
        yield from _with_children(session, load(session, child), status)


def _answer_late(session: Session, child: Instance, by: Input) -> None:
    """Let the caller hear now of a case that ended while it was suspended."""
    answer_late(session, child, step_of(session, child.id, child.state.seq).error, by)
