"""Proof: recorded inputs, carried out again on the recorded diagram, must arrive at the recorded state.

`verify` gives three verdicts apart: the hash chain holds, the anchors cover it, re-execution agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from engine.bpmn import Effects, State, advance, load_state
from engine.errors import ClauseflowError, Problem
from engine.history import calendars, definitions
from engine.history.anchors import last_root, read_outside, root_of
from engine.history.append import NoSuchInstance, state_hash
from engine.history.chain import GENESIS, Head, digest
from engine.history.definitions import Deployed
from engine.history.reading import Entry, entries_of
from engine.history.wait_rows import wait_row
from engine.tables import anchor_heads, anchors, instances, waits
from engine.values import encode


@dataclass(frozen=True, slots=True)
class Verdict:
    """Holds (True), is broken (False, `problem` says where), or there is nothing to judge yet (None).

    `upto` is the last entry the verdict speaks for, -1 for none.
    """

    ok: bool | None
    upto: int
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The proof of one instance: `entries` counts its history, the verdicts stand apart (design D4)."""

    number: str
    entries: int
    chain: Verdict
    anchors: Verdict
    reexecution: Verdict

    @property
    def ok(self) -> bool:
        """Whether nothing is broken; what no anchor covers yet is not a breach."""
        return all(verdict.ok is not False for verdict in (self.chain, self.anchors, self.reexecution))


@dataclass(frozen=True, slots=True)
class Step:
    """One entry carried out again."""

    entry: Entry
    deployed: Deployed
    before: State | None
    state: State
    effects: Effects


def replay(session: Session, history: list[Entry]) -> Iterator[Step]:
    """Carry out recorded inputs again, entry by entry. Raises what `advance` raises on an impossible input."""
    state: State | None = None
    for entry in history:
        deployed = definitions.by_id(session, entry.definition_id)
        named = entry.payload().get("facts", {}).get("calendar") or (state.calendar if state else "")
        recorded = entry.recorded_input(calendars.by_hash(session, named))
        before = state
        state, effects = advance(deployed.definition, before, recorded)
        yield Step(entry, deployed, before, state, effects)


def verify(session: Session, number: str, outside: Path | None = None) -> Report:
    """Prove one instance. `outside` is the file of roots kept outside the database. Raises NoSuchInstance."""
    row = session.execute(select(instances).where(instances.c.number == number)).one_or_none()
    if row is None:
        raise NoSuchInstance(instance=number)
    history = list(entries_of(session, row.id))
    chain = _check_chain(session, row, history)
    return Report(
        number,
        len(history),
        chain,
        _check_anchors(session, row, history, outside),
        _check_reexecution(session, row, history),
    )


def _check_chain(session: Session, row: Row[tuple[object, ...]], history: list[Entry]) -> Verdict:
    previous = GENESIS
    for expected, entry in enumerate(history):
        if entry.seq != expected:
            return _broken("chain", row.number, expected, "缺少这条记录", "the entry is missing")
        if digest(entry.input.encode()) != entry.input_digest:
            return _broken("chain", row.number, expected, "输入被改动", "the input was changed")
        if digest(entry.effects.encode()) != entry.effects_digest:
            return _broken("chain", row.number, expected, "结果被改动", "the effects were changed")
        head = Head(
            row.number, entry.seq, entry.kind, entry.at, entry.actor, entry.on_behalf_of,
            definitions.by_id(session, entry.definition_id).definition.hash, entry.revision,
            entry.input_digest, entry.effects_digest, entry.state_hash,
        )  # fmt: skip
        if head.hash(previous) != entry.hash:
            return _broken("chain", row.number, expected, "记录头或哈希被改动", "the head or the hash was changed")
        previous = entry.hash
    if len(history) != row.seq + 1:
        return _broken("chain", row.number, len(history), "末尾的记录被删除", "entries at the end were deleted")
    if not history:
        return _broken("chain", row.number, 0, "没有任何记录", "there are no entries")
    return Verdict(True, row.seq)


