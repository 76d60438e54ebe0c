"""Numbers of records: from series, never one that is taken, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from company.records.kinds import RECORD_KINDS, RecordKind
from company.records.save import find_records, save_record
from engine import forms
from engine.actor import Actor
from engine.database import Database
from tests.product import START

CLERK = Actor("bai", "白小鹿", frozenset({"records:*", "edit:*"}))
NEEDED: dict[str, dict[str, Any]] = {
    "customers": {"name": "金穗面粉厂", "type": "company"},
    "knowledge": {"title": "料斗结拱", "kind": "fault", "problem": "结拱", "solution": "调高振动频率。"},
}
NUMBERED = [kind for kind in RECORD_KINDS.values() if kind.prefix]


def save(db: Database, kind: RecordKind, number: str = "") -> str:
    values = {**NEEDED[kind.key], kind.key_field: number}
    return save_record(db, CLERK, START, kind, values, forms.FormEnvironment(now=START))


@pytest.mark.parametrize("kind", NUMBERED, ids=lambda kind: kind.key)
@pytest.mark.parametrize("given", ["2024-0001", "99999999999999999999", "0002", "x", "²"])
def test_a_number_given_by_hand_stops_nobody(db: Database, kind: RecordKind, given: str) -> None:
    by_hand = save(db, kind, f"{kind.prefix}-{given}")
    numbers = [save(db, kind) for _ in range(3)]
    assert numbers == [f"{kind.prefix}-{n:04d}" for n in range(1, 5) if f"{kind.prefix}-{n:04d}" != by_hand][:3]


def test_numbers_go_on_behind_many_that_were_given_by_hand(db: Database) -> None:
    kind = RECORD_KINDS["customers"]
    for number in range(1, 8):
        save(db, kind, f"KH-{number:04d}")
    assert [save(db, kind), save(db, kind)] == ["KH-0008", "KH-0009"]


@pytest.mark.parametrize("kind", NUMBERED, ids=lambda kind: kind.key)
def test_everybody_who_asks_at_once_gets_a_number_of_their_own(db: Database, kind: RecordKind) -> None:
    save(db, kind, f"{kind.prefix}-0005")
    with ThreadPoolExecutor(4) as clerks:
        numbers = list(clerks.map(lambda _: save(db, kind), range(12)))
    assert sorted(numbers) == [f"{kind.prefix}-{n:04d}" for n in range(1, 14) if n != 5]
    with db.reading() as session:
        assert len(find_records(session, kind).items) == 13
