"""One task: its form, what to know while filling it in, and who has it. Looking never claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as words
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from company.people import directory
from company.people.held_tasks import hand_task, take_task
from engine import forms
from engine.actor import NotPermitted
from engine.commands import InvalidForm, complete_task, release_task
from engine.errors import ClauseflowError
from engine.queries import TaskView, seen_task, task
from engine.session import Session
from engine.task_id import NoSuchTask, TaskId
from engine.tasks import TaskGone
from web.shared import errors, refusals
from web.shared.addresses import local_path
from web.shared.forms.outside import outside
from web.shared.forms.sheet import Sheet, draft_key, look_around
from web.shared.language import in_language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required
from web.work import gone
from web.work.desk import Desk, lay_out

pages = Blueprint("tasks", __name__, url_prefix="/tasks")

Answer = str | tuple[str, int] | Response
Given = Mapping[str, Any] | Callable[[forms.Form], Mapping[str, Any]]
"""The raw values of a form, or what reads them once the form is known."""


@pages.get("/<task_id>")
@login_required
def show(task_id: str) -> str:
    """The task's page."""
    with services().db.reading() as session:
        view = _open(session, TaskId.parse(task_id))
        desk = lay_out(session, current_actor(), view)
    return _page(desk, _sheet(view).draw())


@pages.get("/<task_id>/quick")
@login_required
def quick(task_id: str) -> str:
    """The task's form alone: what the list of tasks shows above itself."""
    view = _look(TaskId.parse(task_id))
    return render_template("tasks/quick.html", view=view, controls=_sheet(view).draw(), back=_back())


@pages.post("/<task_id>")
@login_required
def submit(task_id: str) -> Answer:
    """Complete the task and go to what comes next; a refusal keeps what was typed and says what to do."""
    wanted = TaskId.parse(task_id)
    if not request.files and forms.ROW_BUTTON not in request.form:
        post = request.form.to_dict(flat=False)
        return _complete(wanted, lambda form: forms.parse_post(form, post))
    view = _look(wanted)
    sheet = _sheet(view)
    raw, problems = sheet.received() if view.may_complete else (sheet.posted(), [])
    redrawn = sheet.with_row_button(raw, problems)
    if redrawn is not None:
        return _again(view, redrawn)
    if problems:
        return _again(view, sheet.draw(raw, sheet.all_problems(raw, problems))), 422
    return _complete(wanted, raw)


@pages.post("/<task_id>/evaluate")
@login_required
def evaluate(task_id: str) -> Response:
    """How the form stands with what is typed so far (for the page's script)."""
    return jsonify(_sheet(_look(TaskId.parse(task_id))).evaluate())


@pages.post("/<task_id>/claim")
@login_required
def claim(task_id: str) -> Response:
    """Take the task."""
    return _hand(task_id, take_task, words("已领取“%(task)s”。"))


@pages.post("/<task_id>/release")
@login_required
def release(task_id: str) -> Response:
    """Give the task back to its group."""
    return _hand(task_id, release_task, words("已把“%(task)s”放回组里。"))


@pages.get("/<task_id>/delegate")
@login_required
def choose_delegate(task_id: str) -> str:
    """Whom the task can be handed to: who works in its lane."""
    with services().db.reading() as session:
        view = task(session, current_actor(), TaskId.parse(task_id))
        found = directory.holders(session, f"work:{view.item.lane}")
    # Who reassigns what somebody else holds may also take it over.
    passed_by = view.item.assignee or current_actor().id
    others = [person for person in found if person.id != passed_by]
    return render_template("tasks/delegate.html", view=view, people=others, back=local_path(request.args.get("next")))


@pages.post("/<task_id>/delegate")
@login_required
def delegate(task_id: str) -> Response:
    """Hand the task to the person `to`."""
    with services().db.reading() as session:
        view = task(session, current_actor(), TaskId.parse(task_id))
        found = {person.id: person for person in directory.holders(session, f"work:{view.item.lane}")}
    to = found.get(request.form.get("to", ""))
    if to is None:
        flash(_("请从名单里选一位接手的人。"), "problem")
        return redirect(url_for("tasks.show", task_id=task_id), 303)
    name = in_language(to.name, to.name_en)
    return _hand(task_id, hand_task, words("已把“%(task)s”转交给 %(to)s。"), to.id, to=name)


