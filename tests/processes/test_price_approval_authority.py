"""Who decides on a price or a waiver: bk-12 and bk-13, on each side of every boundary."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from engine import decisions
from tests.processes.drawing import ROOT

PATH = ROOT / "processes" / "price_approval.dmn"
CENT = Decimal("0.01")
AROUND = [limit + step for limit in (Decimal(1000), Decimal(5000)) for step in (-CENT, Decimal(0), CENT)]
AMOUNTS = [Decimal(0), CENT, *AROUND, Decimal(10) ** 9]


def decide(kind: str, price: str | Decimal, cost: str | Decimal) -> tuple[str, bool, str]:
    inputs = {"request_kind": kind, "price": Decimal(price), "cost": Decimal(cost)}
    found = decisions.evaluate(PATH.read_bytes(), "authority", inputs)
    return found["approver"], found["necessity"], found["clause"]


@pytest.mark.parametrize(
    "price, approver", [("0.01", "manager"), ("999.99", "manager"), ("1000", "vp"), ("5000", "vp"), ("5000.01", "vp")]
)
@pytest.mark.parametrize("cost", ["0", "5000", "5000.01"])
def test_a_charge_is_approved_by_its_price_whatever_it_costs(price: str, approver: str, cost: str) -> None:
    assert decide("charge", price, cost) == (approver, False, "bk-12")


@pytest.mark.parametrize(
    "price, approver", [("0.01", "manager"), ("999.99", "manager"), ("1000", "vp"), ("5000", "vp"), ("5000.01", "gm")]
)
@pytest.mark.parametrize("cost", ["0", "4999.99", "5000"])
def test_a_waiver_costing_at_most_5000_is_granted_by_its_price(price: str, approver: str, cost: str) -> None:
    assert decide("waiver", price, cost) == (approver, False, "bk-13")


@pytest.mark.parametrize("price", ["0.01", "999.99", "1000", "5000", "5000.01"])
def test_a_waiver_costing_more_than_5000_goes_to_the_general_manager_after_the_necessity(price: str) -> None:
    assert decide("waiver", price, "5000.01") == ("gm", True, "bk-13")


@pytest.mark.parametrize("kind", ["charge", "waiver"])
def test_exactly_one_rule_decides_each_amount(kind: str) -> None:
    model = decisions.read(PATH.read_bytes(), PATH.name)
    for price, cost in product(AMOUNTS, AMOUNTS):
        outcome = model.evaluate("authority", {"request_kind": kind, "price": price, "cost": cost})
        assert outcome.value is not None, (price, cost)


def test_whoever_may_waive_a_price_may_also_charge_it() -> None:
    rank = {"manager": 0, "vp": 1, "gm": 2}
    for price, cost in product(AMOUNTS, AMOUNTS):
        assert rank[decide("waiver", price, cost)[0]] >= rank[decide("charge", price, cost)[0]], (price, cost)


def test_an_unknown_kind_of_request_is_decided_by_nobody() -> None:
    model = decisions.read(PATH.read_bytes(), PATH.name)
    assert model.evaluate("authority", {"request_kind": None, "price": Decimal(1), "cost": Decimal(1)}).value is None


def test_the_table_has_neither_gaps_nor_overlaps() -> None:
    assert decisions.check(decisions.read(PATH.read_bytes(), PATH.name)) == []
