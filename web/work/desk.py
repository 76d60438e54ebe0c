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
from engine.queries import EntryView, TaskView, entry_views, may_see
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
    entries = entry_views(session, view.case.id)
    # The rest of a long story is on the case's page, for those who may see that.
    shown = entries[-SHOWN_AT_FIRST:] if may_see(actor, view.case) else entries
    others = _open_elsewhere(entries, view)
    wanted = story.people_in(entries) | {person for _, wait in others if (person := wait.get("assignee"))}
    names = directory.names(session, wanted | ({view.item.assignee} if view.item.assignee else set()), language())
    return Desk(
        view=view,
        known=_known(entries, view),
        story=story.days(reversed(story.tell(shown, view.definition, names))),
        hidden=len(entries) - len(shown),
        clauses=[clause for clause in map(services().register.clause, view.node.clauses) if clause],
        others=[_open_task(view, task_id, wait, names) for task_id, wait in others],
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


def _known(entries: Sequence[EntryView], view: TaskView) -> list[tuple[str, Rows]]:
    """What earlier steps said last about each variable that the form itself does not show, as it stands now."""
    shown = set(view.form.keys) if view.form else set()
    found: list[tuple[str, Rows]] = []
    for entry in reversed(entries):
        node_id = entry.node_id
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


def _marks(entries: Sequence[EntryView]) -> dict[str, Any]:
    tokens: list[Any] = next((entry.effects["tokens"] for entry in reversed(entries) if "tokens" in entry.effects), [])
    return {
        "passed": sorted({element for entry in entries for element in entry.effects.get("path", ())}),
        "tokens": token_marks((node, int(count)) for node, _scope, count in tokens),
    }


def _is_short(value: Any) -> bool:
    """Whether a value fits a line of the margin; lists of rows stay in the story."""
    return value is not None and not (isinstance(value, list) and any(isinstance(row, dict) for row in value))


def _open_elsewhere(entries: Sequence[EntryView], view: TaskView) -> list[tuple[TaskId, dict[str, Any]]]:
    """The other user tasks that history has opened and not closed, with who was given them."""
    waits: dict[tuple[int, int], dict[str, Any]] = {}
    for entry in entries:
        for wait in entry.effects.get("opened", ()):
            if wait["kind"] == "task":
                waits[entry.seq, int(wait["k"])] = dict(wait)
        for closed in entry.effects.get("closed", ()):
            waits.pop((int(closed["wait"][0]), int(closed["wait"][1])), None)
        assigned = entry.effects.get("assigned")
        if assigned:
            waits[int(assigned["wait"][0]), int(assigned["wait"][1])]["assignee"] = assigned["to"]
    found = {TaskId(view.case.id, *place): wait for place, wait in waits.items()}
    return [(task_id, wait) for task_id, wait in found.items() if task_id != view.item.id]


def _open_task(view: TaskView, task_id: TaskId, wait: dict[str, Any], names: dict[str, str]) -> OpenTask:
    lane = view.definition.diagram.lanes.get(wait.get("lane", ""))
    holder = names.get(wait.get("assignee") or "") or (in_language(lane.name, lane.name_en) if lane else "")
    return OpenTask(task_id, story.node_name(view.definition, wait["node"]), holder, wait.get("due"))
