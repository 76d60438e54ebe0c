"""Decision tables: columns, cells, allowed values."""

from datetime import date

import pytest


def test_a_rule_matches_when_all_its_cells_do(dmn):
    table = dmn.table(
        "UNIQUE", ["age", "kind"], ["out"], ['>= 18 | "a", "b" | 1', "< 18 | - | 2", '>= 18 | not("a", "b") | 3']
    )
    for age, kind, expected in [(18, "b", 1), (17, "b", 2), (20, "c", 3)]:
        assert dmn.value(table, {"age": age, "kind": kind}) == expected


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        ("-", None, True),
        ("", 5, True),
        ("null", None, True),
        ("null", 1, False),
        ("[1..10]", 10, True),
        ("[1..10)", 10, False),
        ("]1..10]", 1, False),
        ("not(null)", 1, True),
        ("true", True, True),
        ("true", False, False),
        ("< limit", 4, True),
        ("limit", 5, True),
        ('date("2026-01-01")', date(2026, 1, 1), True),
        ('> date("2026-01-01")', date(2026, 1, 1), False),
        ("? > 2 and ? < 4", 3, True),
        ("even(?)", 3, False),
        ('"循章"', "循章", True),
        ("> 3", None, False),
        ("> 3", "text", False),
    ],
)
def test_a_cell_sees_the_input_value_and_all_names_in_scope(dmn, cell, value, matches):
    table = dmn.table("UNIQUE", ["x"], ["out"], [f"{cell} | true"])
    assert (dmn.value(table, {"x": value, "limit": 5}) is True) == matches


def test_an_input_expression_may_calculate(dmn):
    table = dmn.table("UNIQUE", ["price * 2", "buyer.first name"], ["out"], ['20 | "王" | price'])
    assert dmn.value(table, {"price": 10, "buyer": {"first name": "王"}}) == 10


def test_an_input_may_be_a_list(dmn):
    table = dmn.table("UNIQUE", ["x"], ["out"], ['list contains(?, "a") | 1', "[1, 2] | 2"])
    assert dmn.value(table, {"x": ["a", "b"]}) == 1
    assert dmn.value(table, {"x": [1, 2]}) == 2


def test_several_outputs_give_a_context_by_output_name(dmn):
    table = dmn.table("UNIQUE", ["x"], ["approver", "说 明"], ['- | "vp" | "好"'])
    assert dmn.value(table, {"x": 1}) == {"approver": "vp", "说 明": "好"}


def test_an_output_may_use_names_in_scope(dmn):
    table = dmn.table("UNIQUE", ["x"], ["out"], ["- | x * rate"])
    assert dmn.value(table, {"x": 3, "rate": 2}) == 6


def test_a_table_without_inputs_always_matches(dmn):
    assert dmn.value(dmn.table("UNIQUE", [], ["out"], ["7"])) == 7


def test_an_input_outside_the_input_values_gives_null_not_the_default(dmn):
    table = dmn.table("UNIQUE", ['x:string:"a","b"'], ["out:::9"], ['"a" | 1'])
    assert dmn.value(table, {"x": "b"}) == 9
    outcome = dmn.outcome(table, {"x": "c"})
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-input-values"]


def test_of_a_list_every_element_must_be_an_input_value(dmn):
    table = dmn.table("UNIQUE", ['x::"a","b"'], ["out"], ["- | 1"])
    assert dmn.value(table, {"x": ["a", "b"]}) == 1
    assert dmn.value(table, {"x": ["a", "c"]}) is None


def test_an_output_outside_the_output_values_becomes_null(dmn):
    outcome = dmn.outcome(dmn.table("UNIQUE", ["x"], ['out:string:"a"'], ['- | "z"']), {"x": 1})
    assert outcome.value is None
    (problem,) = outcome.problems
    assert problem.rule == "dmn-output-values"
    assert "rule 1" in problem.en


def test_an_output_of_another_type_becomes_null(dmn):
    outcome = dmn.outcome(dmn.table("UNIQUE", ["x"], ["out:number"], ['- | "z"']), {"x": 1})
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-type"]


def test_a_cell_that_is_not_feel_never_matches_and_names_its_place(dmn):
    outcome = dmn.outcome(dmn.table("UNIQUE", ["x"], ["out"], ["- | 1", "1 + | 2"]), {"x": 1})
    assert outcome.value == 1
    (problem,) = outcome.problems
    assert problem.rule == "dmn-feel"
    assert "rule 2, column “x”" in problem.en
    assert problem.line == 5


def test_the_process_file_decides_who_approves(dmn):
    """The tiers of bk-12 and bk-13, on each side of every threshold."""
    table = dmn.table(
        "UNIQUE",
        ["price", "waive", "cost"],
        ["who"],
        [
            '< 1000 | false | - | "manager"',
            '>= 1000 | false | - | "vp"',
            '< 1000 | true | <= 5000 | "manager"',
            '[1000..5000] | true | <= 5000 | "vp"',
            '> 5000 | true | <= 5000 | "gm"',
            '- | true | > 5000 | "gm"',
        ],
    )
    cases = [
        ("999.99", False, 9000, "manager"),
        (1000, False, 0, "vp"),
        (5000, True, 5000, "vp"),
        (5000.01, True, 5000, "gm"),
        (1, True, 5000.01, "gm"),
    ]
    for price, waive, cost, expected in cases:
        found = dmn.value(table, {"price": float(price), "waive": waive, "cost": cost})
        assert found == expected
