"""Administration: what stands still everywhere, and what the clock starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.people import audit_log
from engine.bpmn import Definition
from engine.commands import retry_message, retry_schedule
from engine.errors import ClauseflowError
from engine.history.definitions import all_in_force
from engine.history.schedules import all_schedules
from engine.queries import Incident, incidents
from engine.queries.schedules import schedule_views
from engine.session import Session
from web.cases.dossier import incident_words
from web.shared import refusals
from web.shared.language import in_language
from web.shared.services import services
from web.shared.signed_in import current_actor
from web.shared.words import story

pages = Blueprint("running", __name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An incident in words."""

    incident: Incident
    process: str
    what: str
    why: str


@pages.get("/incidents", endpoint="incidents")
def list_incidents() -> str:
    """Everything that stands still, the oldest first."""
    with services().db.reading() as session:
        found = incidents(session, current_actor())
        versions = {deployed.key: deployed.definition for deployed in all_in_force(session)}
    return render_template("admin/incidents.html", troubles=[_told(each, versions.get(each.key)) for each in found])


@pages.get("/schedules", endpoint="schedules")
def list_schedules() -> str:
    """When the clock starts what, and what it started last."""
    with services().db.reading() as session:
        found = schedule_views(session)
    lines = [(view, story.node_name(view.definition, view.schedule.node_id),
              incident_words(view.schedule.failure or {})) for view in found]  # fmt: skip
    return render_template("admin/schedules.html", lines=lines, now=services().now())


@pages.post("/schedules/<int:number>/retry", endpoint="retry_schedule")
def try_schedule(number: int) -> Response:
    """Let a schedule that stands still go on."""
    with services().db.reading() as session:
        named = {each.id: each for each in all_schedules(session)}.get(number)
    subject = f"{named.key} {named.node_id}" if named else str(number)
    return _retry(retry_schedule, "retry_schedule", number, subject, "admin.running.schedules")


@pages.post("/messages/<int:number>/retry", endpoint="retry_message")
def try_message(number: int) -> Response:
    """Have a refused message delivered again."""
    return _retry(retry_message, "retry_message", number, str(number), "admin.running.incidents")


def _retry(command: Callable[..., None], act: str, number: int, subject: str, back: str) -> Response:
    """Try again, with a row in the log of administrators' acts; a refusal is said on the list."""
    actor, now, reason = current_actor(), services().now(), request.form.get("reason", "")[:1000]

    def try_again(session: Session) -> None:
        command(session, actor, number, reason)
        audit_log.record(session, actor, now, act, subject, {"reason": reason.strip()})

    try:
        services().db.write(try_again)
    except ClauseflowError as refused:
        flash(refusals.sentence(refused), "problem")
    else:
        flash(_("已安排重试。"), "ok")
    return redirect(url_for(back), 303)


def _told(incident: Incident, definition: Definition | None) -> Trouble:
    diagram = definition.diagram if definition else None
    process = in_language(diagram.name, diagram.name_en) if diagram else incident.key
    message = str(incident.facts.get("message", ""))
    what = story.node_name(definition, incident.node_id) if definition and incident.node_id else incident.node_id
    return Trouble(incident, process, what or _("消息“%(name)s”", name=message), incident_words(incident.facts))
