"""Everything that lies in a case's file: where it stands, what it waits for, what was said, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from company.comments import Talk, comments_on
from company.linked_cases import linked_with
from company.people import directory
from engine.actor import Actor
from engine.bpmn import Definition, Wait
from engine.clauses import Clause
from engine.history.steps import Step
from engine.queries import CaseHead, CaseView, heads_by_number
from engine.queries.incidents import stuck_in
from engine.session import Session
from engine.task_id import TaskId
from web.cases.decision_words import Decided, decided
from web.shared.language import in_language, in_own_half, language
from web.shared.services import services
from web.shared.words import story
from web.shared.words.reminding import Reminded, reminded_in_case
from web.shared.words.wording import Rows, Wording

SHOWN_AT_FIRST = 100
"""Entries of a long history that the page shows unasked."""


@dataclass(frozen=True, slots=True)
class OpenWait:
    """Something the case waits for. `holder` is who or what is expected to answer; `task_id` is None but for tasks,
    `due_at` while the case rests.

    `incident` says why it stands still, `retry` and `skip` name it to try again or go on without; all are empty while
    all is well.
    """

    name: str
    kind: str
    holder: str
    opened_at: datetime
    due_at: datetime | None
    task_id: TaskId | None
    incident: str
    retry: TaskId | None
    skip: TaskId | None

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.due_at < services().now()


@dataclass(frozen=True, slots=True)
class Reason:
    """What a step of the diagram decided by itself, and why; `seq` and `at` are the entry's."""

    seq: int
    at: datetime
    name: str
    decisions: list[Decided]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case and what is known about it; `story` and `reasons` have the newest first, `hidden` counts older entries.

    `path` is every flow node passed with how often, in the order of first passing; `marks` is what the
    diagram shows.
    """

    view: CaseView
    names: dict[str, str]
    story: list[tuple[date, list[story.Sentence]]]
    hidden: int
    clauses: dict[int, list[Clause]]
    waits: list[OpenWait]
    data: Rows
    reasons: list[Reason]
    parent: CaseHead | None
    children: list[CaseHead]
    linked: list[CaseHead]
    path: list[tuple[str, int]]
    comments: Talk
    reminded: list[Reminded]
    marks: dict[str, Any]


def open_dossier(session: Session, actor: Actor, view: CaseView, *, whole: bool) -> Dossier:
    """The file of a case that the query has let the actor see; `whole` shows even a very long history and talk."""
    definition, entries = view.deployed.definition, view.history.steps
    shown = entries if whole else entries[-SHOWN_AT_FIRST:]
    wanted = story.people_in(shown) | {view.head.started_by} | {w.assignee for w in view.waits if w.assignee}
    names = directory.names(session, wanted, language())
    wording = Wording(definition)
    stuck = stuck_in(session, view.head.id)
    waits = [_open_wait(view, wait, stuck.get(wait.id, {}), names) for wait in view.waits]
    return Dossier(
        view=view,
        names=names,
        story=story.days(reversed(story.tell(shown, definition, names))),
        hidden=len(entries) - len(shown),
        clauses={entry.seq: clauses_in(entry, definition) for entry in shown},
        waits=waits,
        data=wording.rows(_said(view, wording)),
        reasons=[reason for entry in reversed(shown) for reason in reasons_in(entry, definition, wording)],
        parent=next(iter(heads_by_number(session, actor, [view.parent.number])), None) if view.parent else None,
        children=heads_by_number(session, actor, [child.number for child in view.children]),
        linked=heads_by_number(session, actor, linked_with(session, view.head.number)),
        path=_passed(entries, definition),
        comments=comments_on(session, view.head.number, whole=whole),
        reminded=reminded_in_case(session, view.head.id),
        marks={
            "passed": _elements(entries),
            "tokens": token_marks(((node, count) for node, _scope, count in view.tokens), view.waits, waits),
        },
    )


def clauses_in(entry: Step, definition: Definition) -> list[Clause]:
    """The clauses an entry carried out: those its path cites, and the process's own when it started."""
    diagram = definition.diagram
    cited = list(diagram.clauses) if entry.kind == "start" else []
    for element_id in entry.path:
        element = diagram.nodes.get(element_id) or diagram.flows.get(element_id)
        cited += element.clauses if element else ()
    return [clause for clause in map(services().register.clause, dict.fromkeys(cited)) if clause]


