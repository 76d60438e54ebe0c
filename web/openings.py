"""Every opening of a case by a person is noted, once the page is on its way: looking never waits for the note."""

from __future__ import annotations

import logging
from functools import partial

from flask import Flask, g, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from engine.history.openings import note_opening
from engine.session import Session
from engine.tables import instances
from engine.task_id import TaskId
from web.services import Services, services

log = logging.getLogger("clauseflow.openings")

PAGES = {
    "cases.show": "case",
    "interventions.choose_data": "case",
    "interventions.ask_data": "case",
    "interventions.ask_skip": "case",
    "tasks.show": "task",
    "tasks.quick": "task",
    "audit.replay": "replay",
    "audit.verify": "audit",
    "documents.show": "document",
    "attachments.download": "attachment",
    "attachments.thumbnail": "attachment",
}
"""Endpoint -> what is opened there. Frames of a replay that is open are no openings of their own."""


def register(app: Flask) -> None:
    """Note openings behind every answer that shows a case."""

    @app.after_request
    def note(answer: Response) -> Response:
        page = PAGES.get(request.endpoint or "")
        if page and request.method == "GET" and answer.status_code == 200 and getattr(g, "actor", None):
            named = {**request.args, **(request.view_args or {})}
            case = str(named.get("number") or named.get("case") or "")
            task = str(named.get("task_id") or named.get("task") or "")
            if case or task:
                answer.call_on_close(partial(_note, services(), g.actor.id, page, case, task))
        return answer


def _note(around: Services, person: str, page: str, number: str, task: str) -> None:
    """Add the row; what cannot be written is at least in the log."""
    try:
        now = around.now()
        around.db.write(lambda session: note_opening(session, now, person, number or _number(session, task), page))
    except Exception:
        log.exception("opening not noted person=%s page=%s case=%s task=%s", person, page, number, task)


def _number(session: Session, task: str) -> str:
    query = select(instances.c.number).where(instances.c.id == TaskId.parse(task).instance_id)
    return str(session.execute(query).scalar_one())
