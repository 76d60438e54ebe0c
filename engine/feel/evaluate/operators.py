"""Arithmetic (DMN 1.5, 10.3.2.8): one table per operator, from the types of both sides to the operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from engine.feel.budget import check_length, exceeded
from engine.feel.comparison import EPOCH, instant, time_on_a_line
from engine.feel.errors import NoValue
from engine.feel.numbers import CONTEXT, power
from engine.feel.temporal_text import months
from engine.values import YearsMonths

Operation = Callable[[Any, Any], Any]
_DAY_MICROSECONDS = 86_400_000_000


def apply(operation: Operation, left: Any, right: Any) -> Any:
    """The result of an operation. Raises NoValue where it is undefined, BudgetExceeded on overflow."""
    try:
        return operation(left, right)
    except Overflow:
        raise exceeded("powers of ten") from None
    except (InvalidOperation, DivisionByZero, OverflowError, ValueError) as error:
        raise NoValue(f"undefined: {type(error).__name__}") from None


def _join(left: str, right: str) -> str:
    return check_length(left + right)


def add_duration(moment: datetime, length: timedelta) -> datetime:
    """A moment later by elapsed time; with a zone the clock follows the zone's rules."""
    if moment.tzinfo is None:
        return moment + length
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def _add_days(day: date, length: timedelta) -> date:
    return (midnight(day) + length).date()


def _add_to_time(clock: time, length: timedelta) -> time:
    start = datetime.combine(EPOCH, clock.replace(tzinfo=None))
    micro = timedelta(microseconds=length // timedelta(microseconds=1) % _DAY_MICROSECONDS)
    return (start + micro).time().replace(tzinfo=clock.tzinfo)


def add_months(day: date, length: YearsMonths) -> Any:
    """The same day some months on, or the last day of a shorter month. Works for date and date and time."""
    year, month = divmod(day.year * 12 + day.month - 1 + length.months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=min(day.day, last))
        except ValueError:
            continue
    raise NoValue("the date is outside the calendar")


def _between_moments(left: datetime, right: datetime) -> timedelta:
    if (left.tzinfo is None) != (right.tzinfo is None):
        raise NoValue("only one of the two has a time zone")
    return instant(left) - instant(right)


def _between_times(left: time, right: time) -> timedelta:
    return _between_moments(time_on_a_line(left), time_on_a_line(right))


def midnight(day: date) -> datetime:
    """A date as the date and time it stands for: midnight UTC (DMN 1.5, 10.3.2.3.6)."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _micros(length: timedelta) -> Decimal:
    return Decimal(length // timedelta(microseconds=1))


def _length(micros: Decimal) -> timedelta:
    return timedelta(microseconds=int(micros.to_integral_value(ROUND_DOWN)))


def _whole_months(count: Decimal) -> YearsMonths:
    return months(int(count.to_integral_value(ROUND_DOWN)))


def _scale(length: timedelta, factor: Decimal) -> timedelta:
    return _length(CONTEXT.multiply(_micros(length), factor))


def _scale_months(length: YearsMonths, factor: Decimal) -> YearsMonths:
    return _whole_months(CONTEXT.multiply(Decimal(length.months), factor))


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


_ADDITION: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.add,
    (str, str): _join,
    (datetime, timedelta): add_duration,
    (date, timedelta): _add_days,
    (time, timedelta): _add_to_time,
    (datetime, YearsMonths): add_months,
    (date, YearsMonths): add_months,
    (timedelta, timedelta): timedelta.__add__,
    (YearsMonths, YearsMonths): lambda left, right: months(left.months + right.months),
}
_SUBTRACTION: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.subtract,
    (datetime, datetime): _between_moments,
    (datetime, date): lambda left, right: _between_moments(left, midnight(right)),
    (date, datetime): lambda left, right: _between_moments(midnight(left), right),
    (date, date): date.__sub__,
    (time, time): _between_times,
    (datetime, timedelta): lambda left, right: add_duration(left, -right),
    (date, timedelta): lambda left, right: _add_days(left, -right),
    (time, timedelta): lambda left, right: _add_to_time(left, -right),
    (datetime, YearsMonths): lambda left, right: add_months(left, YearsMonths(-right.months)),
    (date, YearsMonths): lambda left, right: add_months(left, YearsMonths(-right.months)),
    (timedelta, timedelta): timedelta.__sub__,
    (YearsMonths, YearsMonths): lambda left, right: months(left.months - right.months),
}
_MULTIPLICATION: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.multiply,
    (timedelta, Decimal): _scale,
    (Decimal, timedelta): _swapped(_scale),
    (YearsMonths, Decimal): _scale_months,
    (Decimal, YearsMonths): _swapped(_scale_months),
}
_DIVISION: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.divide,
    (timedelta, Decimal): lambda left, right: _length(CONTEXT.divide(_micros(left), right)),
    (timedelta, timedelta): lambda left, right: CONTEXT.divide(_micros(left), _micros(right)),
    (YearsMonths, Decimal): lambda left, right: _whole_months(CONTEXT.divide(Decimal(left.months), right)),
    (YearsMonths, YearsMonths): lambda left, right: CONTEXT.divide(Decimal(left.months), Decimal(right.months)),
}
ARITHMETIC: dict[str, dict[tuple[type, type], Operation]] = {
    "+": {**_ADDITION, **{(b, a): _swapped(step) for (a, b), step in _ADDITION.items() if a is not b}},
    "-": _SUBTRACTION,
    "*": _MULTIPLICATION,
    "/": _DIVISION,
    "**": {(Decimal, Decimal): power},
}
EXPENSIVE: dict[Operation, Callable[[Any, Any], int]] = {
    power: lambda *args: 200,
    _join: lambda left, right: (len(left) + len(right)) >> 5,
}
"""Steps of the operations that take much longer than a syntax node."""
NEGATION: dict[type, Callable[[Any], Any]] = {
    Decimal: CONTEXT.minus,
    timedelta: timedelta.__neg__,
    YearsMonths: lambda value: YearsMonths(-value.months),
}
