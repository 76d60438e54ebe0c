"""The trace tells an auditor which rules matched on which inputs, in values that history can store."""

from decimal import Decimal

from engine.decisions.trace import MAX_STEPS, MAX_WEIGHT, plain
from engine.feel import evaluate
from engine.values import decode, encode


def test_a_decision_tells_its_inputs_its_value_and_its_tables_rules(dmn):
    table = dmn.table("COLLECT", ["price", "kind"], ["out"], ["> 1 | - | 1", '- | "b" | 2', "> 5 | - | 3"])
    outcome = dmn.outcome(table, {"price": 10, "kind": "a"})
    assert outcome.trace == [
        {
            "table": "t",
            "inputs": {"price": 10, "kind": "a"},
            "rules": [{"index": 1, "id": "r1"}, {"index": 3, "id": "r3"}],
        },
        {"decision": "d", "name": "d", "inputs": {"price": 10, "kind": "a"}, "value": [1, 3]},
    ]


def test_a_table_in_a_function_is_told_for_every_call(dmn):
    model = dmn.model(
        dmn.function("f", {"x": ""}, dmn.table("UNIQUE", ["x"], ["out"], ["< 5 | 1", ">= 5 | 2"])),
        dmn.decision("d", dmn.literal("[f(1), f(9)]"), knows="f"),
    )
    steps = model.evaluate("d", {}).trace
    assert [step["rules"] for step in steps if "table" in step] == [
        [{"index": 1, "id": "r1"}],
        [{"index": 2, "id": "r2"}],
    ]
    assert steps[-1]["inputs"] == {}


def test_the_trace_survives_the_codec(dmn):
    outcome = dmn.outcome(dmn.literal("[1..5)"), {"from": {"day": evaluate('@"2026-01-01"')}})
    assert decode(encode(outcome.trace)) == outcome.trace
    assert outcome.trace[0]["value"] == "[1..5)"


def test_a_loop_does_not_fill_the_history(dmn):
    model = dmn.model(
        dmn.function("f", {"x": ""}, dmn.table("UNIQUE", ["x"], ["out"], ["- | 1"])),
        dmn.decision("d", dmn.literal("count(for i in 1..1000 return f(i))"), knows="f"),
    )
    outcome = model.evaluate("d", {})
    assert outcome.value == 1000
    assert len(outcome.trace) == MAX_STEPS + 1
    assert outcome.trace[-1] == {"more": True}


def test_large_values_do_not_fill_the_history(dmn):
    outcome = dmn.outcome(dmn.literal("count(xs)"), {"xs": list(range(MAX_WEIGHT))})
    assert outcome.value == MAX_WEIGHT
    assert outcome.trace == [{"more": True}]


def test_ranges_and_functions_become_text():
    assert plain(evaluate('("a"..@"P1D"]')) is None
    assert plain([evaluate('["a".."b"]')]) == ['["a".."b"]']
    assert plain({"r": evaluate('(1..@"2026-01-01")')}) == {"r": None}
    assert plain(evaluate("> 5")) == "(5..)"
    assert plain(evaluate('[@"2026-01-01"..@"2026-02-01"]')) == "[2026-01-01..2026-02-01]"
    assert plain(evaluate("function(x) x")).startswith("function")
    assert plain(Decimal(1)) == 1
