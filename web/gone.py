"""The page for a task that is over: who finished it and when, with what the reader typed kept to copy."""

from __future__ import annotations

from flask import flash, g, render_template

from company import people
from engine.bpmn import Definition
from engine.history import definitions
from engine.queries.inbox import task_row
from engine.session import Session
from engine.task_id import TaskId
from engine.tasks import TaskGone
from web import story
from web.language import language
from web.services import services
from web.sheet import Sheet, draft_key


def page(task_id: TaskId, gone: TaskGone) -> tuple[str, int]:
    """The page and its status, 409."""
    facts = gone.facts
    with services().db.reading() as session:
        definition, node_id = _what(session, task_id)
        name = people.names(session, [facts["by"]], language())[facts["by"]] if facts["by"] else None
    typed = Sheet(definition.form(node_id)).typed()
    if typed:
        flash(draft_key("task", task_id), "draft")  # the words are on this page now
    return render_template(
        "tasks/gone.html",
        facts=facts,
        name=name,
        mine=facts["by"] == g.actor.id,
        task_name=story.node_name(definition, node_id),
        typed=typed,
    ), 409


def _what(session: Session, task_id: TaskId) -> tuple[Definition, str]:
    row = task_row(session, task_id)
    assert row is not None, "TaskGone is raised for tasks that exist"
    return definitions.by_id(session, row.definition_id).definition, row.node_id
