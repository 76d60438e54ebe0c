"""Files that come with a form: taken only from people who are logged in."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_cookie

from company.files.receiving import Receiver, SentFile
from company.people import sessions
from engine import forms
from engine.errors import Problem
from engine.forms.judge.posting import Post
from web.shared.forms.multipart import BoundedRequest
from web.shared.services import services
from web.shared.signed_in import COOKIE

pages = Blueprint("uploads", __name__)

MAX_BODY = 1_000_000
"""Bytes of a posted form without files."""
MAX_UPLOAD = 200_000_000
"""Bytes of a form with all its files; each field has limits of its own. The files stream to disk."""

MAX_TEXT = 2 * MAX_BODY
"""Of those, bytes that are no file: all texts together, with what parts them."""

TAKING_FILES = frozenset({"interventions.correct", "records.take_sheet", "start.submit", "tasks.submit"})
"""The endpoints that take files, and so large bodies, from people who are known or were until lately."""


@pages.before_app_request
def allow_files() -> None:
    """Take large bodies only where files may come, and only from whom.

    The files of an ended session are read past and not kept, but what was typed beside them goes over the log-in.
    """
    if request.endpoint not in TAKING_FILES or request.mimetype != "multipart/form-data":
        return  # other bodies would lie in memory, whatever they hold
    if "actor" in g or _was_known(request.cookies.get(COOKIE)):
        request.max_content_length = MAX_UPLOAD
        cast(BoundedRequest, request).max_text_bytes = MAX_TEXT


def takes_files(app: Flask, method: str, path: str) -> bool:
    """Whether an address takes files, for a server that has read no more than the header."""
    try:
        return app.url_map.bind("").match(path, method)[0] in TAKING_FILES
    except HTTPException:
        return False


def is_known(app: Flask, cookies: str) -> bool:
    """Whether the sender of these cookies is logged in, or was until lately."""
    token = parse_cookie(cookies).get(COOKIE)
    if not token:
        return False
    with app.app_context():
        with services().db.reading() as session:
            login = sessions.session_person(session, token, services().now())
        return login is not None or _was_known(token)


@pages.teardown_app_request
def close_files(_error: BaseException | None) -> None:
    """Give back the temporary files at once, also those of a request that was refused."""
    request.close()


def receive(form: forms.Form, post: Post) -> tuple[Post, list[Problem]]:
    """The post with SHA-256 and name of each file of this request, now stored, at its field; and what was not taken."""
    around = services()
    sent = [SentFile(name, file.filename or "", file.stream) for name, file in request.files.items(multi=True)]
    return Receiver(around.db, around.files, g.actor, around.now()).receive(form, post, sent)


def _was_known(token: str | None) -> bool:
    if not token:
        return False
    with services().db.reading() as session:
        return sessions.ran_out_lately(session, token, services().now())
