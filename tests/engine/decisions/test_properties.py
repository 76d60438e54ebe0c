"""What must hold for any file and any table."""

from __future__ import annotations

import contextlib
from html import escape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import decisions
from engine.errors import Refused

NUMBERS = st.integers(-3, 3)
CELLS = st.one_of(
    st.just("-"),
    NUMBERS.map(str),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), NUMBERS),
    st.builds("not({})".format, NUMBERS),
    st.builds("{}, {}".format, NUMBERS, NUMBERS),
    st.builds(
        lambda ends, left, right: f"{left}{min(ends)}..{max(ends)}{right}",
        st.tuples(NUMBERS, NUMBERS),
        st.sampled_from("[("),
        st.sampled_from("])"),
    ),
)
TABLES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)
INPUTS = [number / 2 for number in range(-8, 9)]
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def model_of(dmn, policy, rules):
    table = dmn.table(policy, ["x:number", "y:number"], ["out"], [f"{x} | {y} | {n}" for n, (x, y) in enumerate(rules)])
    return dmn.model(dmn.input("x", "number"), dmn.input("y", "number"), dmn.decision("d", table, needs="x, y"))


def matched(model, x, y):
    return [rule["index"] for rule in model.evaluate("d", {"x": x, "y": y}).trace[0]["rules"]]


@given(rules=TABLES)
@MANY
def test_the_check_finds_gaps_and_overlaps_exactly_where_evaluation_does(dmn, rules):
    model = model_of(dmn, "UNIQUE", rules)
    told = {problem.rule for problem in decisions.check(model)}
    found = [matched(model, x, y) for x in INPUTS for y in INPUTS]
    assert ("dmn-gap" in told) == any(not one for one in found)
    assert ("dmn-overlap" in told) == any(len(one) > 1 for one in found)


@given(rules=TABLES)
@MANY
def test_the_check_finds_the_rules_that_never_decide(dmn, rules):
    model = model_of(dmn, "FIRST", rules)
    told = {problem.where for problem in decisions.check(model) if problem.rule == "dmn-unreachable"}
    deciding = {f"r{one[0]}" for x in INPUTS for y in INPUTS if (one := matched(model, x, y))}
    assert told == {f"r{number}" for number in range(1, len(rules) + 1)} - deciding


@given(at=st.integers(0, 2000), insert=st.sampled_from(["<", ">", "&", '"', "0", "循", "<text>", "</rule>", "\x00"]))
@settings(MANY, max_examples=200)
def test_a_damaged_file_is_refused_or_read_but_never_breaks(dmn, at, insert):
    table = dmn.table("UNIQUE", ["x:number"], ["out:string"], ['< 5 | "a"', '>= 5 | "b"'])
    whole = dmn.file(dmn.input("x", "number"), dmn.decision("d", table, needs="x")).decode()
    damaged = whole[: at % len(whole)] + insert + whole[at % len(whole) + len(insert) :]
    with contextlib.suppress(Refused):
        model = decisions.read(damaged.encode(), "damaged.dmn")
        decisions.check(model)
        for name in model.names():
            model.evaluate(name, {"x": 1})


@given(text=st.text(st.sampled_from('x1+-*/()[]{}<>=,."?@ inforetsd循'), max_size=30))
@settings(MANY, max_examples=200)
def test_any_text_in_a_cell_is_told_or_evaluated(dmn, text):
    table = dmn.table("FIRST", ["x"], ["out"], []).replace("</decisionTable>", "")
    cell = escape(text)
    rule = f"<rule><inputEntry><text>{cell}</text></inputEntry><outputEntry><text>{cell}</text></outputEntry></rule>"
    model = dmn.model(dmn.input("x"), dmn.decision("d", table + rule + "</decisionTable>", needs="x"))
    decisions.check(model)
    model.evaluate("d", {"x": 1})
