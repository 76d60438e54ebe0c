"""Business records: lists with search, each record with its history, forms to write them, Excel in and out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as words
from werkzeug.wrappers import Response

from company import stock
from company.people import directory
from company.records.conditions import NotAsked, askable
from company.records.kinds import RECORD_KINDS, RecordKind, kind_of
from company.records.rows import MOST_ROWS
from company.records.save import (
    SAVED,
    Change,
    InvalidRecord,
    Record,
    RecordChanged,
    history,
    record,
    require_keeper,
    save_record,
    set_archived,
)
from company.records.sheet import exported
from company.records.sheet_import import import_sheet
from engine.errors import ClauseflowError
from engine.queries.paging import Page
from web.records.relations import relations_of
from web.records.search import RecordSearch, columns_of
from web.shared.forms.sheet import Sheet, draft_key, form_environment
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("records", __name__, url_prefix="/records")

Answer = str | tuple[str, int] | Response
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ACTS = {
    "create": words("建档"),
    "change": words("修改"),
    "import": words("导入"),
    "archive": words("归档停用"),
    "restore": words("恢复使用"),
}
"""What a version came from."""

OPERATORS = {
    "contains": words("包含"),
    "is": words("等于"),
    "least": words("不小于 / 不早于"),
    "most": words("不大于 / 不晚于"),
    "empty": words("未填写"),
}
"""What a condition on a field asks."""


@dataclass(frozen=True, slots=True)
class Version:
    """One change in words: what differs from the version before, as (label, before, after)."""

    act: Any
    at: datetime
    by: str
    differences: list[tuple[str, str, str]]


@pages.get("")
@login_required
def choose() -> Response:
    """The first kind the person may read."""
    kinds = _readable()
    if not kinds:
        current_actor().require("records:*")
    return redirect(url_for("records.search", kind=kinds[0].key), 303)


@pages.get("/<kind>")
@login_required
def search(kind: str) -> str:
    """The records of a kind."""
    wanted = _kind(kind)
    asked, refused = RecordSearch.asked(wanted), ""
    with services().db.reading() as session:
        try:
            page = asked.found(session, wanted)
        except NotAsked as error:
            page, refused = Page([], None), error.text(language())
    lines = [(found, _cells(wanted, found)) for found in page.items]
    return _page("records/list.html", wanted, asked=asked, page=page, lines=lines, refused=refused,
                 columns=[wanted.form.level.by_key[key] for key in columns_of(wanted)],
                 fields=askable(wanted), operators=OPERATORS)  # fmt: skip


@pages.get("/<kind>/export")
@login_required
def export(kind: str) -> Response:
    """All that the list would show on its pages, as an Excel workbook whose name says how many they are."""
    wanted = _kind(kind)
    with services().db.reading() as session:
        session.repeatable()
        book = exported(wanted, RecordSearch.asked(wanted).found_all(session, wanted), language())
    answer = Response(book.content, content_type=WORKBOOK)
    answer.headers["Content-Disposition"] = f'attachment; filename="{wanted.key}-{book.count}.xlsx"'
    return answer


@pages.get("/<kind>/import")
@login_required
def choose_sheet(kind: str) -> str:
    """Where a workbook is handed in."""
    return _page("records/import.html", _kept(kind), most_rows=MOST_ROWS)


@pages.post("/<kind>/import")
@login_required
def take_sheet(kind: str) -> Answer:
    """Import a workbook: all of it, or nothing and every reason."""
    wanted = _kept(kind)
    file = request.files.get("sheet")
    content = file.stream if file else io.BytesIO()
    try:
        done = import_sheet(services().db, current_actor(), services().now(), wanted, content, form_environment())
    except ClauseflowError as refused:
        problems = refused.facts.get("problems", ())
        sentence = None if problems else refused.text(language())
        status = refused.status if problems else 422
        return _page("records/import.html", wanted, problems=problems, refused=sentence, most_rows=MOST_ROWS), status
    flash(_("已导入：新增 %(added)d 份，修改 %(changed)d 份。", added=done.added, changed=done.changed), "ok")
    return redirect(url_for("records.search", kind=kind), 303)


@pages.get("/<kind>/new")
@login_required
def new(kind: str) -> str:
    """An empty record; values in the address fill it in, so that others can suggest them."""
    wanted = _kept(kind)
    given = {key: value[:4000] for key, value in request.args.items() if key in wanted.form.keys}
    sheet = Sheet(wanted.form, {SAVED: False, **given})
    return _edit_page(wanted, None, sheet.draw())


@pages.post("/<kind>/new")
@login_required
def create(kind: str) -> Answer:
    """Write a new record down."""
    return _save(_kept(kind), None)


@pages.get("/<kind>/<key>")
@login_required
def show(kind: str, key: str) -> str:
    """One record: what it holds, what belongs to it, and how it came to be so."""
    wanted = _kind(kind)
    with services().db.reading() as session:
        found = record(session, wanted, key)
        changes = history(session, wanted, key)
        relations = relations_of(session, current_actor(), found)
        names = directory.names(session, {change.by for change in changes}, language())
    return _page("records/show.html", wanted, record=found, facts=_facts(wanted, found), lists=_lists(wanted, found),
                 relations=relations, versions=_versions(wanted, changes), names=names)  # fmt: skip


@pages.get("/<kind>/<key>/edit")
@login_required
def edit(kind: str, key: str) -> str:
    """A record's form."""
    wanted = _kept(kind)
    with services().db.reading() as session:
        found = record(session, wanted, key)
    require_keeper(current_actor(), wanted, found.values)
    return _edit_page(wanted, found, _sheet(wanted, found).draw())


