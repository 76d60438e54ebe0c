"""What forms on pages may use of the outside: lists to pick records from, files people have added."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, g, jsonify, request, url_for
from werkzeug.wrappers import Response

from company.files import attachments
from company.form_environment import Lists, form_environment
from engine import forms
from engine.feel.budget import Allowance
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("outside", __name__)

SHOWN = 20
"""Suggestions while somebody types."""


@pages.get("/options")
@login_required
def options() -> Response:
    """Labels of a list's records that match `q`, with what more is said; with `by=id` each id with its label."""
    source = Lists(services().db, current_actor()).get(request.args.get("source", ""))
    found = source(request.args.get("q", "")[:100]) if source else ()
    if request.args.get("by") == "id":
        return jsonify([[option.text, option.label.text(language())] for option in found[:SHOWN]])
    return jsonify([_said(option) for option in found[:SHOWN]])


def _said(option: forms.Option) -> str | list[str]:
    label = option.label.text(language())
    return [label, option.more.text(language())] if option.more else label


def outside() -> forms.FormEnvironment:
    """Record lists and files, as the person of this request may use them; time is added by whoever judges."""
    usable = form_environment(services().db, g.get("actor"))
    return replace(usable, address=_address, thumbnail=_thumbnail, allowance=allowance())


def allowance() -> Allowance:
    """What all expressions of this request may take together."""
    if "allowance" not in g:
        g.allowance = Allowance()
    found: Allowance = g.allowance
    return found


def _place() -> dict[str, Any]:
    """The task, the case or the record whose page this is, in whose name its files are served."""
    view = request.view_args or {}
    record = (
        f"{view['kind']}/{view['key']}" if request.blueprint == "records" and {"kind", "key"} <= view.keys() else ""
    )
    named = {"task": view.get("task_id"), "case": view.get("number"), "record": record}
    return {name: value for name, value in named.items() if value}


def _address(file: forms.FileRef) -> str:
    return url_for("attachments.download", sha256=file["sha256"], name=file["name"], **_place())


def _thumbnail(file: forms.FileRef) -> str:
    if file["type"] not in attachments.PICTURES:
        return ""
    return url_for("attachments.thumbnail", sha256=file["sha256"], **_place())
