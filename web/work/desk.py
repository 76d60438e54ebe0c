"""Everything that lies beside a task's form: what is known from the case, its story, the clauses, who else is on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from company.comments import Talk
from company.people import directory
from engine.actor import Actor
from engine.clauses import Clause
from engine.history.fold import History
from engine.history.steps import Opened, Step
from engine.queries import TaskView, history_of, may_see
from engine.queries.overall import has_overall_deadlines
from engine.session import Session
from engine.task_id import TaskId
from web.cases.comments import talk
from web.cases.dossier import SHOWN_AT_FIRST, token_marks
from web.shared.forms.sheet import Sheet
from web.shared.language import in_language, language
from web.shared.services import services
from web.shared.words import story
from web.work.overall import CaseDue, cases_due

Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Another task of the same case that waits at the same time. `holder` is a person's or a lane's name."""

    id: TaskId
    name: str
    holder: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Desk:
    """A task and what is known about it; `known` is what earlier steps said, by step; `hidden` counts older entries."""

    view: TaskView
    known: list[tuple[str, Rows]]
    story: list[tuple[date, list[story.Sentence]]]
    hidden: int
    clauses: list[Clause]
    others: list[OpenTask]
    deadlines: list[CaseDue]
    """By when the case must have done what lies ahead, whatever this task's own due time."""
    comments: Talk | None
    names: dict[str, str]
    marks: dict[str, Any]
    """What the diagram shows: the way so far and where the tokens stand."""


def lay_out(session: Session, actor: Actor, view: TaskView) -> Desk:
    """The desk of a task that the query has let the actor see."""
    history = history_of(session, view.case.id, view.definition.diagram)
    entries = history.steps
    # The rest of a long story is on the case's page, for those who may see that.
    shown = entries[-SHOWN_AT_FIRST:] if may_see(actor, view.case) else entries
    others = _open_elsewhere(history, view)
    wanted = story.people_in(entries) | {wait.assignee for wait in others if wait.assignee}
    names = directory.names(session, wanted | ({view.item.assignee} if view.item.assignee else set()), language())
    return Desk(
        view=view,
        known=_known(entries, view),
        story=story.days(reversed(story.tell(shown, view.definition, names))),
        hidden=len(entries) - len(shown),
        clauses=[clause for clause in map(services().register.clause, view.node.clauses) if clause],
        others=[_open_task(view, wait, names) for wait in others],
        deadlines=_deadlines(session, view),
        comments=talk(session, actor, view.case),
        names=names,
        marks=_marks(entries),
    )


def _deadlines(session: Session, view: TaskView) -> list[CaseDue]:
    """The deadlines over the task; most processes set none, and then nothing is asked."""
    if not (view.called or has_overall_deadlines(view.definition.diagram)):
        return []
    return cases_due(session, [view.item.id]).get(view.item.id, [])


def _known(entries: Sequence[Step], view: TaskView) -> list[tuple[str, Rows]]:
    """What earlier steps said last about each variable that the form itself does not show, as it stands now."""
    shown = set(view.form.keys) if view.form else set()
    found: list[tuple[str, Rows]] = []
    for entry in reversed(entries):
        node_id = entry.node
        if entry.kind not in ("start", "complete") or node_id is None or node_id not in view.definition.diagram.nodes:
            continue
        fresh = {key: value for key, value in entry.values.items() if key not in shown and _is_short(value)}
        shown |= fresh.keys()
        if not view.definition.diagram.nodes[node_id].result:
            now = {key: view.variables.get(key, value) for key, value in fresh.items()}
            fresh = {key: value for key, value in now.items() if _is_short(value)}
        rows = Sheet(view.definition.form(node_id)).said(fresh)
        if rows:
            found.insert(0, (story.node_name(view.definition, node_id), rows))
    return found


def _marks(entries: Sequence[Step]) -> dict[str, Any]:
    return {
        "passed": sorted({element for entry in entries for element in entry.path}),
        "tokens": token_marks((token.node, token.count) for token in entries[-1].tokens),
    }


def _is_short(value: Any) -> bool:
    """Whether a value fits a line of the margin; lists of rows stay in the story."""
    return value is not None and not (isinstance(value, list) and any(isinstance(row, dict) for row in value))


def _open_elsewhere(history: History, view: TaskView) -> list[Opened]:
    """The other user tasks that are open, with who was given them."""
    waits = history.open_waits().values()
    return [wait for wait in waits if wait.kind == "task" and TaskId(view.case.id, *wait.id) != view.item.id]


def _open_task(view: TaskView, wait: Opened, names: dict[str, str]) -> OpenTask:
    lane = view.definition.diagram.lanes.get(wait.lane or "")
    holder = names.get(wait.assignee or "") or (in_language(lane.name, lane.name_en) if lane else "")
    return OpenTask(TaskId(view.case.id, *wait.id), story.node_name(view.definition, wait.node), holder, wait.due)
