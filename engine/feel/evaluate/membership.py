"""`in` and the unary tests of decision tables (DMN 1.5, 7.3.3 and table 55)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from engine.feel.comparison import equal, includes
from engine.feel.evaluate.building import Build, Evaluator, mentions
from engine.feel.evaluate.frames import Frame
from engine.feel.parse import nodes as n
from engine.feel.ranges import Range

INPUT = "?"
"""The name of the value under test."""
Test = Callable[[Any, Frame], bool | None]


def meets(value: Any, expected: Any) -> bool | None:
    """Whether a value lies in a range, is one of a list's, or equals a single expected value."""
    if type(expected) is Range and type(value) is not Range:
        return includes(expected, value)
    if equal(value, expected):
        return True
    if type(expected) is list:
        return any(meets(value, item) is True for item in expected if type(item) is not list or type(value) is list)
    return False


def build_in(node: n.In, build: Build) -> Evaluator:
    """`value in tests`."""
    value, tests = build(node.value), [_test(test, build) for test in node.tests]

    def check(frame: Frame) -> bool | None:
        point = value(frame)
        frame.run.spend_on(point)
        inner = Frame({INPUT: point}, frame, frame.run)
        return _some(test(point, inner) for test in tests)

    return check


def build_unary_tests(node: n.UnaryTests, build: Build) -> Evaluator:
    """The tests of an input entry, against the value called `?`."""
    tests = [_test(test, build, alone=True) for test in node.tests]

    def check(frame: Frame) -> bool | None:
        point = frame.names[INPUT]
        found = _some(test(point, frame) for test in tests)
        return found if found is None else found is not node.negated

    return check


def build_not_equal(node: n.NotEqualTest, build: Build) -> Evaluator:
    """`!= operand` against the value called `?`."""
    operand = build(node.operand)

    def check(frame: Frame) -> bool | None:
        found = equal(frame.names.get(INPUT), operand(frame))
        return found if found is None else not found

    return check


def _test(node: n.Node, build: Build, alone: bool = False) -> Test:
    if isinstance(node, n.AnyTest):
        return lambda *args: True
    step = build(node)
    if isinstance(node, n.NotEqualTest) or mentions(node, INPUT):
        return lambda *args: found if type(found := step(args[1])) is bool else None

    def test(value: Any, frame: Frame) -> bool | None:
        expected = step(frame)
        frame.run.spend_on(expected)
        # A condition that does not look at the input counts as itself, unless true and false are what is compared.
        if alone and expected is True and type(value) is not bool:
            return True
        return meets(value, expected)

    return test


def _some(found: Iterable[bool | None]) -> bool | None:
    result: bool | None = False
    for one in found:
        if one:
            return True
        if one is None:
            result = None
    return result
