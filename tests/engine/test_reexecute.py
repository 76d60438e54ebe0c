"""Proof: an untouched history holds; every kind of tampering is named with instance and entry."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from engine.commands import rebuild
from engine.database import Database
from engine.history.anchoring.anchors import take_anchor
from engine.proving.reexecute import Report, verify
from engine.tables import anchors, entries, instances, waits
from tests.product import LIN, ZHENG, Approval

DECIDED = 4  # start, material prices, draft, costing: the entry of the decision


@pytest.fixture
def decided(approval: Approval) -> Approval:
    """An approval as far as the manager's decision."""
    approval.start().drafted().costed().do(ZHENG, "manager_decision", decision="approve")
    return approval


def proof(case: Approval, outside: Path | None = None) -> Report:
    with case.db.reading() as session:
        return verify(session, case.number, outside)


def tamper(db: Database, statement: Any) -> None:
    db.write(lambda session: session.execute(statement))


def test_an_untouched_history_is_proven_to_its_last_entry(decided: Approval) -> None:
    report = proof(decided)

    assert report.ok
    assert report.entries == DECIDED + 1
    assert (report.chain.ok, report.chain.upto) == (True, DECIDED)
    assert (report.reexecution.ok, report.reexecution.upto) == (True, DECIDED)
    assert report.anchors.ok is None


