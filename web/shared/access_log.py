"""The access log of pages: every opening of a case is noted once its page is on its way, so looking never waits for it.

Which case it was is taken from what the queries loaded (`engine.queries.opened`), never from what the address says.
A note that cannot be written now, as while another program holds SQLite, is kept and written with the next.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from flask import Flask, g, request
from werkzeug.wrappers import Response

from engine.database import MOMENT
from engine.history.access_log import Opening, note_openings, noted_since
from engine.queries import opened
from web.shared.services import Services, services

log = logging.getLogger("clauseflow.access_log")


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

    waiting: deque[Opening] = deque()

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
                answer.call_on_close(partial(_note, services(), waiting, g.actor.id, shown, number))
        return answer


def _note(around: Services, waiting: deque[Opening], person: str, shown: Shown, number: str) -> None:
    """Add the row, and those that wait; what cannot be written waits in its turn, and stands in the log."""
    opening = Opening(around.now(), person, number, shown.kind)
    try:
        if not shown.part or not _is_noted(around, waiting, opening):
            waiting.append(opening)
        _write(around, waiting)
    except Exception:
        log.exception("opening not noted yet person=%s page=%s case=%s", person, shown.kind, number)


def _is_noted(around: Services, waiting: Iterable[Opening], part: Opening) -> bool:
    since = part.at - PART_OF
    if any(one[1:] == part[1:] and one.at >= since for one in tuple(waiting)):
        return True
    with around.db.reading() as session:
        return noted_since(session, since, part.person, part.number, part.page)


def _write(around: Services, waiting: deque[Opening]) -> None:
    """Write all that waits in one transaction, trying for a moment only; it waits on if that fails."""
    rows: list[Opening] = []
    try:
        while waiting:
            rows.append(waiting.popleft())
    except IndexError:
        pass  # another thread took the last ones
    try:
        if rows:
            around.db.write(lambda session: note_openings(session, rows), patience=MOMENT)
    except BaseException:
        waiting.extendleft(reversed(rows))
        raise
