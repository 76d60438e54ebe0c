"""Built-ins that make one value of a list (DMN 1.5, table 75)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import Any

from engine.feel.builtins.signature import Signature, signature
from engine.feel.comparison import order
from engine.feel.errors import NoValue
from engine.feel.numbers import CONTEXT, guarded


def _either(function: Callable[[list[Any]], Any], element: str) -> list[Signature]:
    """A function of one list, or of its elements as arguments."""
    return [signature("list: list", function), signature(f"{element}...: any?", function)]


def _numbers(items: list[Any]) -> list[Decimal]:
    if not items or any(type(item) is not Decimal for item in items):
        raise NoValue("these are not all numbers")
    return items


def _extreme(sign: int) -> Callable[[list[Any]], Any]:
    def pick(items: list[Any]) -> Any:
        best = items[0] if items else None
        for item in items:
            found = order(item, best)
            if found is None:
                raise NoValue("the elements have no order")
            best = item if found * sign > 0 else best
        return best

    return pick


def _sum(items: list[Any]) -> Decimal:
    return guarded(lambda: reduce(CONTEXT.add, _numbers(items)))


def _product(items: list[Any]) -> Decimal:
    return guarded(lambda: reduce(CONTEXT.multiply, _numbers(items)))


def _mean(items: list[Any]) -> Decimal:
    return CONTEXT.divide(_sum(items), Decimal(len(items)))


def _median(items: list[Any]) -> Decimal:
    values = sorted(_numbers(items))
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else _mean(values[middle - 1 : middle + 1])


def _deviation(items: list[Any]) -> Decimal:
    """The standard deviation of a sample."""
    mean = _mean(items)
    if len(items) < 2:
        raise NoValue("a deviation needs two numbers")
    differences = [CONTEXT.subtract(item, mean) for item in items]
    squares = _sum([guarded(lambda one=one: CONTEXT.multiply(one, one)) for one in differences])  # type: ignore[misc]
    return CONTEXT.sqrt(CONTEXT.divide(squares, Decimal(len(items) - 1)))


def _mode(items: list[Any]) -> list[Decimal]:
    counts: dict[Decimal, int] = {}
    for item in _numbers(items) if items else []:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(value for value, count in counts.items() if count == most)


def _decide(decisive: bool) -> Callable[[list[Any]], bool | None]:
    def decide(items: list[Any]) -> bool | None:
        if any(item is decisive for item in items):
            return decisive
        return None if any(type(item) is not bool for item in items) else not decisive

    return decide


SIGNATURES = {
    "min": _either(_extreme(-1), "c"),
    "max": _either(_extreme(1), "c"),
    "sum": _either(_sum, "n"),
    "mean": _either(_mean, "n"),
    "product": _either(_product, "n"),
    "median": _either(_median, "n"),
    "stddev": _either(_deviation, "n"),
    "mode": _either(_mode, "n"),
    "all": _either(_decide(False), "b"),
    "any": _either(_decide(True), "b"),
}
