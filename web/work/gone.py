"""The page for a task that is over: who finished it and when, with what the reader typed kept to copy.

It tells that to whoever did the step or may see the case; to others the task is none of their business.
"""

from __future__ import annotations

from flask import flash, g, render_template

from company.people import directory
from engine.history import definitions
from engine.queries import case_head, may_see, seen_task
from engine.queries.opened import opened
from engine.task_id import TaskId
from engine.tasks import TaskGone
from web.shared.forms.sheet import Sheet, draft_key
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor
from web.shared.words import story


def page(task_id: TaskId, gone: TaskGone) -> tuple[str, int]:
    """The page and its status, 409. Raises NoTaskToSee."""
    facts = gone.facts
    with services().db.reading() as session:
        row = seen_task(session, current_actor(), task_id)
        opened(row.number)
        definition = definitions.by_id(session, row.definition_id).definition
        sees = may_see(current_actor(), case_head(session, row.instance_id))
        name = directory.names(session, [facts["by"]], language())[facts["by"]] if facts["by"] else None
    typed = Sheet(definition.form(row.node_id)).typed()
    if typed:
        flash(draft_key("task", task_id), "draft")  # the words are on this page now
    return render_template(
        "tasks/gone.html",
        facts=facts,
        sees=sees,
        name=name,
        mine=facts["by"] == g.actor.id,
        task_name=story.node_name(definition, row.node_id),
        typed=typed,
    ), 409
