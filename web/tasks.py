"""One task: its form, what to know while filling it in, and who has it. Looking never claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company import people
from engine.actor import NotPermitted
from engine.commands import InvalidForm, claim_task, complete_task, delegate_task, release_task
from engine.errors import ClauseflowError
from engine.queries import TaskView, task
from engine.task_id import NoSuchTask, TaskId
from engine.tasks import TaskGone
from web import errors, gone, refusals
from web.addresses import local_path
from web.auth import current_actor, login_required
from web.desk import Desk, lay_out
from web.language import in_language
from web.services import services
from web.sheet import draft_key, surroundings

pages = Blueprint("tasks", __name__, url_prefix="/tasks")

Answer = str | tuple[str, int] | Response


@pages.get("/<task_id>")
@login_required
def show(task_id: str) -> str:
    """The task's page."""
    desk = _desk(task_id)
    return _page(desk, desk.sheet.draw())


@pages.post("/<task_id>")
@login_required
def submit(task_id: str) -> Answer:
    """Complete the task and go to what comes next; a refusal keeps what was typed and says what to do."""
    desk = _desk(task_id)
    raw, problems = desk.sheet.received() if desk.view.may_complete else (desk.sheet.posted(), [])
    redrawn = desk.sheet.with_row_button(raw, problems)
    if redrawn is not None:
        return _page(desk, redrawn)
    if problems:
        return _page(desk, desk.sheet.draw(raw, desk.sheet.all_problems(raw, problems))), 422
    try:
        moved = complete_task(services().db, current_actor(), services().now(), desk.view.item.id, raw, surroundings())
    except InvalidForm as refused:
        return _page(desk, desk.sheet.draw(raw, refused.problems)), 422
    except (NotPermitted, NoSuchTask, TaskGone):
        raise
    except ClauseflowError as refused:
        return _page(desk, desk.sheet.draw(raw), refused), errors.status_of(refused)
    flash(_("已办理“%(task)s”（%(number)s）。", task=_name(desk.view), number=moved.number), "ok")
    flash(draft_key("task", task_id), "draft")
    following = moved.next_task
    return redirect(url_for("tasks.show", task_id=following) if following else url_for("inbox.show"), 303)


@pages.post("/<task_id>/evaluate")
@login_required
def evaluate(task_id: str) -> Response:
    """How the form stands with what is typed so far (for the page's script)."""
    return jsonify(_desk(task_id).sheet.evaluate())


@pages.post("/<task_id>/claim")
@login_required
def claim(task_id: str) -> Response:
    """Take the task."""
    return _hand(task_id, claim_task, _("已领取“%(task)s”。"))


@pages.post("/<task_id>/release")
@login_required
def release(task_id: str) -> Response:
    """Give the task back to its group."""
    return _hand(task_id, release_task, _("已把“%(task)s”放回组里。"))


@pages.get("/<task_id>/delegate")
@login_required
def choose_delegate(task_id: str) -> str:
    """Whom the task can be handed to: who works in its lane."""
    with services().db.reading() as session:
        view = task(session, current_actor(), TaskId.parse(task_id))
        found = people.holders(session, f"work:{view.item.lane}")
    others = [person for person in found if person.id != view.item.assignee]
    return render_template("tasks/delegate.html", view=view, people=others, back=local_path(request.args.get("next")))


@pages.post("/<task_id>/delegate")
@login_required
def delegate(task_id: str) -> Response:
    """Hand the task to the person `to`."""
    with services().db.reading() as session:
        view = task(session, current_actor(), TaskId.parse(task_id))
        found = {person.id: person for person in people.holders(session, f"work:{view.item.lane}")}
    to = found.get(request.form.get("to", ""))
    if to is None:
        flash(_("请从名单里选一位接手的人。"), "problem")
        return redirect(url_for("tasks.show", task_id=task_id), 303)
    name = in_language(to.name, to.name_en)
    return _hand(task_id, delegate_task, _("已把“%(task)s”转交给 %(to)s。", to=name, task="%(task)s"), to.id)


def _hand(task_id: str, command: Callable[..., None], said: str, *more: Any) -> Response:
    """Carry out a change of hands and go back; a refusal is said there."""
    wanted = TaskId.parse(task_id)
    back = redirect(local_path(request.form.get("next"), url_for("tasks.show", task_id=wanted)), 303)
    with services().db.reading() as session:
        view = task(session, current_actor(), wanted)
    try:
        command(services().db, current_actor(), services().now(), wanted, *more)
    except (NotPermitted, NoSuchTask):
        raise
    except ClauseflowError as refused:
        flash(refusals.sentence(refused, view.definition), "problem")
        return back
    flash(said % {"task": _name(view)}, "ok")
    return back


@pages.errorhandler(TaskGone)
def closed(refused: TaskGone) -> tuple[str, int]:
    """Somebody was quicker, or it was sent twice: say so and keep what was typed."""
    return gone.page(TaskId.parse((request.view_args or {})["task_id"]), refused)


def _desk(task_id: str) -> Desk:
    with services().db.reading() as session:
        return lay_out(session, current_actor(), task(session, current_actor(), TaskId.parse(task_id)))


def _name(view: TaskView) -> str:
    return in_language(view.item.name, view.item.name_en)


def _page(desk: Desk, controls: str, refused: ClauseflowError | None = None) -> str:
    refused = refused or desk.view.why_not
    why_not = refusals.sentence(refused, desk.view.definition) if refused else None
    draft = draft_key("task", desk.view.item.id)
    return render_template(
        "tasks/show.html", desk=desk, view=desk.view, controls=controls, why_not=why_not, draft=draft
    )
