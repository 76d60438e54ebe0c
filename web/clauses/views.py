"""The regulations, clause by clause: what each asks, where diagrams carry it out, how often, deadlines kept."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from company.people import directory
from engine.clauses import Clause
from engine.history.definitions import NoSuchProcess, in_force
from engine.lint.meaning import PARTS
from web.clauses.cases import open_clause_file
from web.clauses.citations import Ledger, ledger
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("clauses", __name__, url_prefix="/clauses")

CLAUSE_KIND_NAMES = {
    "step": _("步骤"),
    "rule": _("规则"),
    "deadline": _("期限"),
    "record": _("记录"),
    "duty": _("职责"),
    "report": _("报表"),
    "scope": _("适用范围"),
}
"""What kind of requirement a clause is."""

BY_THE_APPLICATION = frozenset({"web", "reports"})
"""Who carries out a clause that no diagram is expected to cite."""


@pages.get("")
@login_required
def search() -> str:
    """All regulations; `q` finds clauses by number or words."""
    wanted = request.args.get("q", "").strip()[:100]
    register = services().register
    found = [clause for clause in register.clauses.values() if _matches(clause, wanted)] if wanted else []
    return render_template(
        "clauses/list.html", regulations=register.regulations.values(), search=wanted, found=found, ledger=_ledger()
    )


@pages.get("/<key>")
@login_required
def regulation(key: str) -> str:
    """One regulation with every clause of it."""
    shown = services().register.regulations.get(key)
    if shown is None:
        abort(404)
    return render_template(
        "clauses/regulation.html",
        regulation=shown,
        ledger=_ledger(),
        kinds=CLAUSE_KIND_NAMES,
        parts=PARTS,
        by_the_application=BY_THE_APPLICATION,
    )


@pages.get("/<key>/<clause_id>")
@login_required
def clause(key: str, clause_id: str) -> str:
    """One clause with everything made of it."""
    shown = services().register.clause(clause_id)
    if shown is None or shown.regulation != key:
        abort(404)
    with services().db.reading() as session:
        file = open_clause_file(session, current_actor(), clause_id)
        names = directory.names(session, {head.started_by for head in file.cases}, language())
    ordered = services().register.regulations[key].clauses
    place = [each.id for each in ordered].index(clause_id)
    return render_template(
        "clauses/clause.html",
        clause=shown,
        regulation=services().register.regulations[key],
        before=ordered[place - 1] if place else None,
        after=ordered[place + 1] if place + 1 < len(ordered) else None,
        ledger=_ledger(),
        file=file,
        names=names,
        kinds=CLAUSE_KIND_NAMES,
        parts=PARTS,
        by_the_application=BY_THE_APPLICATION,
    )


@pages.get("/diagrams/<process>.bpmn")
@login_required
def diagram(process: str) -> Response:
    """The diagram of a process in force."""
    with services().db.reading() as session:
        try:
            deployed = in_force(session, process)
        except NoSuchProcess:
            abort(404)
    answer = Response(deployed.definition.bpmn, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f"attachment; filename={deployed.key}-{deployed.version}.bpmn"
    return answer


def _ledger() -> Ledger:
    with services().db.reading() as session:
        return ledger(session)


def _matches(clause: Clause, wanted: str) -> bool:
    texts = (clause.id, clause.text, clause.text_en, clause.open, clause.open_en)
    return all(any(word in text.lower() for text in texts) for word in wanted.lower().split())
