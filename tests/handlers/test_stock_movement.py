"""`stock_movement`: what is lent, used and returned adds up, once per job."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from company.stock import in_store, movements_of, on_loan
from engine.database import Database
from engine.jobs import Job, JobError
from handlers.stock_movement import stock_movement

Make = Callable[..., Job]
SEAL = "MF-120"


def balance(db: Database) -> tuple[Decimal, Decimal]:
    with db.reading() as session:
        return in_store(session, SEAL), on_loan(session, "FS-2026-000001", SEAL)


def moved(kind: str, quantity: str) -> dict[str, Any]:
    return {"kind": kind, "items": [{"part_no": SEAL, "quantity": Decimal(quantity)}]}


def test_a_loan_is_returned_in_part_and_the_rest_booked_out(db: Database, job: Make) -> None:
    stock_movement(job("1-0-0", **moved("in", "10")))
    stock_movement(job("1-1-0", **moved("loan", "4")))
    assert balance(db) == (6, 4)

    stock_movement(job("1-2-0", **moved("return", "1.5")))
    stock_movement(job("1-3-0", **moved("use", "2.5")))

    assert balance(db) == (Decimal("7.5"), 0)


def test_what_was_not_lent_is_used_from_the_store(db: Database, job: Make) -> None:
    stock_movement(job("1-0-0", **moved("loan", "1")))
    stock_movement(job("1-1-0", **moved("use", "3")))

    assert balance(db) == (-3, 0)


def test_a_second_attempt_moves_nothing(db: Database, job: Make) -> None:
    for _ in range(2):
        stock_movement(job(**moved("out", "2")))

    assert balance(db) == (-2, 0)
    with db.reading() as session:
        assert len(movements_of(session, SEAL)) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "gift", "items": []},
        {"kind": "in", "items": "MF-120"},
        {"kind": "in", "items": ["MF-120"]},
        {"kind": "in", "items": [{"part_no": SEAL}]},
        moved("in", "0"),
        moved("in", "-1"),
        moved("in", "0.0001"),
    ],
)
def test_it_refuses_what_cannot_be_moved(db: Database, job: Make, given: dict[str, Any]) -> None:
    with pytest.raises(JobError):
        stock_movement(job(**given))
    assert balance(db) == (0, 0)
