"""Cases: the list of those one may see, and the file of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.people import directory
from engine.actor import NotPermitted
from engine.commands import cancel_instance, resume_instance, retry_job, suspend_instance
from engine.errors import ClauseflowError
from engine.history.append import NoSuchInstance
from engine.history.definitions import all_in_force
from engine.queries import case, cases, find_case
from engine.task_id import TaskId
from web.cases.dossier import open_dossier
from web.shared import refusals
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("cases", __name__, url_prefix="/cases")

STATUSES = ("active", "suspended", "completed", "cancelled")


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """What the reader asks of the list, as it stands in the address."""

    search: str
    status: str | None
    process: str | None
    after: str | None

    @classmethod
    def asked(cls) -> CaseSearch:
        """The question of this request; an unknown status asks for all."""
        status = request.args.get("status")
        return cls(
            search=request.args.get("q", "").strip()[:100],
            status=status if status in STATUSES else None,
            process=request.args.get("process") or None,
            after=request.args.get("after") or None,
        )

    def address(self, **changes: str | None) -> dict[str, str]:
        """The arguments of an address that asks the same but for `changes`; empty ones are left out."""
        asked = {"q": self.search, "status": self.status, "process": self.process, "after": self.after} | changes
        return {name: value for name, value in asked.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.search or self.status or self.process)


@pages.get("")
@login_required
def search() -> str:
    """The list."""
    asked = CaseSearch.asked()
    with services().db.reading() as session:
        page = cases(
            session, current_actor(), search=asked.search, status=asked.status, process=asked.process, after=asked.after
        )
        names = directory.names(session, {head.started_by for head in page.items}, language())
        processes = [deployed.definition.diagram for deployed in all_in_force(session)]
    return render_template(
        "cases/list.html", asked=asked, page=page, names=names, processes=processes, statuses=STATUSES
    )


@pages.get("/<number>")
@login_required
def show(number: str) -> str:
    """One case's file."""
    with services().db.reading() as session:
        view = case(session, current_actor(), number)
        dossier = open_dossier(session, current_actor(), view, whole="all" in request.args)
    return render_template("cases/show.html", dossier=dossier, view=view, head=view.head)


@pages.post("/<number>/cancel")
@login_required
def cancel(number: str) -> Response:
    """End the case before its time."""
    return _intervene(number, cancel_instance, number, _("已取消事项 %(number)s。", number=number))


@pages.post("/<number>/suspend")
@login_required
def suspend(number: str) -> Response:
    """Pause the case."""
    return _intervene(number, suspend_instance, number, _("已暂停事项 %(number)s。", number=number))


@pages.post("/<number>/resume")
@login_required
def resume(number: str) -> Response:
    """Let the case go on."""
    return _intervene(number, resume_instance, number, _("已恢复事项 %(number)s。", number=number))


@pages.post("/<number>/retry/<task_id>")
@login_required
def retry(number: str, task_id: str) -> Response:
    """Try again what stands still."""
    return _intervene(number, retry_job, TaskId.parse(task_id), _("已安排重试。"))


def _intervene(number: str, command: Callable[..., None], what: str | TaskId, said: str) -> Response:
    """Carry out an administrator's act and go back to the case; a refusal is said there."""
    back = redirect(url_for("cases.show", number=number), 303)
    with services().db.reading() as session:
        find_case(session, current_actor(), number)
    try:
        command(services().db, current_actor(), services().now(), what, request.form.get("reason", "")[:1000])
    except (NotPermitted, NoSuchInstance):
        raise
    except ClauseflowError as refused:
        flash(refusals.sentence(refused), "problem")
        return back
    flash(said, "ok")
    return back
