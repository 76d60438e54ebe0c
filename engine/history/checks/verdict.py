"""Verdicts: what a proof found out about one history."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import Problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """Holds (True), is broken (False, `problem` says where), or there is nothing to judge yet (None).

    `upto` is the last entry the verdict speaks for, -1 for none.
    """

    ok: bool | None
    upto: int
    problem: Problem | None = None


def broken(rule: str, number: str, seq: int, zh: str, en: str) -> Verdict:
    """The verdict that an instance's history does not hold at entry `seq`."""
    where = f"{number}#{seq}"
    return Verdict(False, seq, Problem(rule, where, f"{number} 第 {seq} 条：{zh}", f"{number} entry {seq}: {en}"))
