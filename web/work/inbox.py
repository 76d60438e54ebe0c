"""The inbox: what waits for a person, what their groups may take, what is late, what they have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast, get_args

from flask import Blueprint, g, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from company.people import directory
from company.saved_filters import filters_of
from engine.actor import Actor
from engine.forms.kinds.files import FileSettings
from engine.history.definitions import all_in_force
from engine.queries import InboxView, Narrowed, Page, TaskItem, inbox, inbox_counts, last_change
from engine.session import Session
from engine.task_id import TaskId
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required, login_watched
from web.shared.words.reminding import Reminded, last_reminded
from web.work.overall import CaseDue, cases_due

pages = Blueprint("inbox", __name__)

VIEWS: dict[InboxView, object] = {
    "mine": _("我的任务"),
    "groups": _("组内待领"),
    "overdue": _("已逾期"),
    "done": _("我办过的"),
    "team": _("同事手上"),
}
"""`team` is for those who may reassign tasks."""
SOON = timedelta(days=1)
"""A task due within this time is marked."""
QUICK = 3
"""Questions a form may ask to be answered from the list."""


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What the reader asks of the inbox, as it stands in the address."""

    view: InboxView
    search: str
    process: str | None
    first: bool
    """Whether only tasks with a priority are asked for."""
    after: str | None

    @classmethod
    def asked(cls) -> InboxFilter:
        """The question of this request; an unknown view is one's own tasks."""
        view = request.args.get("view", "mine")
        return cls(
            view=cast(InboxView, view) if view in get_args(InboxView) else "mine",
            search=request.args.get("q", "").replace("\0", "").strip()[:100],
            process=request.args.get("process", "").replace("\0", "")[:100] or None,
            first=request.args.get("first") == "1",
            after=request.args.get("after") or None,
        )

    def address(self, **changes: str | None) -> dict[str, str]:
        """The arguments of an address that asks the same but for `changes`; empty ones are left out."""
        asked: dict[str, str | None] = {
            "view": self.view,
            "q": self.search,
            "process": self.process,
            "after": self.after,
        }
        asked |= {"first": "1" if self.first else None} | changes
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Board:
    """An answer: the counts of every view and one page of the view asked for."""

    counts: dict[str, int]
    page: Page[TaskItem]
    names: dict[str, str]
    reminded: dict[TaskId, Reminded]
    """What went off last about a task: a reminder or an escalation."""
    case_due: dict[TaskId, list[CaseDue]]
    """The deadlines of the whole case over a task, first due first."""
    version: str
    beginning: bool
    """Whether the reader administers a company in which no case has begun yet."""


@pages.get("/")
@login_required
def show() -> str:
    """The whole page."""
    asked = InboxFilter.asked()
    with services().db.reading() as session:
        board = _board(session, current_actor(), asked)
        processes = [deployed.definition.diagram for deployed in all_in_force(session)]
        filters = filters_of(session, current_actor().id)
    return render_template(
        "inbox/show.html", asked=asked, board=board, processes=processes, views=_views(), filters=filters
    )


@pages.get("/inbox/board")
@login_watched
def refresh() -> Response:
    """The part that changes, for a page that stays open; 304 while nothing did."""
    asked = InboxFilter.asked()
    with services().db.reading() as session:
        version = _version(session)
        if request.if_none_match.contains(version):
            return Response(status=304)
        board = _board(session, current_actor(), asked)
    answer = Response(
        render_template("inbox/board.html", asked=asked, board=board, views=_views()), mimetype="text/html"
    )
    answer.set_etag(board.version)
    return answer


def _board(session: Session, actor: Actor, asked: InboxFilter) -> Board:
    now = services().now()
    version = _version(session)
    wanted = Narrowed(asked.search, asked.process, asked.first)
    page = inbox(session, actor, now, asked.view, wanted, after=asked.after)
    waiting = [item.id for item in page.items if item.closed_at is None and not item.suspended]
    return Board(
        counts=inbox_counts(session, actor, now, wanted),
        page=page,
        names=directory.names(session, {item.assignee for item in page.items if item.assignee}, language()),
        reminded=last_reminded(session, page.items),
        case_due=cases_due(session, waiting),
        version=version,
        beginning=actor.may("administer") and last_change(session) is None,
    )


def _views() -> dict[InboxView, object]:
    """The lists the reader has."""
    team = current_actor().may_any("reassign")
    return {view: name for view, name in VIEWS.items() if view != "team" or team}


def _version(session: Session) -> str:
    """Changes with every step of any case, and every minute, as words such as “3 hours left” do."""
    newest = last_change(session)
    minute = services().now().replace(second=0, microsecond=0)
    person: Actor = g.actor
    return f"{newest:%Y%m%d%H%M%S%f}-{minute:%H%M}-{person.id}" if newest else f"-{minute:%H%M}-{person.id}"


@pages.app_template_test("late")
def is_late(item: TaskItem) -> bool:
    """Whether an open task is past its due time."""
    return _is_due_before(item, services().now())


@pages.app_template_test("quick")
def is_quick(item: TaskItem) -> bool:
    """Whether an open task can be completed from the list: a few plain questions, with no rules to follow, or none."""
    if item.closed_at is not None:
        return False
    if item.form is None:
        return True
    asked = [field for field in item.form.fields if field.readonly is not True and not field.kind.computed]
    plain = not any(field.row or isinstance(field.settings, FileSettings) for field in asked)
    return plain and len(asked) <= QUICK and not item.form.level.has_rules


@pages.app_template_test("soon")
def is_soon(item: TaskItem) -> bool:
    """Whether an open task is due within SOON."""
    return _is_due_before(item, services().now() + SOON)


def _is_due_before(item: TaskItem, moment: datetime) -> bool:
    open_ = item.closed_at is None and not item.suspended
    return open_ and item.due_at is not None and item.due_at < moment
