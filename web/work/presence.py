"""Who else has a task open now, asked and told by the task's page while it is shown."""

from __future__ import annotations

from flask import Blueprint, render_template

from company.presence import be_present, others_present
from engine.queries import task
from engine.task_id import TaskId
from web.shared.language import in_language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_watched

pages = Blueprint("presence", __name__, url_prefix="/tasks")


@pages.post("/<task_id>/presence")
@login_watched
def renew(task_id: str) -> str:
    """Say that one has the task open, and hear who else has."""
    wanted, now, actor = TaskId.parse(task_id), services().now(), current_actor()
    page = f"task {wanted}"
    with services().db.reading() as session:
        task(session, actor, wanted)
    be_present(services().db, actor, now, page)
    with services().db.reading() as session:
        others = others_present(session, actor, now, page)
    return render_template("tasks/present.html", names=[in_language(*names) for names in others])
