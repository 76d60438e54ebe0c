"""Pages for designers: forms of deployed processes, changed as drafts that nobody works by yet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from company.form_drafts import FormDraft, discard_draft, drafts_of, save_draft
from engine import forms
from engine.errors import Problem, Refused
from engine.history.definitions import Deployed, all_in_force, in_force
from engine.session import Session
from web.shared.forms.sheet import form_environment
from web.shared.language import language
from web.shared.security import CONTENT_POLICY
from web.shared.services import services
from web.shared.signed_in import current_actor, turned_away
from web.shared.words import story

pages = Blueprint("design", __name__, url_prefix="/design")

EDITOR_POLICY = f"{CONTENT_POLICY}; frame-src 'self'"
"""The editor shows the preview in a frame; its styles need no more than those of other pages."""

PREVIEW_POLICY = CONTENT_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@dataclass(frozen=True, slots=True)
class FormFile:
    """A form of a process in force: the steps that use it, and this person's draft of it."""

    path: str
    key: str
    name: str
    steps: Sequence[str]
    content: bytes
    draft: FormDraft | None

    @property
    def text(self) -> str:
        """What the editor opens with."""
        return self.draft.content if self.draft else self.content.decode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def outdated(self) -> bool:
        """Whether another version was deployed since the draft was begun."""
        return self.draft is not None and self.draft.base != self.digest


@pages.before_request
def designers_only() -> ResponseReturnValue | None:
    """Nobody else sees or does anything here."""
    answer = turned_away()
    if answer is None:
        current_actor().require("deploy")
    return answer


@pages.get("/forms")
def choose() -> str:
    """The forms of every process in force."""
    with services().db.reading() as session:
        drafts = drafts_of(session, current_actor().id)
        found = [(deployed.definition.diagram, _files(deployed, drafts)) for deployed in all_in_force(session)]
    return render_template("design/forms.html", processes=found)


@pages.get("/forms/<key>/<name>")
def edit(key: str, name: str) -> Response:
    """The editor of one form, opened with the person's draft if there is one."""
    file = _file(key, name)
    answer = make_response(render_template("design/form.html", file=file, problems=_judged(file.text, file.path)[1]))
    answer.headers["Content-Security-Policy"] = EDITOR_POLICY
    return answer


@pages.post("/forms/<key>/<name>")
def save(key: str, name: str) -> Response:
    """Keep the draft, whatever is still wrong with it."""
    file = _file(key, name)
    base = file.draft.base if file.draft else file.digest
    draft = FormDraft(file.path, request.form.get("schema", ""), base, services().now())
    save_draft(services().db, current_actor(), draft)
    flash(_("草稿已保存。部署之前，大家仍按原来的表单办事。"), "ok")
    return redirect(url_for("design.edit", key=key, name=name), 303)


@pages.post("/forms/<key>/<name>/discard")
def discard(key: str, name: str) -> Response:
    """Drop the draft and go back to what is deployed."""
    discard_draft(services().db, current_actor(), _file(key, name).path)
    flash(_("草稿已放弃。"), "ok")
    return redirect(url_for("design.edit", key=key, name=name), 303)


@pages.post("/forms/<key>/<name>/preview")
def preview(key: str, name: str) -> Response:
    """What is in the editor as staff would see it, below everything that is wrong with it."""
    form, problems = _judged(request.form.get("schema", ""), _file(key, name).path)
    environment = form_environment()
    controls = Markup("")
    if form:
        values = forms.initial(form, {}, environment)
        controls = forms.render(form, values, {}, language=language(), environment=environment)
    answer = make_response(render_template("design/preview.html", controls=controls, problems=problems))
    answer.headers["Content-Security-Policy"] = PREVIEW_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _judged(text: str, path: str) -> tuple[forms.Form | None, list[Problem]]:
    """The form as read, None when it cannot be, and what a lint finds."""
    try:
        form = forms.read(text.encode("utf-8", "replace"), path)
    except Refused as refused:
        return None, refused.problems
    return form, forms.lint(form)


def _file(key: str, name: str) -> FormFile:
    with services().db.reading() as session:
        found = _files(in_force(session, key), _drafts(session))
    file = next((file for file in found if file.name == name), None)
    if file is None:
        raise NotFound
    return file


def _drafts(session: Session) -> dict[str, FormDraft]:
    return drafts_of(session, current_actor().id)


def _files(deployed: Deployed, drafts: dict[str, FormDraft]) -> list[FormFile]:
    definition = deployed.definition
    steps: dict[str, list[Any]] = {}
    for node_id in definition.diagram.nodes:
        form = definition.form(node_id)
        if form:
            steps.setdefault(form.file, []).append(story.node_name(definition, node_id))
    return [
        FormFile(
            path=path,
            key=deployed.key,
            name=path.rpartition("/")[2].removesuffix(".form"),
            steps=steps.get(path, []),
            content=content,
            draft=drafts.get(path),
        )
        for path, content in sorted(definition.files.items())
        if path.endswith(".form")
    ]
