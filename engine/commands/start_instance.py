"""A person starts a process: the start form judges the values, a number is drawn, the first tasks open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn import Input, advance
from engine.commands.complete_task import checked_values
from engine.commands.numbers import next_number
from engine.commands.step import Moved, moved, in_surroundings
from engine.database import Database
from engine.history import calendars
from engine.history.append import begin, load
from engine.history.definitions import in_force


def start_instance(db: Database, actor: Actor, now: datetime, key: str, values: Mapping[str, Any]) -> Moved:
    """Start the version of `key` in force with the values of its start form.

    Raises NotPermitted, NoSuchProcess, InvalidForm and what the engine raises; then nothing has happened.
    """

    def work(session: Session) -> Moved:
        principal = actor.in_place_of(f"start:{key}")
        deployed = in_force(session, key)
        diagram = deployed.definition.diagram
        clean = checked_values(deployed.definition, diagram.start_event().id, values, {})
        number = next_number(session, diagram.prefix, now, calendars.zone_in_force(session))
        input = Input("start", now, actor.id, principal, values=clean, facts={"number": number})
        input = in_surroundings(session, input, "", calendars.hash_in_force(session))
        state, effects = advance(deployed.definition, None, input)
        return moved(load(session, begin(session, deployed, number, input, effects, state)), state, actor)

    return db.write(work)
