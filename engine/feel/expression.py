"""Compiled expressions and unary tests: parsed once, evaluated often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from engine.feel.analyse.free_names import free_names
from engine.feel.budget import check_result, exceeded
from engine.feel.evaluate.building import Evaluator
from engine.feel.evaluate.compiler import build
from engine.feel.evaluate.frames import FeelRun, Frame
from engine.feel.evaluate.membership import INPUT
from engine.feel.parse.nodes import Node
from engine.feel.parse.parser import parse, parse_unary_tests
from engine.feel.types import FeelType
from engine.revision import CURRENT

T = TypeVar("T")
_HOLDERS = frozenset({list, dict})
"""Types whose values may hold more than a result may."""


class _Compiled:
    """What expressions and unary tests have in common."""

    __slots__ = ("_step", "names", "text")

    def __init__(self, text: str, tree: Node) -> None:
        self.text = text
        self.names: frozenset[str] = free_names(tree)
        """The names it reads from its context (names inside filters may be entries of the elements)."""
        self._step: Evaluator = build(tree)

    def within(self, names: Mapping[str, Any], run: FeelRun) -> Any:
        """The value as a part of a larger run, whose budget it shares. Raises BudgetExceeded."""
        try:
            value = self._step(Frame(names, None, run))
            return check_result(value) if type(value) in _HOLDERS else value
        except RecursionError:
            raise exceeded("levels of function calls") from None


class Expression(_Compiled):
    """A compiled expression."""

    __slots__ = ()

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        zone: tzinfo | None = None,
        calendar: Any = None,
        warnings: list[str] | None = None,
        revision: int = CURRENT,
    ) -> Any:
        """The value in a context of values (see `engine.values`; `adopt` makes them of plain Python data).

        `now` answers `now()` and `today()`, in `zone` if given; `calendar` answers the working-time
        functions; `revision` says by whose rules. Reasons for nulls are appended to `warnings`. Raises BudgetExceeded.
        """
        return self.within(context, FeelRun(now, zone, calendar, warnings, revision))


class UnaryTests(_Compiled):
    """A compiled input entry of a decision table."""

    __slots__ = ()

    def evaluate(
        self,
        value: Any,
        context: Mapping[str, Any] | None = None,
        *,
        now: datetime | None = None,
        zone: tzinfo | None = None,
        calendar: Any = None,
        warnings: list[str] | None = None,
        revision: int = CURRENT,
    ) -> bool | None:
        """Whether `value` meets the tests; null when that cannot be told. Raises BudgetExceeded."""
        run = FeelRun(now, zone, calendar, warnings, revision)
        found: bool | None = self.within({**(context or {}), INPUT: value}, run)
        return found


def compile(text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None) -> Expression:
    """The compiled expression. `names` are names that may occur in it; those with spaces or operators need to be told.

    `types` are the named types that `instance of` and parameters may use besides FEEL's own.
    Raises FeelSyntaxError or BudgetExceeded.
    """
    return _guarded(lambda: Expression(text, parse(text, names, types)))


def compile_unary_tests(
    text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None
) -> UnaryTests:
    """The compiled tests of an input entry. Raises FeelSyntaxError or BudgetExceeded."""
    return _guarded(lambda: UnaryTests(text, parse_unary_tests(text, names, types)))


def _guarded(step: Callable[[], T]) -> T:
    try:
        return step()
    except RecursionError:
        raise exceeded("nested levels") from None


_cached = lru_cache(maxsize=512)(compile)
_cached_tests = lru_cache(maxsize=512)(compile_unary_tests)


def evaluate(
    text: str,
    context: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
    zone: tzinfo | None = None,
    calendar: Any = None,
    warnings: list[str] | None = None,
    revision: int = CURRENT,
) -> Any:
    """The value of an expression; its context may hold ints, floats and tuples, and keys of any form.

    Raises FeelSyntaxError or BudgetExceeded.
    """
    values = adopt(dict(context or {}))
    expression = _cached(text, known_names(values))
    return expression.evaluate(values, now=now, zone=zone, calendar=calendar, warnings=warnings, revision=revision)


def unary_tests(
    text: str,
    value: Any,
    context: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
    zone: tzinfo | None = None,
    calendar: Any = None,
    warnings: list[str] | None = None,
    revision: int = CURRENT,
) -> bool | None:
    """Whether `value` meets the tests of an input entry. Raises FeelSyntaxError or BudgetExceeded."""
    values = adopt({**(context or {}), INPUT: value})
    tests = _cached_tests(text, known_names(values))
    return tests.evaluate(
        values[INPUT], values, now=now, zone=zone, calendar=calendar, warnings=warnings, revision=revision
    )


def known_names(values: Any) -> frozenset[str]:
    """The keys of a context and of everything in it: what `compile` wants to know to read names right."""
    if isinstance(values, Mapping):
        below = (known_names(value) for value in values.values() if isinstance(value, (Mapping, list)))
        return frozenset(values).union(*below)
    return frozenset().union(*map(known_names, values)) if isinstance(values, list) else frozenset()


def adopt(value: Any) -> Any:
    """Plain Python data as FEEL values: ints and floats become Decimal, tuples lists; everything else stays."""
    if type(value) is int:
        return Decimal(value)
    if type(value) is float:
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {key: adopt(part) for key, part in value.items()}
    return [adopt(item) for item in value] if isinstance(value, (list, tuple)) else value
