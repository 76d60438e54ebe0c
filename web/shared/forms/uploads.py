"""Files that come with a form: stored only for people who are logged in, and named in the post by SHA-256."""

from __future__ import annotations

from flask import Blueprint, Flask, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_cookie

from company.files.attachments import keep
from company.people import sessions
from engine import forms
from engine.errors import ClauseflowError, Problem
from engine.forms.judge.posting import Post
from engine.forms.kinds.files import FileSettings
from web.shared.services import services
from web.shared.signed_in import COOKIE

pages = Blueprint("uploads", __name__)

MAX_BODY = 1_000_000
"""Bytes of a posted form without files."""
MAX_UPLOAD = 200_000_000
"""Bytes of a form with all its files; each field has limits of its own. The files stream to disk."""

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


def receive(form: forms.Form, post: dict[str, list[str]]) -> tuple[Post, list[Problem]]:
    """The post with SHA-256 and name of each file of this request, now stored, at its field; and what was not taken."""
    problems: list[Problem] = []
    for name, file in request.files.items(multi=True):
        found = forms.field_at(form, name)
        if not file.filename or found is None or not isinstance(found[0].settings, FileSettings):
            continue
        settings = found[0].settings
        try:
            taken = _kept(file, settings)
        except ClauseflowError as refused:
            label = found[0].label
            zh, en = f"{label.text('zh')}：{refused.text('zh')}", f"{label.text('en')}: {refused.text('en')}"
            problems.append(Problem("form.upload", found[1], zh, en))
        else:
            # A field that holds one file takes the new one in place of the old one.
            post[name] = [*(post.get(name, []) if settings.most > 1 else []), taken]
    return post, problems


def _was_known(token: str | None) -> bool:
    if not token:
        return False
    with services().db.reading() as session:
        return sessions.ran_out_lately(session, token, services().now())


def _kept(file: FileStorage, settings: FileSettings) -> str:
    found = keep(
        services().db,
        services().files,
        g.actor,
        services().now(),
        file.stream,
        file.filename or "",
        megabytes=settings.megabytes,
        location=settings.location,
    )
    return f"{found.sha256}/{found.name}"
