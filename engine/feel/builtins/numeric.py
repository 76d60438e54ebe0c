"""Built-ins on numbers (DMN 1.5, table 76)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel.builtins.signature import Signature, signature
from engine.feel.errors import NoValue
from engine.feel.numbers import CONTEXT, guarded, round_to
from engine.values import YearsMonths

_ZERO = Decimal(0)
_SLOW = 200
"""Steps of a function that is calculated by a series."""


def _rounding(mode: str) -> Callable[[Decimal, Decimal], Decimal]:
    def rounded(value: Decimal, scale: Decimal = _ZERO) -> Decimal:
        return round_to(value, scale.to_integral_value(ROUND_DOWN), mode)

    return rounded


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the divisor's sign: `dividend - divisor * floor(dividend / divisor)`, exactly."""
    if not divisor:
        raise NoValue("division by zero")
    rest = guarded(lambda: CONTEXT.remainder(dividend, divisor))
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _sqrt(number: Decimal) -> Decimal:
    return guarded(lambda: CONTEXT.sqrt(number))


def _log(number: Decimal) -> Decimal:
    if number <= 0:
        raise NoValue("the logarithm is defined for positive numbers")
    return CONTEXT.ln(number)


def _is_even(number: Decimal) -> bool:
    return not CONTEXT.remainder(number, Decimal(2)) if number.adjusted() < 34 else True


def _is_odd(number: Decimal) -> bool:
    return number == number.to_integral_value() and not _is_even(number)


def _scaled(mode: str, *, optional: bool) -> list[Signature]:
    scale = "[scale: number]" if optional else "scale: number"
    return [signature(f"n: number, {scale}", _rounding(mode), cost=20)]


SIGNATURES = {
    "decimal": _scaled(ROUND_HALF_EVEN, optional=False),
    "floor": _scaled(ROUND_FLOOR, optional=True),
    "ceiling": _scaled(ROUND_CEILING, optional=True),
    "round up": _scaled(ROUND_UP, optional=False),
    "round down": _scaled(ROUND_DOWN, optional=False),
    "round half up": _scaled(ROUND_HALF_UP, optional=False),
    "round half down": _scaled(ROUND_HALF_DOWN, optional=False),
    "abs": [
        signature("n: number", CONTEXT.abs),
        signature("n: days and time duration", timedelta.__abs__),
        signature("n: years and months duration", lambda n: YearsMonths(abs(n.months))),
    ],
    "modulo": [signature("dividend: number, divisor: number", _modulo)],
    "sqrt": [signature("number: number", _sqrt, cost=_SLOW)],
    "log": [signature("number: number", _log, cost=_SLOW)],
    "exp": [signature("number: number", lambda number: guarded(lambda: CONTEXT.exp(number)), cost=_SLOW)],
    "odd": [signature("number: number", _is_odd)],
    "even": [signature("number: number", lambda number: number == number.to_integral_value() and _is_even(number))],
}
