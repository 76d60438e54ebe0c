"""The audit log: whatever is done to its rows afterwards is named with the row."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from typing_extensions import override

from engine.database import Database
from engine.history.anchoring.anchors import read_outside, take_anchor
from engine.history.audit_log import MOST, add_row, check_audit_log, hash_of
from engine.history.chain import GENESIS
from engine.history.checks.anchor_check import Witnesses, check_all
from engine.proving.proof import verify_all
from engine.session import Session
from engine.tables import anchors, people_log
from tests.databases import forging
from tests.product import START

ROWS, ANCHORED = 12, (4, 9, 12)
TAMPERINGS = 300


@pytest.fixture
def outside(db: Database, tmp_path: Path) -> Path:
    """Twelve acts under three anchors."""
    path = tmp_path / "anchors.jsonl"
    for number in range(1, ROWS + 1):
        do(db, number)
        if number in ANCHORED:
            assert take_anchor(db, START, path) is not None
    return path


def do(db: Database, number: int) -> None:
    at = START + timedelta(seconds=number)
    db.write(
        lambda session: add_row(session, at, "admin", "reset_password", f"person{number % 3}", f'{{"n": {number}}}')
    )


def problems(session: Session, outside: Path) -> list[str]:
    found = check_all(session, Witnesses.of(session, outside))
    return [f"{problem.where.split('#')[1]}: {problem.en}" for problem in found if problem.rule == "acts"]


@dataclass(slots=True)
class Forger:
    """Tampers with the log in a transaction that is rolled back; every tampering gives the first row it shows at."""

    session: Session
    dice: random.Random

    def rows(self) -> list[Any]:
        return list(self.session.execute(select(people_log).order_by(people_log.c.id)))

    def some(self, count: int = 1) -> list[int]:
        return sorted(self.dice.sample(range(1, ROWS + 1), count))

    def put(self, row: int, **columns: Any) -> None:
        self.session.execute(update(people_log).where(people_log.c.id == row).values(columns))

    def rechain(self, first: int, *, from_here_on: bool = True) -> None:
        """Make hashes that fit what stands there now: of one row, or of it and all behind it."""
        rows = self.rows()
        previous = {row.id: row.hash for row in rows}.get(first - 1, GENESIS)
        for row in rows[first - 1 :]:
            fitting = hash_of(row.id, row.at, row.actor, row.act, row.subject, row.details, previous)
            self.put(row.id, previous=previous, hash=fitting)
            previous = fitting
            if not from_here_on:
                break

    def edit(self) -> int:
        (row,) = self.some()
        column = self.dice.choice(["actor", "act", "subject", "details", "at", "hash", "previous"])
        value = {"at": START - timedelta(days=1), "hash": self.dice.randbytes(32), "previous": self.dice.randbytes(32)}
        self.put(row, **{column: value.get(column, "forged")})
        return row

    def remove(self) -> int:
        first = self.some()[0]
        last = self.dice.randrange(first, ROWS + 1)
        self.session.execute(delete(people_log).where(people_log.c.id.between(first, last)))
        return first

    def remove_and_number_anew(self) -> int:
        """What comes after closes up; only the anchors know where everything stood."""
        (row,) = self.some()
        self.session.execute(delete(people_log).where(people_log.c.id == row))
        for later in range(row + 1, ROWS + 1):
            self.put(later, id=later - 1)
        self.rechain(row)
        return next(seen for seen in ANCHORED if seen >= row)

    def swap(self) -> int:
        one, other = self.some(2)
        for row, place in ((one, 99), (other, one), (99, other)):
            self.put(row, id=place)
        return one

    def swap_what_is_said(self) -> int:
        one, other = self.some(2)
        said = {row.id: {name: getattr(row, name) for name in ("at", "subject", "details")} for row in self.rows()}
        self.put(one, **said[other])
        self.put(other, **said[one])
        return one

    def rewrite(self) -> int:
        """One row is made to fit its own hash again."""
        (row,) = self.some()
        self.put(row, actor="forged")
        self.rechain(row, from_here_on=False)
        return row

    def rewrite_to_the_end(self) -> int:
        """All hashes behind the row are made anew: the next anchor's row is the first that differs."""
        (row,) = self.some()
        self.put(row, actor="forged")
        self.rechain(row)
        return next(seen for seen in ANCHORED if seen >= row)

    def insert_before_the_first(self) -> int:
        first = self.rows()[0]._asdict()
        self.session.execute(insert(people_log).values(first | {"id": 0}))
        return 0


