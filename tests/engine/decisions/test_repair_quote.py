"""A whole file, as a designer would draw it: types, a table as a function, contexts, a service, names with spaces."""

from decimal import Decimal
from pathlib import Path

import pytest

from engine import decisions

FILE = Path(__file__).parent / "fixtures" / "repair_quote.dmn"
PARTS = [{"名 称": "阀", "unit price": 900, "数量": 4}, {"名 称": "泵", "unit price": 1000, "数量": 1}]


@pytest.fixture(scope="module")
def model():
    return decisions.read(FILE.read_bytes(), FILE.name)


def test_it_has_no_problems(model):
    assert decisions.check(model) == []


@pytest.mark.parametrize(
    ("level", "hours", "total", "approver"),
    [
        ("重要", 2, "4500.00", "经理"),
        ("重要", 5, "5040.00", "副总"),
        ("普通", 2, "5000.00", "副总"),
        (None, 0, "4600.00", "经理"),
    ],
)
def test_the_quote_follows_the_discount_table(model, level, hours, total, approver):
    given = {"零件清单": PARTS, "客户级别": level, "labour hours": hours}
    assert model.evaluate("报 价", given).value["合 计"] == Decimal(total)
    assert model.evaluate("谁审批", given).value == approver


def test_the_trace_tells_which_discount_was_given_and_why(model):
    steps = model.evaluate("approval", {"零件清单": PARTS, "客户级别": "重要", "labour hours": 5}).trace
    assert [step.get("decision") or step["table"] for step in steps] == [
        "material",
        "discount_table",
        "quote",
        "approval",
    ]
    assert steps[1] == {
        "table": "discount_table",
        "inputs": {"级别": "重要", "金额": 5600},
        "rules": [{"index": 1, "id": "important_large"}],
    }


def test_the_service_takes_the_quote_from_outside(model):
    assert model.evaluate("审批 服务", {"报 价": {"合 计": 4999}}).value == "经理"


def test_a_part_with_a_negative_quantity_makes_the_list_null_and_says_so(model):
    outcome = model.evaluate("材料费", {"零件清单": [{"名 称": "阀", "unit price": 900, "数量": -1}]})
    assert [problem.rule for problem in outcome.problems] == ["dmn-type"]
    assert outcome.problems[0].where == "parts"
