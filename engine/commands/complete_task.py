"""A person completes a task: the form judges the values, the engine moves on, history keeps both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import forms
from engine.actor import Actor
from engine.bpmn import Definition, Input, visible_variables
from engine.commands.case import record
from engine.commands.step import Moved, at_the_time, moved
from engine.database import command
from engine.errors import Refused
from engine.history.append import load_to_write
from engine.session import Session
from engine.task_id import TaskId
from engine.tasks import authority, open_task


class InvalidForm(Refused):
    """The form refuses what was entered; `problems` name the fields."""


@command
def complete_task(
    session: Session,
    actor: Actor,
    now: datetime,
    task_id: TaskId,
    values: Mapping[str, Any] | Callable[[forms.Form], Mapping[str, Any]],
    outside: forms.FormEnvironment = forms.NOTHING,
) -> Moved:
    """Complete an open user task with the values of its form.

    `values` is what `forms.parse_post` read or typed values from a program, or a function that reads them once the form
    is known; `outside` brings record lists and stored files, the command adds time and calendar. Raises NotPermitted,
    NoSuchTask, TaskGone, TaskTaken, InvalidForm, FourEyes and what the engine raises; then nothing has happened.
    """
    instance, wait = open_task(session, task_id, load_to_write)
    principal = authority(actor, wait)
    definition = instance.deployed.definition
    visible = visible_variables(instance.state, wait.scope)
    environment = at_the_time(session, outside, now, instance.calendar_in_force)
    given = values(definition.form(wait.node_id) or forms.EMPTY) if callable(values) else values
    clean = checked_values(definition, wait.node_id, given, visible, environment)
    completed = Input("complete", now, actor.id, principal, wait.id, clean)
    return moved(instance, record(session, instance, completed), actor, definition.diagram.nodes[wait.node_id])


def checked_values(
    definition: Definition,
    node_id: str,
    values: Mapping[str, Any],
    visible: Mapping[str, Any],
    environment: forms.FormEnvironment,
) -> dict[str, Any]:
    """What the node's form lets through. Raises InvalidForm; a node without a form takes no values."""
    form = definition.form(node_id)
    if form is None:
        form = forms.EMPTY
    clean, problems = forms.validate(form, values, visible, environment)
    if problems:
        raise InvalidForm(problems)
    return clean
