"""What is known about the customer, the machine and the trouble a case names: beside its tasks and on its page.

The pages load it after themselves, so that opening a task costs no more; without script a link leads here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, render_template, request, url_for

from company.records import equipment_life
from company.records.equipment_life import LifeEntry
from company.records.kinds import RECORD_KINDS, RecordKind
from company.records.knowledge import similar_solutions
from company.records.save import Record, find_record, find_records
from engine import forms
from engine.actor import Actor
from engine.queries import CaseHead, case, cases, task
from engine.session import Session
from engine.task_id import TaskId
from web.shared.formats import local
from web.shared.forms.sheet import form_environment
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("about", __name__)

TROUBLES = ("fault", "content")
"""The variables in which cases describe what is wrong: a fault, or what a complaint says."""
SHOWN = 5
"""Cases, events and solutions that are shown; the record's page has them all."""
LONGEST_GIVEN = 1500
"""Characters of a text handed on in an address."""

CUSTOMER_FACTS = ("grade", "phone", "mobile", "address")
MACHINE_FACTS = ("product", "customer", "place", "accepted_on", "contract_no")


@dataclass(slots=True)
class About:
    """What the actor may read of it. A name may have no record; `warranted` is None where no end is known."""

    customer_name: str = ""
    customer: Record | None = None
    customer_facts: list[tuple[str, str]] = field(default_factory=list)
    cases: list[CaseHead] = field(default_factory=list)
    serial_no: str = ""
    machine: Record | None = None
    machine_facts: list[tuple[str, str]] = field(default_factory=list)
    warranted: bool | None = None
    life: list[LifeEntry] = field(default_factory=list)
    trouble: str = ""
    solutions: list[Record] = field(default_factory=list)
    new_solution: str | None = None
    """Where the solution of a closed case is written down, for whoever may."""


def worth_a_look(variables: Mapping[str, Any]) -> bool:
    """Whether a case names anything that the records may know about, for somebody who may read records."""
    return current_actor().may_any("records") and any(
        _text(variables, name) for name in ("customer", "serial_no", *TROUBLES)
    )


@pages.get("/tasks/<task_id>/about")
@login_required
def of_task(task_id: str) -> str:
    """What is known about what a task's case names."""
    with services().db.reading() as session:
        view = task(session, current_actor(), TaskId.parse(task_id))
        found = look_up(session, current_actor(), view.variables, view.case)
    return _page(found, url_for("tasks.show", task_id=task_id), view.case)


@pages.get("/cases/<number>/about")
@login_required
def of_case(number: str) -> str:
    """What is known about what a case names."""
    with services().db.reading() as session:
        view = case(session, current_actor(), number)
        found = look_up(session, current_actor(), view.variables, view.head)
    return _page(found, url_for("cases.show", number=number), view.head)


def look_up(session: Session, actor: Actor, variables: Mapping[str, Any], head: CaseHead) -> About:
    """Everything the actor may read about what the variables name."""
    found = About()
    if actor.may(RECORD_KINDS["customers"].reading):
        _customer(session, actor, found, _text(variables, "customer"), head)
    if actor.may(RECORD_KINDS["equipment"].reading):
        _machine(session, found, _text(variables, "serial_no"))
    if actor.may(RECORD_KINDS["knowledge"].reading):
        found.trouble = next(filter(None, (_text(variables, name) for name in TROUBLES)), "")
        found.solutions = similar_solutions(session, found.trouble, SHOWN)
        if head.status == "completed" and found.trouble and RECORD_KINDS["knowledge"].kept_by(actor):
            found.new_solution = _new_solution(variables, found.trouble, head.number)
    return found


def _customer(session: Session, actor: Actor, found: About, name: str, head: CaseHead) -> None:
    found.customer_name = name
    if not name:
        return
    found.customer = named(session, RECORD_KINDS["customers"], name)
    called = found.customer.title if found.customer else name
    alike = cases(session, actor, search=called, limit=SHOWN + 1).items
    found.cases = [other for other in alike if other.id != head.id][:SHOWN]
    if found.customer:
        found.customer_facts = _said(RECORD_KINDS["customers"], found.customer, CUSTOMER_FACTS) + _contacts(
            found.customer
        )


def _contacts(customer: Record) -> list[tuple[str, str]]:
    """Each contact in a line: the name, and where to call."""
    rows = customer.values.get("contacts") or []
    label = RECORD_KINDS["customers"].form.level.by_key["contacts"].label.text(language())
    lines = (" ".join(filter(None, (row.get("contact_name"), row.get("contact_phone")))) for row in rows)
    return [(label, line) for line in lines if line]


def _machine(session: Session, found: About, serial_no: str) -> None:
    found.serial_no = serial_no
    if not serial_no:
        return
    found.life = equipment_life.life_of(session, serial_no)[:SHOWN]
    found.machine = find_record(session, RECORD_KINDS["equipment"], serial_no)
    if found.machine:
        found.machine_facts = _said(RECORD_KINDS["equipment"], found.machine, (*MACHINE_FACTS, "warranty_until"))
        until = found.machine.values.get("warranty_until")
        found.warranted = until >= local(services().now()).date() if until else None


def named(session: Session, kind: RecordKind, text: str) -> Record | None:
    """The record in use that people mean: by its key, else the one with just this title."""
    found = find_record(session, kind, text)
    if found and not found.archived:
        return found
    titled = (one for one in find_records(session, kind, search=text).items if one.title == text)
    return next(titled, None)


def _new_solution(variables: Mapping[str, Any], trouble: str, number: str) -> str:
    """The address of a new solution, filled in with what the case says."""
    said = {"product": _text(variables, "product"), "model": _text(variables, "model"), "problem": trouble}
    said["solution"] = next(filter(None, (_text(variables, name) for name in ("solution", "diagnosis"))), "")
    given: dict[str, Any] = {name: text[:LONGEST_GIVEN] for name, text in said.items() if text}
    return url_for("records.new", kind="knowledge", case_no=number, title=trouble[:60], **given)


def _said(kind: RecordKind, record: Record, keys: Sequence[str]) -> list[tuple[str, str]]:
    filled = {key: record.values[key] for key in keys if record.values.get(key) not in (None, [])}
    return forms.display(kind.form, filled, language=language(), environment=form_environment())


def _text(variables: Mapping[str, Any], name: str) -> str:
    """A variable that is a text; "" for anything else."""
    value = variables.get(name)
    return value.strip() if isinstance(value, str) else ""


def _page(found: About, back: str, head: CaseHead) -> str:
    template = "about/panel.html" if "part" in request.args else "about/page.html"
    return render_template(template, about=found, back=back, head=head, kinds=RECORD_KINDS)
