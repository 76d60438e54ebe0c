"""Hit policies: what a table comes to when none, one or several rules match."""

from datetime import timedelta
from decimal import Decimal

import pytest

RULES = ["> 1 | 10", "> 2 | 30", "> 3 | 20", "> 3 | 20"]


def run(dmn, policy, value, rules=RULES, outputs=("out",)):
    return dmn.outcome(dmn.table(policy, ["x"], list(outputs), rules), {"x": value})


def test_unique_gives_the_one_match(dmn):
    assert run(dmn, "UNIQUE", 2).value == 10


def test_unique_with_two_matches_is_null_and_names_the_rules(dmn):
    outcome = run(dmn, "UNIQUE", 3)
    assert outcome.value is None
    (problem,) = outcome.problems
    assert problem.rule == "dmn-hit-policy"
    assert "1, 2" in problem.en
    assert "1、2" in problem.zh
    assert problem.where == "t"


def test_unique_is_the_policy_of_a_table_that_names_none(dmn):
    logic = dmn.table("UNIQUE", ["x"], ["out"], RULES).replace(' hitPolicy="UNIQUE"', "")
    assert dmn.value(logic, {"x": 3}) is None
    assert dmn.value(logic, {"x": 2}) == 10


def test_any_gives_the_output_that_all_matches_agree_on(dmn):
    assert run(dmn, "ANY", 2, ["> 1 | 10", "> 0 | 10", "> 5 | 7"]).value == 10


def test_any_is_null_when_matches_disagree(dmn):
    outcome = run(dmn, "ANY", 4)
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-hit-policy"]


def test_first_gives_the_first_match_in_rule_order(dmn):
    assert run(dmn, "FIRST", 4).value == 10


def test_priority_follows_the_order_of_the_output_values(dmn):
    assert run(dmn, "PRIORITY", 4, outputs=("out::20,30,10",)).value == 20
    assert run(dmn, "PRIORITY", 3, outputs=("out::20,30,10",)).value == 30


def test_priority_of_several_outputs_looks_at_the_first_column_first(dmn):
    rules = ['> 0 | "low" | "z"', '> 0 | "high" | "b"', '> 0 | "high" | "a"']
    outputs = ('level::"high","low"', 'name::"a","b","z"')
    assert run(dmn, "PRIORITY", 1, rules, outputs).value == {"level": "high", "name": "a"}


def test_output_order_sorts_by_the_output_values(dmn):
    assert run(dmn, "OUTPUT ORDER", 4, outputs=("out::30,20,10",)).value == [30, 20, 20, 10]


def test_output_order_may_follow_the_allowed_values_of_the_type(dmn):
    grades = '<itemDefinition name="g"><typeRef>string</typeRef><allowedValues><text>"b","a"</text></allowedValues>'
    table = dmn.table("OUTPUT ORDER", ["x"], ["out:g"], ['> 0 | "a"', '> 0 | "b"'])
    model = dmn.model(grades + "</itemDefinition>", dmn.input("x"), dmn.decision("d", table, needs="x"))
    assert model.evaluate("d", {"x": 1}).value == ["b", "a"]


def test_rule_order_gives_all_matches_in_rule_order(dmn):
    assert run(dmn, "RULE ORDER", 4).value == [10, 30, 20, 20]


def test_collect_gives_all_matches(dmn):
    assert run(dmn, "COLLECT", 3).value == [10, 30]


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 80), ("MIN", 10), ("MAX", 30), ("COUNT", 4)])
def test_collect_aggregates(dmn, aggregation, expected):
    value = run(dmn, f"COLLECT/{aggregation}", 4).value
    assert value == expected
    assert isinstance(value, Decimal)


def test_collect_finds_the_longest_duration(dmn):
    rules = ['> 0 | @"PT1H"', '> 0 | @"PT2H"']
    assert run(dmn, "COLLECT/MAX", 1, rules).value == timedelta(hours=2)


def test_collect_of_several_outputs_gives_contexts(dmn):
    found = run(dmn, "COLLECT", 3, ["> 1 | 1 | 2", "> 2 | 3 | 4"], ("a", "b")).value
    assert found == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


def test_several_outputs_are_counted_but_not_summed(dmn):
    rules = ["> 1 | 1 | 2", "> 2 | 3 | 4"]
    assert run(dmn, "COLLECT/COUNT", 3, rules, ("a", "b")).value == 2
    outcome = run(dmn, "COLLECT/SUM", 3, rules, ("a", "b"))
    assert outcome.value is None
    assert outcome.problems


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("UNIQUE", None),
        ("ANY", None),
        ("FIRST", None),
        ("PRIORITY", None),
        ("RULE ORDER", []),
        ("OUTPUT ORDER", []),
        ("COLLECT", []),
        ("COLLECT/COUNT", 0),
        ("COLLECT/SUM", None),
        ("COLLECT/MIN", None),
    ],
)
def test_no_match_without_a_default(dmn, policy, expected):
    outcome = run(dmn, policy, 0)
    assert outcome.value == expected
    assert outcome.problems == []


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
def test_no_match_gives_the_default_output(dmn, policy):
    assert run(dmn, policy, 0, outputs=("out:number:10,20,30,99:99",)).value == 99


def test_no_match_gives_the_default_of_each_output(dmn):
    found = run(dmn, "UNIQUE", 0, ["> 1 | 1 | 2"], ("a:::7", "b")).value
    assert found == {"a": 7, "b": None}
