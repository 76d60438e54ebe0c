"""The proof of a whole database: in order, the same with several processes, and its cost linear in the cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from engine.commands import correct_data
from engine.database import Database
from engine.history.anchoring.anchors import take_anchor
from engine.history.checks import anchor_check
from engine.proving import proof
from engine.proving.proof import Proof, verify_all
from engine.tables import entries
from tests.bench import ADMIN, Bench, bench

__all__ = ["bench"]

CASES = 5


@pytest.fixture
def outside(bench: Bench, tmp_path: Path) -> Path:
    """Five cases of two entries under two anchors; the third case was tampered with."""
    path = tmp_path / "anchors.jsonl"
    bench.deploy("deadline")
    numbers = [bench.start("deadline", f"A{n}").number for n in range(CASES)]
    take_anchor(bench.db, bench.now, path)
    for number in numbers:
        correct_data(bench.db, ADMIN, bench.later(minutes=1).now, number, {"amount": 2}, "更正")
    take_anchor(bench.db, bench.now, path)
    change = update(entries).where(entries.c.instance_id == 3, entries.c.seq == 1).values(actor="王")
    bench.db.write(lambda session: session.execute(change))
    return path


def test_several_processes_say_what_one_says_in_the_same_order(
    db: Database, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "PAGE", 2)
    whole = Proof(db, outside)
    alone = list(whole.reports())

    assert [report.ok for report in alone] == [True, True, False, True, True]
    assert [report.number[-1] for report in alone] == ["1", "2", "3", "4", "5"]
    assert list(whole.reports(jobs=2)) == alone


def test_an_anchor_is_judged_once_however_many_cases_it_covers(
    db: Database, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Any] = []
    root_of = anchor_check.root_of
    monkeypatch.setattr(anchor_check, "root_of", lambda *given: judged.append(given) or root_of(*given))

    reports, _ = verify_all(db, outside)

    assert len(reports) == CASES
    assert len(judged) == 2


def test_cases_begun_while_proving_are_left_to_the_next_proof(bench: Bench, outside: Path) -> None:
    whole = Proof(bench.db, outside)
    reports = whole.reports()
    bench.start("deadline", "A9")

    assert len(list(reports)) == whole.cases == CASES