@pytest.mark.parametrize("column", ["input", "effects"])
@pytest.mark.parametrize("place", [0, 7, -1])
def test_one_changed_byte_of_a_payload_names_the_entry(decided: Approval, column: str, place: int) -> None:
    with decided.db.reading() as session:
        text = session.execute(
            select(entries.c[column]).where(entries.c.instance_id == decided.instance_id, entries.c.seq == 2)
        ).scalar_one()
    changed = list(text)
    changed[place] = "7" if changed[place] != "7" else "8"
    tamper(decided.db, _entry(decided, 2).values({column: "".join(changed)}))

    report = proof(decided)

    assert (report.chain.ok, report.chain.upto) == (False, 2)
    assert report.chain.problem is not None
    assert f"{decided.number}#2" == report.chain.problem.where


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "别人"},
        {"on_behalf_of": "别人"},
        {"kind": "cancel"},
        {"revision": 7},
        {"hash": bytes(32)},
        {"state_hash": bytes(32)},
        {"input_digest": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_head_names_the_entry(decided: Approval, change: dict[str, Any]) -> None:
    tamper(decided.db, _entry(decided, 3).values(change))

    report = proof(decided)

    assert (report.chain.ok, report.chain.upto) == (False, 3)


def test_a_changed_time_names_the_entry(decided: Approval) -> None:
    tamper(decided.db, _entry(decided, 1).values(at=decided.now + timedelta(microseconds=1)))

    assert proof(decided).chain.upto == 1


def test_a_deleted_entry_is_missed_where_it_stood(decided: Approval) -> None:
    tamper(decided.db, delete(waits).where(waits.c.instance_id == decided.instance_id, waits.c.seq == 2))
    tamper(decided.db, delete(entries).where(entries.c.instance_id == decided.instance_id, entries.c.seq == 2))

    report = proof(decided)

    assert (report.chain.ok, report.chain.upto) == (False, 2)


def test_entries_deleted_at_the_end_are_missed(decided: Approval) -> None:
    tamper(decided.db, delete(waits).where(waits.c.instance_id == decided.instance_id, waits.c.seq == DECIDED))
    tamper(decided.db, delete(entries).where(entries.c.instance_id == decided.instance_id, entries.c.seq == DECIDED))

    assert proof(decided).chain.upto == DECIDED


def test_a_consistent_forgery_of_inputs_is_caught_by_reexecution(decided: Approval) -> None:
    """Whoever recomputes digests and hashes, too, still has not the state that the input leads to."""
    from engine.history.chain import digest  # the forger's tool

    with decided.db.reading() as session:
        text = session.execute(
            select(entries.c.input).where(entries.c.instance_id == decided.instance_id, entries.c.seq == 2)
        ).scalar_one()
    forged = text.replace('"price":800', '"price":900')
    assert forged != text
    tamper(decided.db, _entry(decided, 2).values(input=forged, input_digest=digest(forged.encode())))

    report = proof(decided)

    assert (report.reexecution.ok, report.reexecution.upto) == (False, 2)


@pytest.mark.parametrize("column", ["status", "state", "state_hash"])
def test_a_changed_cache_is_told_apart_from_a_changed_history(decided: Approval, column: str) -> None:
    value = {"status": "completed", "state": b"{}", "state_hash": bytes(32)}[column]
    tamper(decided.db, update(instances).where(instances.c.id == decided.instance_id).values({column: value}))

    report = proof(decided)

    assert report.chain.ok
    assert report.reexecution.ok is False


@pytest.mark.parametrize("change", [{"lane": "finance"}, {"assignee": "别人"}, {"node_id": "gm_decision"}])
def test_a_changed_wait_is_noticed(decided: Approval, change: dict[str, str]) -> None:
    statement = update(waits).where(waits.c.instance_id == decided.instance_id, waits.c.closed_at.is_(None))
    tamper(decided.db, statement.values(change))

    assert proof(decided).reexecution.ok is False


def test_rebuilding_from_history_gives_the_same_database(decided: Approval) -> None:
    other = Approval(decided.db, decided.now).start(by=LIN, customer="另一家").drafted(price=1500).costed()
    before = _cache(decided.db)
    tamper(decided.db, delete(waits))
    tamper(decided.db, update(instances).values(state=b"", state_hash=bytes(32), title="", status="lost"))

    for case in (decided, other):
        rebuild(decided.db, case.number)

    assert _cache(decided.db) == before
    assert proof(decided).ok
    assert proof(other).ok


def test_an_anchor_covers_what_it_saw_and_says_how_far(decided: Approval, tmp_path: Path) -> None:
    outside = tmp_path / "anchors.jsonl"
    anchor = take_anchor(decided.db, decided.now, outside)
    assert anchor is not None
    decided.do(LIN, "negotiate", negotiation_result="agreed", final_price=800)

    report = proof(decided, outside)

    assert (report.anchors.ok, report.anchors.upto) == (True, DECIDED)
    assert report.chain.upto == DECIDED + 1


def test_nothing_new_takes_no_anchor(decided: Approval, tmp_path: Path) -> None:
    outside = tmp_path / "anchors.jsonl"
    take_anchor(decided.db, decided.now, outside)

    assert take_anchor(decided.db, decided.now, outside) is None
    assert len(outside.read_text().splitlines()) == 1


def test_a_whole_rewritten_history_differs_from_its_anchor(decided: Approval, tmp_path: Path) -> None:
    """The forger runs the case anew with another decision, hashes and all, and swaps the rows."""
    outside = tmp_path / "anchors.jsonl"
    take_anchor(decided.db, decided.now, outside)
    forged = Approval(decided.db).start().drafted().costed()
    forged.do(ZHENG, "manager_decision", decision="reject", return_reason="重写")
    with decided.db.reading() as session:
        last = session.execute(
            select(entries).where(entries.c.instance_id == forged.instance_id, entries.c.seq == DECIDED)
        ).one()
    row = dict(last._mapping) | {"instance_id": decided.instance_id}
    tamper(decided.db, delete(waits).where(waits.c.instance_id == decided.instance_id, waits.c.seq == DECIDED))
    tamper(decided.db, delete(entries).where(entries.c.instance_id == decided.instance_id, entries.c.seq == DECIDED))
    tamper(decided.db, insert(entries).values(row))

    report = proof(decided, outside)

    assert (report.anchors.ok, report.anchors.upto) == (False, DECIDED)


def test_a_rewritten_root_differs_from_the_one_kept_outside(decided: Approval, tmp_path: Path) -> None:
    outside = tmp_path / "anchors.jsonl"
    take_anchor(decided.db, decided.now, outside)
    line = json.loads(outside.read_text())
    outside.write_text(json.dumps(line | {"root": "00" * 32}) + "\n")

    assert proof(decided, outside).anchors.ok is False

    outside.write_text(json.dumps(line) + "\n")
    tamper(decided.db, update(anchors).values(root=bytes(32)))
    assert proof(decided, outside).anchors.ok is False


def test_an_impossible_recorded_input_is_a_verdict_not_a_crash(decided: Approval) -> None:
    tamper(decided.db, _entry(decided, 1).values(input='{"wait":[77,0]}'))

    report = proof(decided)

    assert (report.reexecution.ok, report.reexecution.upto) == (False, 1)


def _entry(case: Approval, seq: int) -> Any:
    return update(entries).where(entries.c.instance_id == case.instance_id, entries.c.seq == seq)


def _cache(db: Database) -> list[Any]:
    with db.reading() as session:
        columns = [instances.c[name] for name in ("id", "state", "state_hash", "title", "status", "seq")]
        return [
            session.execute(select(*columns).order_by(instances.c.id)).all(),
            session.execute(select(waits).order_by(waits.c.instance_id, waits.c.seq, waits.c.k)).all(),
        ]