def _check_anchors(
    session: Session, row: Row[tuple[object, ...]], history: list[Entry], outside: Path | None
) -> Verdict:
    by_seq = {entry.seq: entry for entry in history}
    kept = read_outside(outside) if outside else {}
    covered = -1
    heads = session.execute(
        select(anchor_heads).where(anchor_heads.c.instance_id == row.id).order_by(anchor_heads.c.anchor_id)
    ).all()
    for head in heads:
        entry = by_seq.get(head.seq)
        if entry is None or entry.hash != head.hash:
            return _broken("anchors", row.number, head.seq, f"与锚点 {head.anchor_id} 不符",
                           f"differs from anchor {head.anchor_id}")  # fmt: skip
        root = _root_again(session, head.anchor_id)
        stored = session.execute(select(anchors.c.root).where(anchors.c.id == head.anchor_id)).scalar_one_or_none()
        if root != stored or kept.get(head.anchor_id, root if outside is None else None) != root:
            return _broken("anchors", row.number, head.seq, f"锚点 {head.anchor_id} 本身与库外留存的不符",
                           f"anchor {head.anchor_id} itself differs from what was kept outside")  # fmt: skip
        covered = head.seq
    if covered < 0:
        return Verdict(None, -1)
    return Verdict(True, covered)


def _root_again(session: Session, anchor_id: int) -> bytes:
    heads = session.execute(
        select(instances.c.number, anchor_heads.c.seq, anchor_heads.c.hash)
        .join(instances, instances.c.id == anchor_heads.c.instance_id)
        .where(anchor_heads.c.anchor_id == anchor_id)
    )
    return root_of(last_root(session, before=anchor_id), list(heads))


def _check_reexecution(session: Session, row: Row[tuple[object, ...]], history: list[Entry]) -> Verdict:
    step: Step | None = None
    try:
        for step in replay(session, history):
            if encode(step.effects).decode() != step.entry.effects:
                return _broken("reexecution", row.number, step.entry.seq, "重新执行得到的结果不同",
                               "re-execution has other effects")  # fmt: skip
            if state_hash(step.state) != step.entry.state_hash:
                return _broken("reexecution", row.number, step.entry.seq, "重新执行得到的状态不同",
                               "re-execution arrives at another state")  # fmt: skip
    except (ClauseflowError, ValueError, KeyError) as error:
        seq = step.entry.seq + 1 if step else 0
        text = error.text("zh") if isinstance(error, ClauseflowError) else str(error)
        return _broken("reexecution", row.number, seq, f"无法重新执行：{text}", f"cannot be carried out again: {error}")
    if step is None:
        return _broken("reexecution", row.number, 0, "没有任何记录", "there are no entries")
    return _check_cache(session, row, step.state)


def _check_cache(session: Session, row: Row[tuple[object, ...]], state: State) -> Verdict:
    """The stored state and the open waits are those that history leads to."""
    try:
        cached = state_hash(load_state(row.state))
    except Exception:  # noqa: BLE001 - whatever a damaged blob makes the reader raise, the verdict is the same
        cached = b""
    if cached != state_hash(state) or row.state_hash != cached or row.status != state.status:
        return _broken(
            "reexecution", row.number, state.seq, "当前状态与历史不符", "the stored state differs from history"
        )
    expected = [wait_row(row.id, row.key, wait, row.started_at) for wait in state.waits]
    columns = [waits.c[name] for name in ("seq", "k", "node_id", "scope", "lane", "assignee", "due_at", "details")]
    found = session.execute(
        select(*columns).where(waits.c.instance_id == row.id, waits.c.closed_at.is_(None)).order_by("seq", "k")
    ).all()
    if [tuple(r) for r in found] != sorted(
        (tuple(item[column.name] for column in columns) for item in expected), key=lambda item: item[:2]
    ):
        return _broken("reexecution", row.number, state.seq, "待办与历史不符", "the open waits differ from history")
    return Verdict(True, state.seq)


def _broken(rule: str, number: str, seq: int, zh: str, en: str) -> Verdict:
    where = f"{number}#{seq}"
    return Verdict(False, seq, Problem(rule, where, f"{number} 第 {seq} 条：{zh}", f"{number} entry {seq}: {en}"))
