"""Proof: recorded inputs, carried out again on the recorded diagram, must arrive at the recorded state.

`verify` gives three verdicts apart: the hash chain holds, the anchors cover it, re-execution agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from engine.bpmn import Effects, State, advance, load_state
from engine.errors import ClauseflowError
from engine.history import calendars, definitions
from engine.history.append import NoSuchInstance, state_hash
from engine.history.checks.anchor_check import Stamped, Witnesses, check_anchors, stamped
from engine.history.checks.chain_check import check_chain
from engine.history.checks.verdict import Verdict, broken
from engine.history.definitions import Deployed
from engine.history.entries import Entry, entries_of
from engine.history.wait_rows import wait_row
from engine.session import Session
from engine.tables import instances, waits
from engine.values import encode

__all__ = ["Repeated", "Report", "Stamped", "Verdict", "prove", "replay", "verify"]


@dataclass(frozen=True, slots=True)
class Report:
    """The proof of one instance: `entries` counts its history, the verdicts stand apart.

    `stamped` is since when time-stamps prove it to be there; None without any.
    """

    number: str
    entries: int
    chain: Verdict
    anchors: Verdict
    reexecution: Verdict
    stamped: Stamped | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is broken; what no anchor covers yet is not a breach."""
        return all(verdict.ok is not False for verdict in (self.chain, self.anchors, self.reexecution))


@dataclass(frozen=True, slots=True)
class Repeated:
    """One entry carried out again."""

    entry: Entry
    deployed: Deployed
    before: State | None
    state: State
    effects: Effects


def replay(session: Session, history: list[Entry]) -> Iterator[Repeated]:
    """Carry out recorded inputs again, entry by entry. Raises what `advance` raises on an impossible input."""
    state: State | None = None
    for entry in history:
        deployed = definitions.by_id(session, entry.definition_id)
        named = entry.given().facts.get("calendar") or (state.calendar if state else "")
        recorded = entry.recorded_input(calendars.by_hash(session, named))
        before = state
        state, effects = advance(deployed.definition, before, recorded)
        yield Repeated(entry, deployed, before, state, effects)


def verify(session: Session, number: str, outside: Path | None = None, tsa_roots: bytes = b"") -> Report:
    """Prove one instance. `outside` is the file of anchors kept outside the database. Raises NoSuchInstance.

    `tsa_roots` are the root certificates (PEM) of the time-stamp authorities that are trusted.
    """
    row = session.execute(select(instances).where(instances.c.number == number)).one_or_none()
    if row is None:
        raise NoSuchInstance(instance=number)
    return prove(session, row, Witnesses.of(session, outside, number, tsa_roots))


def prove(session: Session, row: Row[Any], witnesses: Witnesses) -> Report:
    """Prove the instance of a row of `instances` against witnesses that may name others, too."""
    number, history = row.number, list(entries_of(session, row.id))
    return Report(
        number,
        len(history),
        check_chain(session, row, history),
        check_anchors(number, history, witnesses),
        _check_reexecution(session, row, history),
        stamped(number, witnesses),
    )


def _check_reexecution(session: Session, row: Row[Any], history: list[Entry]) -> Verdict:
    step: Repeated | None = None
    try:
        for step in replay(session, history):
            if encode(step.effects).decode() != step.entry.effects:
                return broken("reexecution", row.number, step.entry.seq, "重新执行得到的结果不同",
                               "re-execution has other effects")  # fmt: skip
            if state_hash(step.state) != step.entry.state_hash:
                return broken("reexecution", row.number, step.entry.seq, "重新执行得到的状态不同",
                               "re-execution arrives at another state")  # fmt: skip
    except (ClauseflowError, ValueError, KeyError) as error:
        seq = step.entry.seq + 1 if step else 0
        text = error.text("zh") if isinstance(error, ClauseflowError) else str(error)
        return broken("reexecution", row.number, seq, f"无法重新执行：{text}", f"cannot be carried out again: {error}")
    if step is None:
        return broken("reexecution", row.number, 0, "没有任何记录", "there are no entries")
    return _check_cache(session, row, step.state)


def _check_cache(session: Session, row: Row[Any], state: State) -> Verdict:
    """The stored state and the open waits are those that history leads to."""
    try:
        cached = state_hash(load_state(row.state))
    except Exception:  # noqa: BLE001 - whatever a damaged blob makes the reader raise, the verdict is the same
        cached = b""
    if cached != state_hash(state) or row.state_hash != cached or row.status != state.status:
        return broken(
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
        return broken("reexecution", row.number, state.seq, "待办与历史不符", "the open waits differ from history")
    return Verdict(True, state.seq)