@pages.post("/<kind>/<key>/edit")
@login_required
def change(kind: str, key: str) -> Answer:
    """Change a record."""
    wanted = _kept(kind)
    with services().db.reading() as session:
        found = record(session, wanted, key)
    return _save(wanted, found)


@pages.post("/<kind>/evaluate")
@login_required
def evaluate(kind: str) -> Response:
    """How a record's form stands with what is typed so far (for the page's script)."""
    wanted = _kept(kind)
    return jsonify(Sheet(wanted.form, {SAVED: "saved" in request.args}).evaluate())


@pages.post("/<kind>/<key>/archive")
@login_required
def archive(kind: str, key: str) -> Response:
    """Put a record away, or take it out again."""
    away = request.form.get("archived") == "1"
    set_archived(services().db, current_actor(), services().now(), _kept(kind), key, archived=away)
    flash(_("已归档停用，仍可查到。") if away else _("已恢复使用。"), "ok")
    return redirect(url_for("records.show", kind=kind, key=key), 303)


@pages.post("/parts/<key>/movement")
@login_required
def move(key: str) -> Response:
    """Enter by hand that a part came in or went out."""
    _kept("parts")
    way, note = request.form.get("way", ""), request.form.get("note", "").strip()[:200]
    quantity = _quantity(request.form.get("quantity", ""))
    back = redirect(url_for("records.show", kind="parts", key=key), 303)
    if way not in ("in", "out") or quantity is None:
        flash(_("请写明入库或出库，以及大于零、最多三位小数的数量。"), "problem")
        return back
    stock.enter(services().db, current_actor(), services().now(), key, "in" if way == "in" else "out", quantity, note)
    flash(_("已登记。"), "ok")
    return back


