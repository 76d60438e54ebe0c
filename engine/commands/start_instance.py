"""A person starts a process: the start form judges the values, a number is drawn, the first tasks open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import forms
from engine.actor import Actor
from engine.bpmn import Input
from engine.commands.case import start
from engine.commands.complete_task import checked_values
from engine.commands.step import Moved, at_the_time, moved
from engine.database import command
from engine.history import calendars
from engine.history.definitions import in_force
from engine.session import Session
from engine.values import Value


@command
def start_instance(
    session: Session,
    actor: Actor,
    now: datetime,
    key: str,
    values: Mapping[str, Any],
    outside: forms.FormEnvironment = forms.NOTHING,
    facts: Mapping[str, Value] | None = None,
) -> Moved:
    """Start the version of `key` in force with the values of its start form; history keeps the `facts` with it.

    Raises NotPermitted, NoSuchProcess, InvalidForm and what the engine raises; then nothing has happened.
    """
    principal = actor.in_place_of(f"start:{key}")
    deployed = in_force(session, key)
    begins = deployed.definition.diagram.start_event()
    environment = at_the_time(session, outside, now, calendars.hash_in_force(session))
    clean = checked_values(deployed.definition, begins.id, values, {}, environment)
    given = Input("start", now, actor.id, principal, values=clean, facts=dict(facts or {}))
    instance = start(session, deployed, given)
    return moved(instance, instance.state, actor)
