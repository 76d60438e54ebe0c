"""Evaluating a model: inputs, the clock, budgets, threads."""

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine import decisions


def test_inputs_may_be_plain_python_numbers_and_tuples(dmn):
    found = dmn.value(dmn.literal("[x, y, z]"), {"x": 1, "y": 0.1, "z": (1, 2)})
    assert found == [Decimal(1), Decimal("0.1"), [1, 2]]
    assert all(isinstance(value, Decimal) for value in found[:2])


def test_input_names_are_normalised(dmn):
    model = dmn.model(dmn.input("unit  price"), dmn.decision("d", dmn.literal("unit price"), needs="unit  price"))
    assert model.evaluate("d", {"unit   price": 5}).value == 5


def test_inputs_it_does_not_know_are_ignored(dmn):
    assert dmn.model(dmn.decision("d", dmn.literal("1"))).evaluate("d", {"other": 1}).value == 1


def test_the_clock_is_the_callers(dmn):
    moment = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    data = dmn.file(dmn.decision("d", dmn.literal("now()")))
    assert decisions.evaluate(data, "d", {}, now=moment) == moment
    assert decisions.evaluate(data, "d", {}) is None


def test_an_exceeded_budget_is_a_problem_that_names_the_element(dmn):
    outcome = dmn.outcome(dmn.literal("for a in 1..1000, b in 1..1000 return a"))
    assert outcome.value is None
    assert [(problem.rule, problem.where) for problem in outcome.problems] == [("dmn-budget", "d")]
    assert outcome.problems[0].zh


def test_the_budget_covers_the_whole_graph(dmn):
    heavy = dmn.literal("count(for a in 1..60000 return a)")
    parts = [dmn.decision(f"d{number}", heavy) for number in range(20)]
    needs = "".join(
        f'<informationRequirement><requiredDecision href="#d{number}"/></informationRequirement>'
        for number in range(20)
    )
    model = dmn.model(*parts, f'<decision id="all" name="all">{needs}{dmn.literal("d0")}</decision>')
    assert model.evaluate("d0", {}).value == 60000
    assert [problem.rule for problem in model.evaluate("all", {}).problems] == ["dmn-budget"]


@pytest.mark.parametrize("text", ["9**9999999", 'floor(number("1e9999999"))', "(" * 5000 + "1" + ")" * 5000])
def test_expressions_that_ask_for_too_much_give_a_problem(dmn, text):
    outcome = dmn.outcome(dmn.literal(text))
    assert outcome.value is None
    assert [problem.where for problem in outcome.problems] == ["d"]


def test_a_model_is_shared_by_threads(dmn):
    table = dmn.table("UNIQUE", ["x"], ["out"], [f"{number} | {number}" for number in range(50)])
    model = dmn.model(dmn.input("x"), dmn.decision("d", table, needs="x"))
    found: dict[int, object] = {}

    def run(start: int) -> None:
        for value in range(start, 50, 4):
            found[value] = model.evaluate("d", {"x": value}).value

    threads = [threading.Thread(target=run, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {value: value for value in range(50)}


def test_the_same_question_has_the_same_answer(dmn):
    model = dmn.model(dmn.input("x"), dmn.decision("d", dmn.literal("x * 3"), needs="x"))
    assert model.evaluate("d", {"x": 1}) == model.evaluate("d", {"x": 1})
