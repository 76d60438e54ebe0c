"""An administrator puts a case right: corrects its data, moves its token, does without a step that stands still.

Each act has a page of its own, which says what will happen and asks for the reason that history keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as words
from werkzeug.wrappers import Response

from company.people import directory
from engine.actor import NotPermitted
from engine.bpmn import INSTANCE_SCOPE, Node, Wait
from engine.bpmn.errors import NotActive, WaitGone
from engine.commands import NoIncident, correct_data, move_token, skip_job
from engine.errors import ClauseflowError
from engine.history.append import NoSuchInstance
from engine.queries.standing import Standing, standing
from engine.task_id import NoSuchTask, TaskId
from web.cases.correcting import brought, data_of, one_datum, sheet_of
from web.cases.dossier import holder_of, incident_words, token_marks
from web.cases.handed import handed_rows
from web.shared import refusals
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required
from web.shared.words import story
from web.shared.words.wording import Wording

pages = Blueprint("interventions", __name__, url_prefix="/cases/<number>")

Answer = str | tuple[str, int] | Response

SORTS = {
    "userTask": words("人工任务"),
    "manualTask": words("人工任务"),
    "receiveTask": words("等待消息"),
    "callActivity": words("下级事项"),
    "subProcess": words("子流程"),
    "endEvent": words("结束"),
}
"""What kinds of nodes are called where a token may go; everything else happens by itself."""
BY_ITSELF = words("自动步骤")


@pages.get("/correct")
@login_required
def choose_data(number: str) -> str:
    """The data of the case, each item to be corrected on a page of its own."""
    found = _standing(number, "active", "suspended")
    return _page("choose_data", found, scopes=data_of(found))


@pages.get("/correct/<name>")
@login_required
def ask_data(number: str, name: str) -> str:
    """One item of data asked anew."""
    found = _standing(number, "active", "suspended")
    return _data_page(found, name, sheet_of(found, _scope(), name).draw())


@pages.post("/correct/<name>")
@login_required
def correct(number: str, name: str) -> Answer:
    """Correct one item of data."""
    found = _standing(number, "active", "suspended")
    sheet = sheet_of(found, _scope(), name)
    raw, problems = sheet.received()
    redrawn = sheet.with_row_button(raw, problems)
    if redrawn is not None:
        return _data_page(found, name, redrawn)
    values, problems = sheet.judged(raw, problems)
    if problems:
        return _data_page(found, name, sheet.draw(raw, problems)), 422
    if values.get(name) == found.state.variables[_scope()][name]:
        return _data_page(found, name, sheet.draw(raw), _("新值与现在的相同，没有可更正的。")), 422
    refused = _refusal(lambda reason: correct_data(services().db, current_actor(), services().now(), number,
                                                   {name: values.get(name)}, reason, _scope()))  # fmt: skip
    if refused:
        return _data_page(found, name, sheet.draw(raw), refusals.sentence(refused)), refused.status
    return _done(number, _("已更正“%(label)s”。", label=one_datum(found, _scope(), name).label))


@pages.get("/move")
@login_required
def choose_move(number: str) -> str:
    """From where to where: one waiting step, and the nodes the engine would take it to."""
    return _move_page(_standing(number, "active"))


@pages.post("/move")
@login_required
def move(number: str) -> Answer:
    """Move the token."""
    found = _standing(number, "active")
    chosen = _from(found)
    to = request.form.get("to", "")
    if chosen is None or to not in {node.id for node in chosen[1]}:
        return _move_page(found, _("请选择要移到哪一步。")), 422
    wait_id = TaskId(found.head.id, *chosen[0].id)
    refused = _refusal(lambda reason: move_token(services().db, current_actor(), services().now(), wait_id, to, reason))
    if refused:
        return _move_page(found, refusals.sentence(refused, found.definition)), refused.status
    return _done(number, _("已移到“%(node)s”。", node=story.node_name(found.definition, to)))


@pages.get("/skip/<task_id>")
@login_required
def ask_skip(number: str, task_id: str) -> str:
    """A step that stands still: why, and what going on without it means."""
    found = _standing(number, "active")
    return _skip_page(found, _stuck(found, task_id))


@pages.post("/skip/<task_id>")
@login_required
def skip(number: str, task_id: str) -> Answer:
    """Go on as if it had been done."""
    found = _standing(number, "active")
    wait = _stuck(found, task_id)
    wait_id = TaskId(found.head.id, *wait.id)
    refused = _refusal(lambda reason: skip_job(services().db, current_actor(), services().now(), wait_id, reason,
                                               brought(request.form.get("values", "")[:4000])))  # fmt: skip
    if refused:
        return _skip_page(found, wait, refusals.sentence(refused, found.definition)), refused.status
    return _done(number, _("已跳过“%(node)s”。", node=story.node_name(found.definition, wait.node_id)))


def _standing(number: str, *statuses: str) -> Standing:
    """The case, while it can be put right. Raises NoSuchInstance, NotPermitted, NotActive."""
    with services().db.reading() as session:
        found = standing(session, current_actor(), number)
    if found.state.status not in statuses:
        raise NotActive(found.state.status)
    return found


def _scope() -> str:
    return request.args.get("scope", INSTANCE_SCOPE)


def _from(found: Standing) -> tuple[Wait, list[Node]] | None:
    """The movable wait the address or the post names, or the only one."""
    movable = found.movable()
    named = request.values.get("from", "")
    return next((each for each in movable if len(movable) == 1 or _place(each[0]) == named), None)


def _place(wait: Wait) -> str:
    return f"{wait.id.seq}-{wait.id.k}"


def _stuck(found: Standing, task_id: str) -> Wait:
    """The job or called case that stands still. Raises NoSuchTask, WaitGone, NoIncident."""
    wanted = TaskId.parse(task_id)
    wait = found.state.wait(wanted.wait) if wanted.instance_id == found.head.id else None
    if wait is None:
        raise WaitGone(wait=task_id)
    if "incident" not in wait.details:
        raise NoIncident
    return wait


def _refusal(act: Callable[[str], None]) -> ClauseflowError | None:
    """Carry the act out with the reason given; why it was refused, if it was."""
    try:
        act(request.form.get("_reason", "")[:1000])
    except (NotPermitted, NoSuchInstance, NoSuchTask):
        raise
    except ClauseflowError as refused:
        return refused
    return None


def _done(number: str, said: str) -> Response:
    flash(said, "ok")
    return redirect(url_for("cases.show", number=number), 303)


def _data_page(found: Standing, name: str, controls: str, refused: str = "") -> str:
    datum = one_datum(found, _scope(), name)
    return _page("correct", found, datum=datum, controls=controls, scope=_scope(), refused=refused)


def _move_page(found: Standing, refused: str = "") -> str:
    names, movable = _told(found), found.movable()
    chosen, targets = _from(found) or (None, [])
    groups: dict[str, list[tuple[str, str]]] = {}
    for node in targets:
        told = story.node_name(found.definition, node.id)
        groups.setdefault(str(SORTS.get(node.type, BY_ITSELF)), []).append((node.id, told))
    marks = {"tokens": token_marks([(chosen.node_id, 1)]) if chosen else [], "choices": [node.id for node in targets]}
    return _page(
        "move", found, refused=refused, groups=groups, marks=marks,
        places=[(_place(wait), names[wait.id]) for wait, _targets in movable],
        chosen=(_place(chosen), names[chosen.id]) if chosen else None,
    )  # fmt: skip


def _skip_page(found: Standing, wait: Wait, refused: str = "") -> str:
    return _page(
        "skip", found, refused=refused,
        step=story.node_name(found.definition, wait.node_id),
        wait_id=TaskId(found.head.id, *wait.id),
        why=incident_words(found.stuck.get(wait.id, {})),
        given=handed_rows(wait.details.get("handler", ""), wait.details.get("input") or {}, Wording(found.definition)),
    )  # fmt: skip


def _told(found: Standing) -> dict[tuple[int, int], str]:
    """Every open wait in words: its step, and whom it waits for."""
    waits = found.state.waits
    with services().db.reading() as session:
        names = directory.names(session, {wait.assignee for wait in waits if wait.assignee}, language())
    said = ((wait, story.node_name(found.definition, wait.node_id)) for wait in waits)
    holders = {wait.id: holder_of(found.definition, wait, names) for wait in waits}
    return {wait.id: f"{name} · {holders[wait.id]}" if holders[wait.id] else name for wait, name in said}


def _page(name: str, found: Standing, **context: Any) -> str:
    return render_template(f"interventions/{name}.html", head=found.head, typed=request.form, **context)
