"""FEEL numbers: IEEE 754-2008 decimal128, in a context of our own so that nothing around us changes a result."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from engine.feel.budget import exceeded
from engine.feel.errors import NoValue

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
MIN_SCALE, MAX_SCALE = -6111, 6176
"""The scales DMN allows for `decimal`, `floor`, `ceiling` and the rounding functions."""

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def read_number(text: str) -> Decimal:
    """The number that `text` writes in FEEL's numeric literal form. Raises NoValue or BudgetExceeded."""
    if not _NUMBER.fullmatch(text):
        raise NoValue(f"{text[:40]!r} is not a number")
    return guarded(lambda: CONTEXT.create_decimal(text))


def guarded(step: Callable[[], Decimal]) -> Decimal:
    """The result of a decimal operation; an overflow is a budget error, an undefined result is null."""
    try:
        return step()
    except Overflow:
        raise exceeded("powers of ten") from None
    except InvalidOperation:
        raise NoValue("the number is not defined") from None


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """`base ** exponent`; undefined powers are null."""
    return CONTEXT.power(base, exponent)


def whole(value: Decimal) -> int:
    """The integer a number is. Raises NoValue for a fraction."""
    if value != value.to_integral_value():
        raise NoValue(f"{value} is not a whole number")
    if value.adjusted() > 18:
        raise NoValue(f"{value} is too large here")
    return int(value)


def round_to(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """`value` with `scale` digits after the point (before it, when negative)."""
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise NoValue(f"the scale {scale} is outside {MIN_SCALE}..{MAX_SCALE}")
    digits = int(scale)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        return value
    # Half a unit more precision than any decimal128 needs: quantize refuses results beyond the precision.
    rounded = value.quantize(Decimal(1).scaleb(-digits, _WIDE), rounding, _WIDE)
    return guarded(lambda: CONTEXT.plus(rounded))


_WIDE = Context(prec=13_000, Emin=-20_000, Emax=20_000, traps=[DivisionByZero, InvalidOperation, Overflow])