def reasons_in(entry: Step, definition: Definition, wording: Wording) -> list[Reason]:
    """The decisions an entry took, with the rules and inputs behind them."""
    return [
        Reason(
            entry.seq,
            entry.at,
            story.node_name(definition, taken.node),
            decided(taken.trace, definition, wording),
        )
        for taken in entry.decisions
    ]


def token_marks(
    tokens: Iterable[tuple[str, int]], waits: Sequence[Wait] = (), told: Sequence[OpenWait] = ()
) -> list[dict[str, Any]]:
    """Where tokens stand, for the diagram: `{node, count, text}`; the text says whom a node waits for."""
    holders: dict[str, list[str]] = {}
    for wait, words in zip(waits, told, strict=True):
        holders.setdefault(wait.node_id, []).append(words.holder)
    counts: dict[str, int] = {}
    for node, count in tokens:
        counts[node] = counts.get(node, 0) + count
    return [
        {"node": node, "count": count, "text": "、".join(dict.fromkeys(filter(None, holders.get(node, ()))))}
        for node, count in counts.items()
    ]


def _said(view: CaseView, wording: Wording) -> dict[str, Any]:
    """The case's variables that hold something, but for what decisions and called cases on the page tell better."""
    told_anyway = wording.results()
    return {key: value for key, value in view.variables.items() if value is not None and key not in told_anyway}


def _open_wait(view: CaseView, wait: Wait, stuck: Mapping[str, Any], names: Mapping[str, str]) -> OpenWait:
    task_id, definition = TaskId(view.head.id, *wait.id), view.deployed.definition
    opened = next((entry.at for entry in view.history.steps if entry.seq == wait.id.seq), view.head.started_at)
    return OpenWait(
        name=story.node_name(definition, wait.node_id),
        kind=wait.kind,
        holder=holder_of(definition, wait, names),
        opened_at=opened,
        due_at=None if view.head.status == "suspended" else wait.due,
        task_id=task_id if wait.kind == "task" else None,
        incident=incident_words(stuck),
        retry=task_id if stuck else None,
        skip=task_id if stuck and wait.kind in ("job", "child") else None,
    )


def incident_words(facts: Mapping[str, Any]) -> str:
    """Why something stands still; "" while it does not."""
    said = in_language(str(facts.get("reason", "")), str(facts.get("reason_en", "")))
    if said or not facts:
        return in_own_half(said)  # older versions kept both languages in one text
    return _("没有步骤接住的错误：%(code)s", code=facts.get("error", "—"))


def holder_of(definition: Definition, wait: Wait, names: Mapping[str, str]) -> str:
    """Who or what is expected to answer a wait."""
    if wait.assignee:
        return names[wait.assignee]
    lane = definition.diagram.lanes.get(wait.lane or "")
    if wait.kind == "task" and lane:
        return in_language(lane.name, lane.name_en)
    return {
        "job": _("系统自动执行"),
        "timer": _("等到时间"),
        "message": _("等待消息 %(name)s", name=wait.details.get("name", "")),
        "signal": _("等待信号 %(name)s", name=wait.details.get("name", "")),
        "child": _("等待下级事项结束"),
    }.get(wait.kind, "")


def _elements(entries: Sequence[Step]) -> list[str]:
    """Everything the case passed, each once, the last passed last."""
    walked = [element for entry in entries for element in entry.path]
    return list(dict.fromkeys(reversed(walked)))[::-1]


def _passed(entries: Iterable[Step], definition: Definition) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for entry in entries:
        for element in entry.path:
            if element in definition.diagram.nodes:
                counts[element] = counts.get(element, 0) + 1
    return [(story.node_name(definition, node), count) for node, count in counts.items()]