KINDS: list[Callable[[Forger], int]] = [
    Forger.edit,
    Forger.remove,
    Forger.remove_and_number_anew,
    Forger.swap,
    Forger.swap_what_is_said,
    Forger.rewrite,
    Forger.rewrite_to_the_end,
    Forger.insert_before_the_first,
]


@pytest.mark.long
def test_every_random_tampering_is_named_at_its_row(db: Database, outside: Path) -> None:
    for number in range(TAMPERINGS):
        dice = random.Random(number)  # noqa: S311
        kind = dice.choice(KINDS)
        with forging(db) as session:
            row = kind(Forger(session, dice))
            found = problems(session, outside)
            assert found and found[0].startswith(f"{row}: "), (number, kind.__name__, row, found)


def test_what_was_not_touched_holds_and_goes_on(db: Database, outside: Path) -> None:
    do(db, ROWS + 1)
    _, found = verify_all(db, outside)

    assert list(found) == []
    assert [anchor.acts and anchor.acts[0] for anchor in read_outside(outside)] == [*ANCHORED]


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        (lambda forger: forger.put(5, subject="x"), ["5: row 5 of the audit log was changed"]),
        (lambda forger: forger.remove(), ["12: row 12 of the audit log was removed"]),
        (
            lambda forger: [forger.put(*move[:1], id=move[1]) for move in ((2, 99), (7, 2), (99, 7))],
            [
                "2: row 2 of the audit log was moved: what stands here is row 7",
                "7: row 7 of the audit log was moved: what stands here is row 2",
            ],
        ),
        (
            lambda forger: [forger.put(6, actor="x"), forger.rechain(6, from_here_on=False)],
            ["6: row 6 of the audit log was rewritten: what stands beside it does not fit"],
        ),
    ],
    ids=["changed", "removed", "moved", "rewritten"],
)
def test_neighbours_of_what_was_tampered_with_are_not_blamed(
    db: Database, outside: Path, tampering: Any, said: list[str]
) -> None:
    class LastRow(random.Random):
        @override
        def sample(self, population: Any, k: int, *, counts: Any = None) -> list[Any]:
            return [ROWS]

    with forging(db) as session:
        tampering(Forger(session, LastRow(0)))
        assert problems(session, outside) == said


def test_acts_alone_are_anchored_once(db: Database, outside: Path) -> None:
    assert take_anchor(db, START, outside) is None
    do(db, ROWS + 1)
    taken = take_anchor(db, START, outside)

    assert taken is not None and taken.acts is not None
    assert (taken.heads, taken.openings, taken.acts[0]) == ((), None, ROWS + 1)


def test_an_anchor_of_acts_that_was_edited_differs_from_its_root(db: Database, outside: Path) -> None:
    db.write(lambda session: session.execute(update(anchors).where(anchors.c.id == 2).values(acts=0)))
    _, found = verify_all(db, outside)

    assert [problem.where for problem in found] == ["anchor 2"]


@pytest.mark.parametrize("kept", [True, False])
def test_the_last_anchor_may_only_be_missing_while_its_acts_are_there(db: Database, outside: Path, kept: bool) -> None:
    db.write(lambda session: session.execute(delete(anchors).where(anchors.c.id == 3)))
    if not kept:
        db.write(lambda session: session.execute(delete(people_log).where(people_log.c.id == ROWS)))
    _, found = verify_all(db, outside)

    assert [problem.where for problem in found] == ([] if kept else ["anchor 3", f"people_log#{ROWS}"])


def test_writers_at_once_make_one_chain(db: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: do(db, number), range(20)))

    with db.reading() as session:
        assert check_audit_log(session, []) == []
        assert session.execute(select(people_log.c.id).order_by(people_log.c.id)).scalars().all() == [*range(1, 21)]


@pytest.mark.usefixtures("outside")
def test_a_log_forged_throughout_is_named_as_far_as_anybody_reads(db: Database) -> None:
    for number in range(ROWS, MOST + ROWS):
        do(db, number)
    with forging(db) as session:
        session.execute(update(people_log).values(actor="forged"))
        assert len(check_audit_log(session, [])) == MOST
