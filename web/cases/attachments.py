"""Downloading files: with the right to see the case, task or record they belong to, or as the one who added them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Blueprint, request
from werkzeug.wrappers import Response

from company.files.attachments import Attachment, NoSuchFile, references, referred, usable
from company.files.pictures import THUMBNAIL_TYPE
from company.records.kinds import kind_of
from company.records.save import history, record
from engine.errors import ClauseflowError
from engine.history.reading_steps import steps_of
from engine.queries import find_case, task
from engine.session import Session
from engine.task_id import TaskId
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("attachments", __name__, url_prefix="/attachments")

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Nothing in a file runs, loads or submits anything, whatever it is and however it is opened."""


@pages.get("/<sha256>")
@login_required
def download(sha256: str) -> Response:
    """The file, to be saved, never shown in the page's own name. `case`, `task` or `record` says where it belongs."""
    found = _found(sha256)
    answer = _answer(services().files.read(found.sha256), found.type)
    answer.content_length = found.size
    named = "".join(c if " " < c < "\x7f" and c not in '"\\;%' else "_" for c in found.name)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{named}\"; filename*=UTF-8''{quote(found.name)}"
    return answer


@pages.get("/<sha256>/thumbnail")
@login_required
def thumbnail(sha256: str) -> Response:
    """A small picture of a photo, drawn anew by us."""
    found = _found(sha256)
    if not found.picture:
        raise NoSuchFile
    return _answer(services().files.read(found.sha256, "thumbnails"), THUMBNAIL_TYPE)


def _answer(content: Iterator[bytes], type_: str) -> Response:
    answer = Response(content, content_type=type_)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _found(sha256: str) -> Attachment:
    """The file if this person may have it, as its case or task calls it; `name` says which, if it has several there.

    Raises NoSuchFile, and what the case or the task refuses with.
    """
    with services().db.reading() as session:
        own = usable(session, current_actor(), sha256)
        try:
            there = [reference for reference in references(_values(session)) if reference["sha256"] == sha256]
        except ClauseflowError:
            if own is None:
                raise
            there = []
        if there:
            wanted = request.args.get("name")
            return referred(session, next((each for each in there if each["name"] == wanted), there[0]))
    if own is None:
        raise NoSuchFile
    return own


def _values(session: Session) -> Any:
    """Every value that the page named in the address may show: of a case, a task with its case's story, a record."""
    actor = current_actor()
    if number := request.args.get("case"):
        return _told(session, find_case(session, actor, number).id)
    if task_id := request.args.get("task"):
        view = task(session, actor, TaskId.parse(task_id))
        return [dict(view.variables), *_told(session, view.case.id)]
    if place := request.args.get("record"):
        kind_key, _slash, key = place.partition("/")
        kind = kind_of(kind_key)
        actor.require(kind.reading)
        return [dict(record(session, kind, key).values), *(dict(each.values) for each in history(session, kind, key))]
    return None


def _told(session: Session, case_id: int) -> list[Any]:
    """What history says was entered, brought or computed."""
    told = steps_of(session, case_id)
    computed = [written.value for step in told for written in step.writes]
    return [*(dict(entry.values) for entry in told), *computed]