def _quantity(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    fits = found.is_finite() and 0 < found < Decimal(10) ** 9
    return found if fits and found == found.quantize(Decimal("0.001")) else None


def _save(kind: RecordKind, before: Record | None) -> Answer:
    sheet = _sheet(kind, before)
    raw = sheet.posted()
    redrawn = sheet.with_row_button(raw)
    if redrawn is not None:
        return _edit_page(kind, before, redrawn)
    version = request.form.get("_version", type=int) if before else None
    try:
        key = save_record(services().db, current_actor(), services().now(), kind, raw, form_environment(),
                          key=before.key if before else None, version=version)  # fmt: skip
    except InvalidRecord as refused:
        return _edit_page(kind, before, sheet.draw(raw, refused.problems)), 422
    except RecordChanged as refused:
        return _edit_page(kind, before, sheet.draw(raw), refused), 409
    flash(_("已保存。"), "ok")
    flash(draft_key("record", kind.key, before.key if before else "new"), "draft")
    return redirect(url_for("records.show", kind=kind.key, key=key), 303)


def _kind(key: str) -> RecordKind:
    """The kind, when the person may read its records. Raises NoSuchKind, NotPermitted."""
    kind = kind_of(key)
    current_actor().require(kind.reading)
    return kind


def _kept(key: str) -> RecordKind:
    """The kind, when the person keeps records of it. Raises NoSuchKind, NotPermitted."""
    kind = kind_of(key)
    require_keeper(current_actor(), kind)
    return kind


def _readable() -> list[RecordKind]:
    return [kind for kind in RECORD_KINDS.values() if current_actor().may(kind.reading)]


def _sheet(kind: RecordKind, before: Record | None) -> Sheet:
    return Sheet(kind.form, {**(before.values if before else {}), SAVED: before is not None})


def _said(kind: RecordKind, values: dict[str, Any]) -> list[tuple[str, str]]:
    return Sheet(kind.form).said(values)


def _facts(kind: RecordKind, found: Record) -> list[tuple[str, str]]:
    """What is filled in, its lists apart."""
    lists = {field.key for field in kind.form.fields if field.row}
    shown = {key: value for key, value in found.values.items() if value is not None and key not in lists}
    return _said(kind, shown)


def _lists(kind: RecordKind, found: Record) -> list[tuple[str, list[str], list[list[str]]]]:
    """Each list that holds something: its name, the names of its columns, its rows."""
    shown = []
    for field in kind.form.fields:
        rows = found.values.get(field.key)
        if field.row and isinstance(rows, list) and rows:
            heads = [column.label.text(language()) for column in field.row.fields]
            said = [text for _label, text in _said(kind, {field.key: rows})[1:]]
            lines = [said[at : at + len(heads)] for at in range(0, len(said), len(heads))]
            shown.append((field.label.text(language()), heads, lines))
    return shown


def _cells(kind: RecordKind, found: Record) -> list[str]:
    shown = {key: found.values.get(key) for key in kind.columns}
    by_label = dict(_said(kind, shown))
    return [by_label.get(head, "") for head in _heads(kind)]


def _heads(kind: RecordKind) -> list[str]:
    return [kind.form.level.by_key[key].label.text(language()) for key in kind.columns]


def _versions(kind: RecordKind, changes: list[Change]) -> list[Version]:
    """The newest first, each beside the one before it."""
    found = []
    for place, change in enumerate(changes):
        older = changes[place + 1] if place + 1 < len(changes) else None
        found.append(Version(ACTS.get(change.act, change.act), change.at, change.by, _differences(kind, older, change)))
    return found


def _differences(kind: RecordKind, before: Change | None, after: Change) -> list[tuple[str, str, str]]:
    if before is None:
        return []
    old, new = dict(_said(kind, before.values)), dict(_said(kind, after.values))
    labels = dict.fromkeys((*old, *new))
    return [(label, old.get(label, ""), new.get(label, "")) for label in labels if old.get(label) != new.get(label)]


def _edit_page(kind: RecordKind, before: Record | None, controls: str, refused: ClauseflowError | None = None) -> str:
    draft = draft_key("record", kind.key, before.key if before else "new")
    why_not = refused.text(language()) if refused else None
    return _page("records/edit.html", kind, record=before, controls=controls, draft=draft, why_not=why_not)


def _page(template: str, kind: RecordKind, **context: Any) -> str:
    shown = context.get("record")
    facet = str(shown.values.get(kind.facet) or "") if shown else None
    may_edit = kind.kept_by(current_actor(), facet)
    return render_template(template, kind=kind, kinds=_readable(), may_edit=may_edit, **context)
