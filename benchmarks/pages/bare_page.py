"""The yardstick of `http_pages`: a Flask page of about the same size whose POST writes the same rows, with no engine.

It lives in the same application, behind the same log-in and protection against forgery, and draws the same layout.
What it shows comes from rows as they lie there; what it writes was recorded while the engine worked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy import insert, select
from werkzeug.wrappers import Response

from benchmarks.cases.durable_step import write_rows
from company.people import directory
from engine.database import Database
from engine.tables import definition_files, definitions, entries, instances, waits
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import login_required

pages = Blueprint("bare", __name__, url_prefix="/bare", template_folder="templates")

CLAUSES = ("bk-3", "bk-11", "bk-13")
FIELDS: tuple[dict[str, Any], ...] = (
    {"key": "diagnosis_basis", "label": "诊断依据", "options": [("onsite", "现场诊断"), ("remote", "远程结论")]},
    {"key": "price", "label": "拟定服务价格", "hint": "按统一收费标准填写。"},
    {"key": "price_basis", "label": "定价标准与依据", "hint": "写明所用收费标准；不得把本方成本转嫁给用户。"},
    {"key": "request_kind", "label": "申请种类", "options": [("charge", "按价收费"), ("waiver", "申请免收")]},
    {"key": "waiver_grounds", "label": "申请免收的理由", "hint": "仅在申请免收时填写。"},
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the step of one case left: the case's row, the entry, the waits it opened and those it closed."""

    instance: dict[str, Any]
    entry: dict[str, Any]
    opened: list[dict[str, Any]]
    closed: list[dict[str, Any]]


def record(db: Database) -> dict[int, Recorded]:
    """The newest step of every case of a database, by case."""
    with db.reading() as session:
        cases = [dict(row) for row in session.execute(select(instances)).mappings()]
        found = [dict(row) for row in session.execute(select(waits)).mappings()]
        steps = {(row["instance_id"], row["seq"]): dict(row) for row in session.execute(select(entries)).mappings()}
    return {
        case["id"]: Recorded(
            case,
            steps[case["id"], case["seq"]],
            [row for row in found if (row["instance_id"], row["seq"]) == (case["id"], case["seq"])],
            [row for row in found if (row["instance_id"], row["closed_seq"]) == (case["id"], case["seq"])],
        )
        for case in cases
    }


def copy_cases(source: Database, target: Database) -> None:
    """Put the cases of a database, as they stand there, into an empty one."""
    for table in (definitions, definition_files, instances, entries, waits):
        with source.reading() as session:
            rows = [dict(row) for row in session.execute(select(table)).mappings()]
        target.write(lambda session: session.execute(insert(table), rows))  # noqa: B023


@pages.get("/<int:case_id>")
@login_required
def show(case_id: int) -> str:
    """The page: case, open task, what was said so far, a form."""
    with services().db.reading() as session:
        case = session.execute(select(instances).where(instances.c.id == case_id)).one()
        mine = waits.c.instance_id == case_id, waits.c.closed_at.is_(None)
        wait = session.execute(select(waits).where(*mine)).one()
        rows = session.execute(select(entries).where(entries.c.instance_id == case_id).order_by("seq")).all()
        names = directory.names(session, {row.actor for row in rows}, language())
    told = [
        {"seq": row.seq, "kind": row.kind, "at": row.at, "actor": names[row.actor], "rows": _said(row.input)}
        for row in rows
    ]
    return render_template(
        "bare.html",
        name=wait.node_id,
        case=case,
        wait=wait,
        told=told,
        known=[row for entry in told for row in entry["rows"]],
        path=[json.loads(row.effects)["path"] for row in rows],
        fields=FIELDS,
        clauses=[services().register.clause(clause) for clause in CLAUSES],
    )


@pages.post("/<int:case_id>")
@login_required
def submit(case_id: int) -> Response | tuple[str, int]:
    """Write the recorded rows, if every field came."""
    if not all(field["key"] in request.form for field in FIELDS):
        return "", 422
    step = current_app.extensions["recorded"][case_id]
    write_rows(services().db, step.instance, step.entry, step.opened, step.closed)
    return redirect(url_for("inbox.show"), 303)


def _said(text: str) -> list[tuple[str, Any]]:
    return [*json.loads(text)["values"].items()]
