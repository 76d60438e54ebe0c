"""The first verdict: the entries of an instance are whole, in order and unchanged as far as their hashes say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Row

from engine.history import definitions
from engine.history.chain import GENESIS, Head, digest
from engine.history.checks.verdict import Verdict, broken
from engine.history.entries import Entry
from engine.session import Session


def check_chain(session: Session, row: Row[Any], history: Sequence[Entry]) -> Verdict:
    """Judge the entries of an instance; `row` is its row of `instances`."""
    previous = GENESIS
    for expected, entry in enumerate(history):
        problem = _problem(session, row.number, expected, entry, previous)
        if problem:
            return broken("chain", row.number, expected, *problem)
        previous = entry.hash
    if not history:
        return broken("chain", row.number, 0, "没有任何记录", "there are no entries")
    if len(history) != row.seq + 1:
        return broken(
            "chain", row.number, len(history), "末尾的记录被删除或添加", "entries at the end were cut or added"
        )
    return Verdict(True, row.seq)


def _problem(session: Session, number: str, expected: int, entry: Entry, previous: bytes) -> tuple[str, str] | None:
    if entry.seq != expected:
        return "缺少这条记录", "the entry is missing"
    if digest(entry.input.encode()) != entry.input_digest:
        return "输入被改动", "the input was changed"
    if digest(entry.effects.encode()) != entry.effects_digest:
        return "结果被改动", "the effects were changed"
    head = Head(
        number, entry.seq, entry.kind, entry.at, entry.actor, entry.on_behalf_of,
        definitions.by_id(session, entry.definition_id).definition.hash, entry.revision,
        entry.input_digest, entry.effects_digest, entry.state_hash,
    )  # fmt: skip
    if head.hash(previous) != entry.hash:
        return "记录头或哈希被改动，或记录被调换", "the head or the hash was changed, or entries changed places"
    return None
