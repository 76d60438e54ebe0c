"""One step of one instance: look up what it needs, advance, append. `engine.commands.case` does what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine import forms, revision
from engine.actor import Actor
from engine.bpmn import Effects, Input, Node, State, Wait, advance
from engine.calendar import DEFAULT_ZONE
from engine.history import calendars
from engine.history.append import Instance, append
from engine.session import Session
from engine.task_id import TaskId
from engine.tasks import barred_by


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an instance stands after a command, the actor's next task in it, if any, and the step that was done."""

    instance_id: int
    number: str
    status: str
    next_task: TaskId | None
    done: Node | None = None


def take_step(session: Session, instance: Instance, given: Input) -> tuple[Input, State, Effects]:
    """Advance the instance by one input and append what it did; returns the input as it was recorded.

    Raises what `advance` raises.
    """
    given = in_surroundings(session, given, instance.state.calendar, instance.calendar_in_force)
    state, effects = advance(instance.deployed.definition, instance.state, given)
    append(session, instance, given, effects, state)
    return given, state, effects


def in_surroundings(session: Session, given: Input, known: str, in_force: str) -> Input:
    """The input as it is recorded: in UTC, with the calendar in force, named where the instance knows another."""
    facts = given.facts if known == in_force else {**given.facts, "calendar": in_force}
    now = given.now.astimezone(UTC)
    calendar = calendars.by_hash(session, in_force)
    return replace(given, now=now, calendar=calendar, facts=facts, revision=revision.CURRENT)


def at_the_time(
    session: Session, outside: forms.FormEnvironment, now: datetime, in_force: str
) -> forms.FormEnvironment:
    """What a form may use, with the command's time and the calendar of that hash, which gives the zone."""
    calendar = calendars.by_hash(session, in_force)
    return replace(outside, now=now, calendar=calendar, zone=calendar.zone if calendar else DEFAULT_ZONE)


def moved(instance: Instance, state: State, actor: Actor, done: Node | None = None) -> Moved:
    """The outcome for the actor: the first open task of the instance that is theirs to do."""
    nodes = instance.deployed.definition.diagram.nodes
    mine = (
        wait.id
        for wait in state.waits
        if wait.kind == "task" and _is_for(actor, wait) and not barred_by(actor, nodes[wait.node_id], state)
    )
    first = min(mine, default=None)
    return Moved(instance.id, instance.number, state.status, TaskId(instance.id, *first) if first else None, done)


def _is_for(actor: Actor, wait: Wait) -> bool:
    return wait.lane is not None and wait.assignee in (None, actor.id) and actor.may(f"work:{wait.lane}")