def _hand(task_id: str, command: Callable[..., None], said: LazyString, *more: Any, **facts: str) -> Response:
    """Carry out a change of hands and go back; `facts` fill what is `said` then, a refusal is said there."""
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
    flash(str(said) % {"task": _name(view), **facts}, "ok")
    return back


@pages.errorhandler(TaskGone)
def closed(refused: TaskGone) -> tuple[str, int]:
    """Somebody was quicker, or it was sent twice: say so and keep what was typed."""
    try:
        return gone.page(_named(), refused)
    except NoSuchTask as unseen:
        return errors.refused(unseen)


@pages.errorhandler(NotPermitted)
@pages.errorhandler(NoSuchTask)
def not_theirs(refused: ClauseflowError) -> tuple[str, int]:
    """One answer to whoever may not see the task, whether there is one or not."""
    try:
        with services().db.reading() as session:
            seen_task(session, current_actor(), _named())
    except NoSuchTask as unseen:
        return errors.refused(unseen)
    return errors.refused(refused)


def _named() -> TaskId:
    """The task of the address. Raises NoSuchTask."""
    return TaskId.parse((request.view_args or {})["task_id"])


def _complete(task_id: TaskId, values: Given) -> Answer:
    """What follows from the command; only a refusal reads the task for the page once more."""
    try:
        moved = complete_task(services().db, current_actor(), services().now(), task_id, values, outside())
    except (NotPermitted, NoSuchTask, TaskGone):
        raise
    except ClauseflowError as refused:
        return _refused(_look(task_id), values, refused)
    assert moved.done is not None
    name = in_language(moved.done.name, moved.done.name_en)
    flash(_("已办理“%(task)s”（%(number)s）。", task=name, number=moved.number), "ok")
    flash(draft_key("task", task_id), "draft")
    if moved.next_task:
        return redirect(url_for("tasks.show", task_id=moved.next_task, next=_back() or None), 303)
    return redirect(_back() or url_for("inbox.show"), 303)


def _back() -> str:
    """The list the person came from, "" when they came from elsewhere."""
    return local_path(request.values.get("next"), "")


def _refused(view: TaskView, values: Given, refused: ClauseflowError) -> tuple[str, int]:
    sheet = _sheet(view)
    raw = sheet.posted() if callable(values) else values
    if isinstance(refused, InvalidForm):
        return _again(view, sheet.draw(raw, refused.problems)), 422
    return _again(view, sheet.draw(raw), refused), refused.status


def _open(session: Session, task_id: TaskId) -> TaskView:
    view = task(session, current_actor(), task_id)
    look_around(session, view.calendar)
    return view


def _look(task_id: TaskId) -> TaskView:
    """The task without what lies beside its form, which a post that is taken never shows."""
    with services().db.reading() as session:
        return _open(session, task_id)


def _sheet(view: TaskView) -> Sheet:
    return Sheet(view.form, view.variables)


def _again(view: TaskView, controls: str, refused: ClauseflowError | None = None) -> str:
    """The page once more, for a post that goes no further."""
    with services().db.reading() as session:
        desk = lay_out(session, current_actor(), view)
    return _page(desk, controls, refused)


def _name(view: TaskView) -> str:
    return in_language(view.item.name, view.item.name_en)


def _page(desk: Desk, controls: str, refused: ClauseflowError | None = None) -> str:
    refused = refused or desk.view.why_not
    why_not = refusals.sentence(refused, desk.view.definition) if refused else None
    draft = draft_key("task", desk.view.item.id)
    return render_template(
        "tasks/show.html", desk=desk, view=desk.view, controls=controls, why_not=why_not, draft=draft, back=_back()
    )
