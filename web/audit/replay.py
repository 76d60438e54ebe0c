"""A case's history as frames to step through: what each entry changed, opened and closed, and where tokens stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from engine.bpmn import Definition, WaitId
from engine.clauses import Clause
from engine.history import steps
from engine.history.fold import History
from engine.history.steps import Step
from web.cases.dossier import Reason, clauses_in, reasons_in, token_marks
from web.shared.language import in_language
from web.shared.words import story
from web.shared.words.wording import Rows, Wording

WHY = {
    "completed": _("办完"),
    "failed": _("出错，已被捕获"),
    "interrupted": _("被事件打断"),
    "not_needed": _("不再需要"),
    "terminated": _("随流程终止"),
    "error": _("随错误结束"),
    "cancelled": _("随事项取消"),
    "moved": _("被移走"),
}
"""Why a wait ended."""


@dataclass(frozen=True, slots=True)
class Change:
    """A variable's value before and after, in words; `before` is empty when it had none."""

    before: Rows
    after: Rows

    @property
    def simple(self) -> bool:
        """Whether one line says it."""
        return len(self.before) < 2 and len(self.after) == 1


@dataclass(frozen=True, slots=True)
class Opened:
    """A wait an entry opened; `holder` is the lane or person expected to answer."""

    name: str
    holder: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame in words; `tokens` are (name, how many), `closed` (name, why)."""

    entry: Step
    sentence: story.Sentence
    clauses: list[Clause]
    changes: list[Change]
    opened: list[Opened]
    closed: list[tuple[str, str]]
    tokens: list[tuple[str, int]]
    reasons: list[Reason]


def picture(history: History, seq: int, definition: Definition, names: Mapping[str, str]) -> Picture:
    """The frame of entry `seq`; `definition` is the version the frame ran on."""
    entry, waits, wording = history.steps[seq], history.waits(), Wording(definition)
    return Picture(
        entry=entry,
        sentence=story.tell([entry], definition, names)[0],
        clauses=clauses_in(entry, definition),
        changes=list(_changes(history, seq, wording)),
        opened=[_opened(wait, definition, names) for wait in entry.opened],
        closed=[_closed(each, waits, definition) for each in entry.closed],
        tokens=[(story.node_name(definition, token.node), token.count) for token in entry.tokens],
        reasons=reasons_in(entry, definition, wording),
    )


def marks(entries: Sequence[Step]) -> list[dict[str, Any]]:
    """What the diagram shows in each frame: the version it ran on, the path of the step, the tokens after it."""
    return [
        {
            "version": entry.version,
            "path": list(entry.path),
            "tokens": token_marks((token.node, token.count) for token in entry.tokens),
        }
        for entry in entries
    ]


def _changes(history: History, seq: int, wording: Wording) -> Iterator[Change]:
    """What the entry wrote, beside what was there before."""
    entry = history.steps[seq]
    told_as_decisions = wording.results() if entry.decisions else ()
    for _scope, name, before, after in history.changes(seq):
        if after != before and name not in told_as_decisions:
            old = wording.rows({name: before}, entry.node) if before is not None else []
            new = wording.rows({name: after}, entry.node)
            if new:  # what nothing names is nothing that people read
                yield Change(old, new)


def _opened(wait: steps.Opened, definition: Definition, names: Mapping[str, str]) -> Opened:
    lane = definition.diagram.lanes.get(wait.lane or "")
    holder = names.get(wait.assignee or "") or (in_language(lane.name, lane.name_en) if lane else "")
    return Opened(story.node_name(definition, wait.node), holder, wait.due)


def _closed(closed: steps.Closed, waits: Mapping[WaitId, steps.Opened], definition: Definition) -> tuple[str, str]:
    return story.node_name(definition, waits[closed.wait].node), str(WHY[closed.why])
