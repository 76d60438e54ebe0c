"""Whom tasks may be given to, and what becomes of those somebody holds when they leave or lose the right to do them.

Whoever is given a task is kept as they are until that is done: who is deactivated or loses a role at the same moment
either gives the task back with all others, or is not given it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select

from company.people.directory import NotActive, actor_of, live_actor, standing_in_for
from company.people.tables import people
from engine.actor import Actor, lanes_in
from engine.commands import claim_task, delegate_task, release_held
from engine.database import command
from engine.errors import ClauseflowError
from engine.queries import Page, TaskItem, inbox
from engine.session import Session
from engine.task_id import TaskId
from engine.tasks import open_task


class CannotReceive(ClauseflowError):
    """Who is to have the task has left, or works in its lane no longer."""

    zh = "对方现在不能办理这项任务，没有转交，请另选一位。"
    en = "They cannot do this task now, so it was not handed over. Please choose somebody else."


@command
def take_task(session: Session, actor: Actor, now: datetime, task_id: TaskId) -> None:
    """Claim a task with the permissions the actor has at this moment. Raises NotActive and what `claim_task` does."""
    _keep(session, or_(people.c.id == actor.id, people.c.id.in_(standing_in_for(actor.id, now))))
    claim_task(session, actor_of(session, actor.id, now), now, task_id)


@command
def hand_task(session: Session, actor: Actor, now: datetime, task_id: TaskId, to: str) -> None:
    """Hand a task to somebody who works in its lane. Raises CannotReceive and what `delegate_task` does."""
    _keep(session, people.c.id == to)
    _instance, wait = open_task(session, task_id)
    try:
        receiver = actor_of(session, to, now)
    except NotActive as error:
        raise CannotReceive from error
    if lanes_in(receiver.permissions).isdisjoint({"*", wait.lane}):
        raise CannotReceive
    delegate_task(session, actor, now, task_id, to)


def held_tasks(session: Session, account: str, now: datetime, limit: int = 50) -> Page[TaskItem]:
    """What a person holds, soonest due first, whether or not they may still do it."""
    return inbox(session, Actor(account, permissions=frozenset({"work:*"})), now, "mine", limit=limit)


def release_all(session: Session, actor: Actor, now: datetime, account: str) -> int:
    """Give everything somebody deactivated holds back to its groups, in the caller's transaction; how many tasks."""
    return release_held(session, actor, now, account, "deactivated")


def release_lost(session: Session, actor: Actor, now: datetime, accounts: Iterable[str]) -> int:
    """Give back what these people hold in lanes they no longer work in, in the caller's transaction; how many tasks."""
    released, losers = 0, sorted(accounts)
    session.execute(_rows(people.c.id.in_(losers)).with_for_update(key_share=True)).all()
    for account in losers:
        lanes = lanes_in(live_actor(session, account, account, now).permissions)
        released += release_held(session, actor, now, account, "roles", lanes)
    return released


def _keep(session: Session, chosen: ColumnElement[bool]) -> None:
    """Hold people as they are, before any case is: in this order nobody waits for each other."""
    session.execute(_rows(chosen).with_for_update(read=True)).all()


def _rows(chosen: ColumnElement[bool]) -> Select[tuple[str]]:
    return select(people.c.id).where(chosen).order_by(people.c.id)
