"""Functions written in FEEL, functions given by Python, named arguments."""

from decimal import Decimal
from unittest.mock import Mock

import pytest

from engine.feel import BudgetExceeded, Function, NoValue, evaluate
from engine.feel.types import NUMBER, STRING
from tests.engine.feel.facts import check, facts


@facts(
    ("(function(a, b) a + b)(1, 2)", 3),
    ("{f: function(a, b) a - b, r: f(b: 1, a: 3)}.r", 2),
    ("{f: function() 5, r: f()}.r", 5),
    ("{f: function(first name) first name, r: f(1)}.r", 1),
    ("{f: function(a: number) a + 1, r: f(1)}.r", 2),
    ('{f: function(a: number) a, r: f("x")}.r', None),
    ("{f: function(a: number) a, r: f([1])}.r", 1),
    ("{f: function(a: list<number>) count(a), r: f(1)}.r", 1),
    ("{f: function(a) a, r: f(1, 2)}.r", None),
    ("{f: function(a) a, r: f(b: 1)}.r", None),
    ("{f: function(a) function(b) a + b, r: f(1)(2)}.r", 3),
    ("{k: 10, f: function(a) a + k, r: f(1)}.r", 11),
    ("x(1)", None),
    ("nowhere(1)", None),
    ("{count: 1, r: count([1, 2])}.r", 2),
    ("{apply: function(f, v) f(v), r: apply(abs, -3)}.r", 3),
    ('{f: function(a) external {java: {class: "X", method signature: "y"}}, r: f(1)}.r', None),
)
def test_functions(text, expected):
    check(text, expected)


def test_python_gives_functions():
    double = Function(["n"], lambda args: args[0] * 2, types=[NUMBER], result=NUMBER, name="double it")
    context = {"double it": double, "unit": Function([], Mock(return_value="kg"), result=STRING)}
    assert evaluate("double it(4)", context) == Decimal(8)
    assert evaluate("double it(n: 4)", context) == Decimal(8)
    assert evaluate('double it("a")', context) is None
    assert evaluate("unit()", context) == "kg"


def test_a_python_function_may_have_no_value():
    fail = Mock(side_effect=NoValue("there is none"))
    warnings: list[str] = []
    assert evaluate("f(1)", {"f": Function(["n"], fail)}, warnings=warnings) is None
    assert warnings == ["there is none"]


def test_endless_recursion_is_an_error():
    with pytest.raises(BudgetExceeded, match="function calls"):
        evaluate("{f: function(n) f(n + 1), r: f(1)}.r")
