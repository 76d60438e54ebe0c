"""Papers: what was submitted as the regulated document, and blank copies to write on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from flask import Blueprint, render_template, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from company.people import directory
from engine import forms
from engine.bpmn import Definition
from engine.clauses import Clause
from engine.history.definitions import in_force
from engine.history.steps import Step
from engine.queries import case, find_case
from engine.session import Session
from web.shared.addresses import public_address
from web.shared.formats import local
from web.shared.forms.sheet import form_environment
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required
from web.shared.words import story

pages = Blueprint("documents", __name__, url_prefix="/documents")

SUBMITTED = frozenset({"start", "complete"})
"""Entries that carry a form."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for a step, and when they submitted it."""

    step: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """One document; without `number` it is a blank copy."""

    title: str
    process: str
    body: Markup
    clauses: Sequence[Clause]
    number: str = ""
    seq: int = 0
    signatures: Sequence[Signature] = ()


@pages.app_template_filter()
def written(moment: datetime) -> str:
    """A moment on paper: the company's clock, the same in every language."""
    return f"{local(moment):%Y-%m-%d %H:%M}"


@pages.get("/<number>/<int:seq>")
@login_required
def show(number: str, seq: int) -> str:
    """What the entry `seq` of a case submitted, with everybody who has signed until then."""
    with services().db.reading() as session:
        view = case(session, current_actor(), number)
        definition = view.deployed.definition
        earlier = [entry for entry in view.history.steps if entry.seq <= seq]
        node_id = _node(earlier[-1], definition) if earlier and earlier[-1].seq == seq else None
        if node_id is None:
            raise NotFound
        signatures = _signatures(session, earlier, definition)
    submitted = earlier[-1]
    form = definition.form(node_id)
    body = Markup("")
    if form:
        known = view.history.after(seq - 1).seen_by(submitted.wait)
        body = forms.printed(form, submitted.values, known, language=language(), environment=form_environment())
    return _page(_paper(definition, node_id, form, body, number=number, seq=seq, signatures=signatures))


@pages.get("/blank/<key>/<node_id>")
@login_required
def blank(key: str, node_id: str) -> str:
    """A copy to write on, of a form in force, for who may start or see the process."""
    with services().db.reading() as session:
        definition = in_force(session, key).definition
    if not current_actor().may(f"start:{key}"):
        current_actor().require(f"see:{key}")
    form = definition.form(node_id) if node_id in definition.diagram.nodes else None
    if form is None:
        raise NotFound
    body = forms.printed_blank(form, language=language(), environment=form_environment())
    return _page(_paper(definition, node_id, form, body))


@pages.get("/<number>/code.svg")
@login_required
def code(number: str) -> Response:
    """The QR code that leads to the case."""
    with services().db.reading() as session:
        find_case(session, current_actor(), number)
    drawn = io.BytesIO()
    address = public_address(url_for("cases.show", number=number))
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True, scale=4)
    return Response(drawn.getvalue(), content_type="image/svg+xml")


def _node(entry: Step, definition: Definition) -> str | None:
    """The node whose form an entry submitted; None when it submitted none."""
    if entry.kind not in SUBMITTED:
        return None
    node_id = entry.node
    return node_id if node_id in definition.diagram.nodes else None


def _signatures(session: Session, entries: Sequence[Step], definition: Definition) -> list[Signature]:
    """Who has signed, in order; of a step that somebody did again only the last time counts."""
    names = directory.names(session, story.people_in(entries), language())
    last: dict[tuple[str, str], Signature] = {}
    for entry in entries:
        node_id = _node(entry, definition)
        if node_id is not None:
            name = story.actor_name(entry, names)
            last.pop((node_id, name), None)
            last[node_id, name] = Signature(story.node_name(definition, node_id), name, entry.at)
    return list(last.values())


def _paper(definition: Definition, node_id: str, form: forms.Form | None, body: Markup, **more: Any) -> Paper:
    node, diagram = definition.diagram.nodes[node_id], definition.diagram
    cited = dict.fromkeys((*node.clauses, *(diagram.clauses if node.type == "startEvent" else ())))
    process = diagram.name if language() == "zh" else diagram.name_en or diagram.name
    return Paper(
        title=(form.title.text(language()) if form else "") or story.node_name(definition, node_id),
        process=process,
        body=body,
        clauses=[clause for clause in map(services().register.clause, cited) if clause],
        **more,
    )


def _page(paper: Paper) -> str:
    return render_template("documents/paper.html", paper=paper, printed_at=services().now())
