"""Turns a syntax tree into Python closures that take a Frame and return a value.

The cost of an expression without loops is bounded by its length; so steps are counted only where a body
runs again: each round of a loop and each call of a function costs as many steps as its body has nodes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.builtins.signature import Builtin
from engine.feel.comparison import equal, order
from engine.feel.errors import NoValue
from engine.feel.evaluate import construction, loops, membership
from engine.feel.evaluate.building import Build, Evaluator
from engine.feel.evaluate.frames import Frame
from engine.feel.evaluate.operators import ARITHMETIC, EXPENSIVE, NEGATION, apply
from engine.feel.evaluate.properties import path
from engine.feel.functions import Function
from engine.feel.parse import nodes as n

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def build(node: n.Node) -> Evaluator:
    """The closure that evaluates a node."""
    return _BUILDERS[type(node)](node, build)


def _literal(node: n.Literal, *args: Build) -> Evaluator:
    value = node.value
    return lambda frame: value  # noqa: ARG005  # called most of all, and `*args` would take longer


def _name(node: n.Name, *args: Build) -> Evaluator:
    name = node.name

    def look_up(frame: Frame) -> Any:
        run = frame.run
        around: Frame | None = frame
        while around is not None:
            names = around.names
            if name in names:
                return names[name]
            around = around.outer
        if name not in BUILTINS:
            run.warn(f"unknown name {name!r}")
        return BUILTINS.get(name)

    return look_up


def _path(node: n.Path, build: Build) -> Evaluator:
    base, name = build(node.base), node.name

    def follow(frame: Frame) -> Any:
        value = base(frame)
        if type(value) is list:
            frame.run.spend_on(value)
        return path(value, name)

    return follow


def _call(node: n.Call, build: Build) -> Evaluator:
    function, names = build(node.function), node.names
    args = [build(arg) for arg in node.args]
    # A variable that happens to be called like a built-in does not take the built-in away.
    builtin = BUILTINS.get(node.function.name) if isinstance(node.function, n.Name) else None

    def call(frame: Frame) -> Any:
        called = function(frame)
        values = [arg(frame) for arg in args]
        if not isinstance(called, (Function, Builtin)):
            called = builtin
        if called is None:
            frame.run.warn("what is called is not a function")
            return None
        try:
            if names is None:
                return called.positional(values, frame.run)
            return called.named(dict(zip(names, values, strict=True)), frame.run)
        except NoValue as reason:
            frame.run.warn(str(reason))
            return None

    return call


def _binary(node: n.Binary, build: Build) -> Evaluator:
    left, right = build(node.left), build(node.right)
    if node.operator in ("=", "!="):
        return _equality(left, right, node.operator == "!=")
    if node.operator in _ORDERS:
        return _comparison(left, right, _ORDERS[node.operator])
    return _arithmetic(left, right, node.operator)


def _equality(left: Evaluator, right: Evaluator, negated: bool) -> Evaluator:
    def compare(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        frame.run.spend_on(a)
        found = equal(a, b)
        return None if found is None else found is not negated

    return compare


def _comparison(left: Evaluator, right: Evaluator, holds: Callable[[Any, Any], bool]) -> Evaluator:
    def compare(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        if type(a) is Decimal and type(b) is Decimal:
            return bool(holds(a, b))
        found = order(a, b)
        if found is None:
            frame.run.warn("values without an order were compared")
            return None
        return bool(holds(found, 0))

    return compare


def _arithmetic(left: Evaluator, right: Evaluator, symbol: str) -> Evaluator:
    table = ARITHMETIC[symbol]

    def calculate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        operation = table.get((type(a), type(b)))
        if operation is None:
            frame.run.warn(f"{symbol} is not defined for these values")
            return None
        try:
            if operation in EXPENSIVE:
                frame.run.spend(EXPENSIVE[operation](a, b))
            return apply(operation, a, b)
        except NoValue as reason:
            frame.run.warn(str(reason))
            return None

    return calculate


def _negation(node: n.Negation, build: Build) -> Evaluator:
    operand = build(node.operand)

    def negate(frame: Frame) -> Any:
        value = operand(frame)
        operation = NEGATION.get(type(value))
        return operation(value) if operation else None

    return negate


def _logical(node: n.Logical, build: Build) -> Evaluator:
    operands = tuple(map(build, node.operands))
    decisive: bool = node.operator == "or"
    neutral = not decisive

    def decide(frame: Frame) -> bool | None:
        result: bool | None = neutral
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                result = decisive
                break
            if value is not neutral:
                result = None
        return result

    return decide


def _between(node: n.Between, build: Build) -> Evaluator:
    value, low, high = build(node.value), build(node.low), build(node.high)

    def between(frame: Frame) -> bool | None:
        point = value(frame)
        above, below = order(point, low(frame)), order(point, high(frame))
        if (above is not None and above < 0) or (below is not None and below > 0):
            return False
        return None if above is None or below is None else True

    return between


def _instance_of(node: n.InstanceOf, build: Build) -> Evaluator:
    value, wanted = build(node.value), node.type
    return lambda frame: wanted.matches(value(frame))


def _if(node: n.If, build: Build) -> Evaluator:
    condition, yes, no = build(node.condition), build(node.yes), build(node.no)
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


_BUILDERS: dict[type[n.Node], Callable[[Any, Build], Evaluator]] = {
    n.Literal: _literal,
    n.Name: _name,
    n.Path: _path,
    n.Call: _call,
    n.Binary: _binary,
    n.Negation: _negation,
    n.Logical: _logical,
    n.Between: _between,
    n.InstanceOf: _instance_of,
    n.If: _if,
    n.FunctionLiteral: construction.build_function,
    n.ListLiteral: construction.build_list,
    n.ContextLiteral: construction.build_context,
    n.RangeLiteral: construction.build_range,
    n.In: membership.build_in,
    n.UnaryTests: membership.build_unary_tests,
    n.NotEqualTest: membership.build_not_equal,
    n.Filter: loops.build_filter,
    n.For: loops.build_for,
    n.Quantified: loops.build_quantified,
    n.Steps: loops.build_steps,
}
