"""Starting a process: what a person may start, what it is for, and its first form."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.clauses import Clause
from engine.commands import InvalidForm, start_instance
from engine.history.definitions import all_in_force
from engine.queries import Startable, startable, startable_process
from web.shared.forms.sheet import Sheet, draft_key, form_environment
from web.shared.language import in_language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("start", __name__, url_prefix="/start")

Answer = str | tuple[str, int] | Response


@pages.get("")
@login_required
def choose() -> str:
    """What the person may start; `q` narrows it."""
    wanted = request.args.get("q", "").strip()[:100]
    with services().db.reading() as session:
        found = startable(session, current_actor())
        deployed = bool(found) or bool(all_in_force(session))
    shown = [process for process in found if _matches(process, wanted)]
    return render_template(
        "start/choose.html",
        processes=shown,
        total=len(found),
        deployed=deployed,
        search=wanted,
        carried_out=carried_out,
    )


@pages.get("/<key>")
@login_required
def form(key: str) -> str:
    """The start form of a process."""
    process = _process(key)
    return _page(process, Sheet(process.form).draw())


@pages.post("/<key>")
@login_required
def submit(key: str) -> Answer:
    """Start it and go to what comes next; a refusal keeps what was typed."""
    process = _process(key)
    sheet = Sheet(process.form)
    raw, problems = sheet.received()
    redrawn = sheet.with_row_button(raw, problems)
    if redrawn is not None:
        return _page(process, redrawn)
    if problems:
        return _page(process, sheet.draw(raw, sheet.all_problems(raw, problems))), 422
    try:
        moved = start_instance(services().db, current_actor(), services().now(), key, raw, form_environment())
    except InvalidForm as refused:
        return _page(process, sheet.draw(raw, refused.problems)), 422
    name = in_language(process.name, process.name_en)
    flash(_("已发起“%(name)s”，编号 %(number)s。", name=name, number=moved.number), "ok")
    flash(draft_key("start", key), "draft")
    if moved.next_task:
        return redirect(url_for("tasks.show", task_id=str(moved.next_task)), 303)
    return redirect(url_for("cases.show", number=moved.number), 303)


@pages.post("/<key>/evaluate")
@login_required
def evaluate(key: str) -> Response:
    """How the form stands with what is typed so far (for the page's script)."""
    return jsonify(Sheet(_process(key).form).evaluate())


def carried_out(process: Startable) -> list[Clause]:
    """Every clause the process or a step of it cites, in the register's order."""
    cited = {*process.clauses, *(i for node in process.definition.diagram.nodes.values() for i in node.clauses)}
    return [clause for clause_id, clause in services().register.clauses.items() if clause_id in cited]


def _process(key: str) -> Startable:
    with services().db.reading() as session:
        return startable_process(session, current_actor(), key)


def _matches(process: Startable, wanted: str) -> bool:
    named = (process.key, process.name, process.name_en, process.documentation, process.documentation_en)
    text = " ".join(named).lower()
    return all(word in text for word in wanted.lower().split())


def _page(process: Startable, controls: str) -> str:
    start = process.definition.diagram.start_event()
    cited = dict.fromkeys((*start.clauses, *process.clauses))
    clauses = [clause for clause in map(services().register.clause, cited) if clause]
    return render_template(
        "start/form.html",
        process=process,
        controls=controls,
        clauses=clauses,
        draft=draft_key("start", process.key),
    )
