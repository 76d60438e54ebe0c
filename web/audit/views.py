"""Audit: a case's history stepped through on the diagram it ran on, and proven."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from company.people import directory
from engine.bpmn import Definition
from engine.history.access_log import accesses_of
from engine.history.definitions import by_id
from engine.history.fold import History
from engine.history.steps import Step
from engine.proving import reexecute
from engine.queries import CaseHead, cases, find_case, history_of
from engine.session import Session
from engine.tables import anchors, definitions
from web.audit import verdicts
from web.audit.replay import Picture, marks, picture
from web.cases.views import CaseSearch
from web.shared.addresses import whole_number
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required
from web.shared.words import story

MOST_LOOKS = 100
"""Openings of a case that are listed."""

LOOKS = {
    "case": _("事项页"),
    "task": _("任务页"),
    "replay": _("回放"),
    "audit": _("验证页"),
    "document": _("单据"),
    "attachment": _("附件"),
    "progress": _("客户进度页"),
}
"""What was opened, in words."""

pages = Blueprint("audit", __name__, url_prefix="/audit")


@pages.get("")
@login_required
def search() -> str:
    """Where an auditor begins: the cases, and until when anchors guard them."""
    current_actor().require("audit")
    asked = CaseSearch.asked()
    with services().db.reading() as session:
        page = cases(session, current_actor(), search=asked.search, status=asked.status, after=asked.after)
        names = directory.names(session, {head.started_by for head in page.items}, language())
        anchored_at = session.execute(select(anchors.c.at).order_by(anchors.c.id.desc()).limit(1)).scalar()
    return render_template("audit/list.html", asked=asked, page=page, names=names, anchored_at=anchored_at)


@pages.get("/<number>")
@login_required
def replay(number: str) -> str:
    """The replay of a case, for everybody who may see it; `frame` is the entry shown, the last one by default."""
    with services().db.reading() as session:
        head, history = _history(session, number)
        entries = history.steps
        seq = _frame(entries, request.args.get("frame", str(len(entries) - 1)))
        names = directory.names(session, story.people_in(entries), language())
        shown = _picture(session, head, history, seq)
        told = story.tell(entries, _version(session, head, head.version), names)
    return render_template(
        "audit/replay.html", head=head, sentences=told, picture=shown, last=len(entries) - 1, marks=marks(entries)
    )


@pages.get("/<number>/frames/<seq>")
@login_required
def frame(number: str, seq: str) -> str:
    """One frame's card alone, for a replay that is open."""
    with services().db.reading() as session:
        head, history = _history(session, number)
        shown = _picture(session, head, history, _frame(history.steps, seq))
    return render_template("audit/frame.html", head=head, picture=shown, last=len(history.steps) - 1)


@pages.get("/<number>/diagram.bpmn")
@login_required
def diagram(number: str) -> Response:
    """The diagram as it was deployed, in the `version` that carried out one of the case's entries."""
    with services().db.reading() as session:
        head, history = _history(session, number)
        wanted = request.args.get("version", str(head.version))
        version = next((step.version for step in history.steps if str(step.version) == wanted), None)
        if version is None:
            abort(404)
        definition = _version(session, head, version)
    answer = Response(definition.bpmn, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f"attachment; filename={head.key}-{version}.bpmn"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@pages.get("/<number>/verify")
@login_required
def verify(number: str) -> str:
    """The three verdicts on a case's history, in plain words."""
    current_actor().require("audit")
    with services().db.reading() as session:
        head = find_case(session, current_actor(), number)
        report = reexecute.verify(session, number, services().anchor_file, services().tsa_roots)
        looks = accesses_of(session, number, MOST_LOOKS)
        names = directory.names(session, {look.person for look in looks}, language())
    return render_template(
        "audit/verify.html",
        head=head,
        report=report,
        findings=verdicts.findings(report),
        looks=looks,
        names=names,
        kinds=LOOKS,
    )


def _history(session: Session, number: str) -> tuple[CaseHead, History]:
    head = find_case(session, current_actor(), number)
    return head, history_of(session, head.id, _version(session, head, head.version).diagram)


def _frame(entries: Sequence[Step], wanted: str) -> int:
    """The frame asked for, kept within the history; 404 for what is no number."""
    number = whole_number(wanted)
    if number is None:
        abort(404)
    return min(number, len(entries) - 1)


def _picture(session: Session, head: CaseHead, history: History, seq: int) -> Picture:
    names = directory.names(session, story.people_in(history.steps[: seq + 1]), language())
    return picture(history, seq, _version(session, head, history.steps[seq].version), names)


def _version(session: Session, head: CaseHead, version: int) -> Definition:
    query = select(definitions.c.id).where(definitions.c.key == head.key, definitions.c.version == version)
    return by_id(session, session.execute(query).scalar_one()).definition
