"""Files that come with a form: stored only for people who are logged in, and named in the post by SHA-256."""

from __future__ import annotations

from flask import Blueprint, g, request
from werkzeug.datastructures import FileStorage

from company import sessions
from company.attachments import keep
from engine import forms
from engine.errors import ClauseflowError, Problem
from engine.forms.kinds.files import FileSettings
from engine.forms.posting import Post
from web.auth import COOKIE
from web.services import services

pages = Blueprint("uploads", __name__)

MAX_UPLOAD = 200_000_000
"""Bytes of a form with all its files; each field has limits of its own. The files stream to disk."""


@pages.before_app_request
def allow_files() -> None:
    """Take large bodies only where files may come, and only from people who are known or were until lately.

    The files of an ended session are read past and not kept, but what was typed beside them goes over the log-in.
    """
    if request.mimetype == "multipart/form-data" and ("actor" in g or _was_known()):
        request.max_content_length = MAX_UPLOAD


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


def _was_known() -> bool:
    token = request.cookies.get(COOKIE)
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
