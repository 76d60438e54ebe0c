"""docs/dmn.md names the test that proves each row: the tests exist, and every policy and expression has a row."""

import re
from pathlib import Path

from engine.decisions.logic.hit_policies import AGGREGATIONS, POLICIES
from engine.decisions.read.boxed_expressions import READERS

HERE = Path(__file__).parent
TEXT = (HERE.parents[2] / "docs" / "dmn.md").read_text()
NAMES = {"functionDefinition": "function", "literalExpression": "literal", "decisionTable": "decision table"}


def rows():
    return [line for line in TEXT.splitlines() if line.startswith("| ") and "测试 Test" not in line]


def test_every_row_names_tests_that_exist():
    written = "\n".join(file.read_text() for file in HERE.glob("test_*.py"))
    for row in rows():
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        for name in named:
            assert f"def {name}(" in written, name


def test_every_hit_policy_and_boxed_expression_has_a_row():
    first_cells = " | ".join(row.split("|")[1] for row in rows())
    for policy in [*POLICIES, *AGGREGATIONS, "COUNT"]:
        assert policy in first_cells
    for kind in READERS:
        assert NAMES.get(kind, kind) in first_cells
