"""Every opening of a case by a person is noted, once the page is on its way: looking never waits for the note.

Which case it was is taken from what the queries loaded (`engine.queries.opened`), never from what the address says.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from flask import Flask, g, request
from werkzeug.wrappers import Response

from engine.history.openings import note_opening, noted_since
from engine.queries import opened
from web.shared.services import Services, services

log = logging.getLogger("clauseflow.openings")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is opened at an endpoint. A `part` is what a page that is open asks for: noted if the page was not."""

    kind: str
    part: bool = False


CASE, TASK, REPLAY, DOCUMENT, ATTACHMENT = map(Shown, ("case", "task", "replay", "document", "attachment"))

PAGES = {
    "about.of_case": Shown("case", part=True),
    "about.of_task": Shown("task", part=True),
    "attachments.download": ATTACHMENT,
    "attachments.thumbnail": Shown("attachment", part=True),
    "audit.diagram": Shown("replay", part=True),
    "audit.frame": Shown("replay", part=True),
    "audit.replay": REPLAY,
    "audit.verify": Shown("audit"),
    "cases.show": CASE,
    "documents.code": Shown("document", part=True),
    "documents.show": DOCUMENT,
    "interventions.ask_data": CASE,
    "interventions.ask_skip": CASE,
    "interventions.choose_data": CASE,
    "interventions.choose_move": CASE,
    "interventions.correct": CASE,
    "interventions.move": CASE,
    "interventions.skip": CASE,
    "portal.progress": Shown("progress"),
    "presence.renew": Shown("task", part=True),
    "tasks.choose_delegate": TASK,
    "tasks.evaluate": Shown("task", part=True),
    "tasks.quick": TASK,
    "tasks.show": TASK,
    "tasks.submit": TASK,
}
"""Every endpoint that shows a case, also when it refuses a post and shows the page again."""

GO_ON = frozenset({"cases.cancel", "cases.resume", "cases.retry", "cases.suspend", "comments.write", "tasks.claim",
                   "tasks.delegate", "tasks.release"})  # fmt: skip
"""Endpoints that load a case only to act on it, and then lead to a page or say a sentence."""

PART_OF = timedelta(hours=1)
"""For how long what a page asks for belongs to its opening."""

ANSWERED = frozenset({200, 409, 422})
"""What answers that show a case carry; all others are a way on or a sentence."""


def register(app: Flask) -> None:
    """Note openings behind every answer that shows a case."""

    @app.before_request
    def watch() -> None:
        g.opened = opened.watch()

    @app.after_request
    def note(answer: Response) -> Response:
        endpoint = request.endpoint or ""
        numbers = g.get("opened")
        if numbers and "actor" in g and answer.status_code in ANSWERED and endpoint not in GO_ON:
            shown = PAGES.get(endpoint, CASE)
            for number in sorted(numbers):
                answer.call_on_close(partial(_note, services(), g.actor.id, shown, number))
        return answer


def _note(around: Services, person: str, shown: Shown, number: str) -> None:
    """Add the row; what cannot be written is at least in the log."""
    try:
        now = around.now()
        if shown.part:
            with around.db.reading() as session:
                if noted_since(session, now - PART_OF, person, number, shown.kind):
                    return
        note_opening(around.db, now, person, number, shown.kind)
    except Exception:
        log.exception("opening not noted person=%s page=%s case=%s", person, shown.kind, number)
