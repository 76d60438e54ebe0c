"""A case's history as frames to step through: what each entry changed, opened and closed, and where tokens stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from engine.bpmn import INSTANCE_SCOPE, Definition
from engine.clauses import Clause
from engine.history import steps
from engine.history.steps import Waits
from engine.queries import EntryView
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

    entry: EntryView
    sentence: story.Sentence
    clauses: list[Clause]
    changes: list[Change]
    opened: list[Opened]
    closed: list[tuple[str, str]]
    tokens: list[tuple[str, int]]
    reasons: list[Reason]


def picture(entries: Sequence[EntryView], seq: int, definition: Definition, names: Mapping[str, str]) -> Picture:
    """The frame of entry `seq`; `entries` is the whole history, `definition` the version the frame ran on."""
    entry, done = entries[seq], entries[seq].effects
    waits = steps.waits_of(entries[: seq + 1])
    wording = Wording(definition)
    return Picture(
        entry=entry,
        sentence=story.tell([entry], definition, names)[0],
        clauses=clauses_in(entry, definition),
        changes=list(_changes(entries[: seq + 1], waits, definition, wording)),
        opened=[_opened(wait, definition, names) for wait in done.get("opened", ())],
        closed=[_closed(each, waits, definition) for each in done.get("closed", ())],
        tokens=[(story.node_name(definition, node), int(count)) for node, _scope, count in done.get("tokens", ())],
        reasons=reasons_in(entry, definition, wording),
    )


def marks(entries: Sequence[EntryView]) -> list[dict[str, Any]]:
    """What the diagram shows in each frame: the version it ran on, the path of the step, the tokens after it."""
    return [
        {
            "version": entry.version,
            "path": entry.effects.get("path", []),
            "tokens": token_marks((node, int(count)) for node, _scope, count in entry.effects.get("tokens", ())),
        }
        for entry in entries
    ]


def _changes(entries: Sequence[EntryView], waits: Waits, definition: Definition, wording: Wording) -> Iterator[Change]:
    """What the last entry wrote, beside what was there before."""
    known, last = steps.variables(entries[:-1], definition), entries[-1]
    told_as_decisions = wording.results() if last.effects.get("decisions") else ()
    for (scope, name), value in steps.written(last, waits, definition).items():
        before = known.get((scope, name), known.get((INSTANCE_SCOPE, name)))
        if value != before and name not in told_as_decisions:
            old = wording.rows({name: before}, last.node_id) if before is not None else []
            new = wording.rows({name: value}, last.node_id)
            if new:  # what nothing names is nothing that people read
                yield Change(old, new)


def _opened(wait: Mapping[str, Any], definition: Definition, names: Mapping[str, str]) -> Opened:
    lane = definition.diagram.lanes.get(wait.get("lane", ""))
    holder = names.get(wait.get("assignee", "")) or (in_language(lane.name, lane.name_en) if lane else "")
    return Opened(story.node_name(definition, wait["node"]), holder, wait.get("due"))


def _closed(closed: Mapping[str, Any], waits: Waits, definition: Definition) -> tuple[str, str]:
    seq, k = closed["wait"]
    wait = waits.get((int(seq), int(k)), {})
    return story.node_name(definition, wait.get("node")), str(WHY.get(closed["why"], closed["why"]))
