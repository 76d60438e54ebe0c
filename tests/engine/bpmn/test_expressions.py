"""FEEL is the only language a diagram speaks; no other evaluator is within reach."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path
from unittest.mock import Mock

import pytest
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine

import engine
from engine.bpmn.errors import ExpressionFailed
from engine.bpmn.expressions import EvaluationContext, Formula, shown
from engine.feel import Expression

ENGINE = Path(engine.__file__).parent


def test_every_expression_of_a_diagram_is_evaluated_by_feel(walk, monkeypatch):
    evaluated = []
    plain = Expression.evaluate

    def evaluate(self, *args, **kwargs):
        evaluated.append(self.text)
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(Expression, "evaluate", evaluate)
    walk("a_user_task_opens_with_its_lane_person_priority_and_deadline").start(engineer="lin", urgent=False)
    walk("an_exclusive_gateway_takes_the_first_true_flow_else_the_default").start(amount=Decimal(1))
    walk("a_script_task_computes_a_variable").start(labour=Decimal(1), parts=Decimal(2))
    walk("a_completion_condition_ends_the_rest").start(people=["lin"]).do("sign", answer="no")
    walk("a_timer_may_be_a_formula").start(urgent=True)
    walk("a_message_catch_event_waits_under_its_key").start(order_no="A-7")
    walk("a_standard_loop_repeats_while_its_condition_is_true").start(more=True).do("report")
    walk("a_call_activity_asks_for_a_child_and_goes_on_with_its_end").start(product="pump")
    walk("a_title_follows_the_variables").start(customer="东方厂", product="泵")
    for text in (
        "engineer", "if urgent then 5 else 0", "amount > 1000", "labour + parts", "people", "answer", "order_no",
        'answer = "no" or numberOfCompletedInstances >= 2', "more", "{product: product}",
        'if urgent then duration("PT1H") else duration("P1M")', 'customer + " · " + product',
    ):  # fmt: skip
        assert text in evaluated


def test_the_script_engine_of_spiffworkflow_is_never_made(walk, monkeypatch):
    made = AssertionError("a Python evaluator was made")
    monkeypatch.setattr(PythonScriptEngine, "__init__", Mock(side_effect=made))
    case = walk("a_completion_condition_ends_the_rest").start(people=["lin"]).do("sign", answer="no")
    assert case.open == ["check"]


def test_nothing_that_runs_diagrams_evaluates_or_compiles_python():
    files = list((ENGINE / "bpmn").rglob("*.py"))
    assert {"compiling.py", "expressions.py", "advance.py"} <= {path.name for path in files}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "compile", "__import__"), path.name
            if isinstance(node, ast.ImportFrom):
                assert "script_engine" not in (node.module or ""), path.name


def test_a_formula_that_runs_away_is_an_error_of_its_element():
    formula = Formula({"node": "spin [spin]"}, "script", "for i in 1..10**9 return i")
    with pytest.raises(ExpressionFailed, match=r"script of “spin \[spin\]”"):
        formula.value({}, EvaluationContext(None))


def test_a_value_is_shown_short():
    assert shown({"a": [Decimal("1.50"), None]}) == '{"a":[1.5,null]}'
    assert len(shown("x" * 500)) == 80
