"""What forms on pages may use of the outside: lists to pick records from, files people have added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, g, jsonify, request, url_for
from werkzeug.wrappers import Response

from company.files import attachments
from company.files.types import runs
from company.people import directory
from company.records.kinds import RECORD_KINDS
from company.records.sources import record_source
from engine import forms
from engine.actor import Actor
from engine.feel.budget import Allowance
from engine.forms.words import Words
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
    source = SOURCES.get(request.args.get("source", ""))
    found = source(request.args.get("q", "")[:100]) if source else ()
    if request.args.get("by") == "id":
        return jsonify([[option.text, option.label.text(language())] for option in found[:SHOWN]])
    return jsonify([_said(option) for option in found[:SHOWN]])


def _said(option: forms.Option) -> str | list[str]:
    label = option.label.text(language())
    return [label, option.more.text(language())] if option.more else label


def outside() -> forms.FormEnvironment:
    """Record lists and files, as the person of this request may use them; time is added by whoever judges."""
    return forms.FormEnvironment(
        sources=SOURCES, files=_own_file, address=_address, thumbnail=_thumbnail, allowance=allowance()
    )


def allowance() -> Allowance:
    """What all expressions of this request may take together."""
    if "allowance" not in g:
        g.allowance = Allowance()
    found: Allowance = g.allowance
    return found


def _people(searched: str) -> Sequence[forms.Option]:
    with services().db.reading() as session:
        page = directory.find_people(session, search=searched, active=True, limit=100)
    return _named(page.items)


def _people_in(lane: str) -> forms.Source:
    """Who works in a lane."""

    def search(searched: str) -> Sequence[forms.Option]:
        with services().db.reading() as session:
            return _named(directory.holders(session, f"work:{lane}", searched))

    return search


def _named(found: Iterable[directory.Person]) -> list[forms.Option]:
    return [forms.Option(person.id, Words(person.name, person.name_en)) for person in found]


def _records(kind: str) -> forms.Source:
    """The records of a kind, for whoever may read them: nobody else, customers on the portal least of all."""

    def search(searched: str) -> Sequence[forms.Option]:
        actor: Actor | None = g.get("actor")
        if actor is None or not actor.may(RECORD_KINDS[kind].reading):
            return ()
        return record_source(services().db, kind)(searched)

    return search


class Lists(Mapping[str, forms.Source]):
    """Lists by name: those given, and for every lane those who work in it, as `people/<lane>`."""

    def __init__(self, given: Mapping[str, forms.Source]) -> None:
        self._given = given

    def __getitem__(self, name: str) -> forms.Source:
        kind, _, lane = name.partition("/")
        return _people_in(lane) if kind == "people" and lane and lane.isprintable() else self._given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


SOURCES = Lists({"people": _people, **{kind: _records(kind) for kind in RECORD_KINDS}})
"""The lists that `cf-record` and `cf-person` fields may name, in one place."""


def _own_file(sent: str) -> forms.FileRef | None:
    """A file this person added, called as the post calls it: the same bytes may have another name elsewhere."""
    sha256, _, name = sent.partition("/")
    with services().db.reading() as session:
        found = attachments.usable(session, current_actor(), sha256)
    if found is None:
        return None
    called = attachments.clean_name(name)
    return {**found.reference, "name": called} if name and not runs(called) else found.reference


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
