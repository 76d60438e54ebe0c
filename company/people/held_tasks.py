"""What becomes of the tasks somebody holds when they leave, or lose the right to do them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from company.people.directory import live_actor
from engine.actor import Actor, lanes_in
from engine.commands import release_held
from engine.queries import Page, TaskItem, inbox
from engine.session import Session


def held_tasks(session: Session, account: str, now: datetime, limit: int = 50) -> Page[TaskItem]:
    """What a person holds, soonest due first, whether or not they may still do it."""
    return inbox(session, Actor(account, permissions=frozenset({"work:*"})), now, "mine", limit=limit)


def release_all(session: Session, actor: Actor, now: datetime, account: str) -> int:
    """Give everything somebody deactivated holds back to its groups, in the caller's transaction; how many tasks."""
    return release_held(session, actor, now, account, "deactivated")


def release_lost(session: Session, actor: Actor, now: datetime, accounts: Iterable[str]) -> int:
    """Give back what these people hold in lanes they no longer work in, in the caller's transaction; how many tasks."""
    released = 0
    for account in list(accounts):
        lanes = lanes_in(live_actor(session, account, account, now).permissions)
        released += release_held(session, actor, now, account, "roles", lanes)
    return released
