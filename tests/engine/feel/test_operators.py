"""Arithmetic of DMN 1.5, 10.3.2.8: numbers of 34 digits, strings, dates and durations."""

from decimal import Decimal

import pytest

from engine.feel import BudgetExceeded, evaluate
from tests.engine.feel.facts import check, clock, day, days, facts, moment, months, nulls


@facts(
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("10 - 2 - 3", 5),
    ("2 / 3", Decimal("0.6666666666666666666666666666666667")),
    ("0.1 + 0.2", Decimal("0.3")),
    ("-5 - -3", -2),
    ("- (2 + 3)", -5),
    ("--1", 1),
    (".5 * 2", 1),
    ("1.2e3", 1200),
    ("5E-1", Decimal("0.5")),
    ("10/4", Decimal("2.5")),
)
def test_numbers(text, expected):
    check(text, expected)


@facts(
    ("2 ** 3", 8),
    ("2 ** 3 ** 2", 64),
    ("2 ** -1", Decimal("0.5")),
    ("-2 ** 2", 4),
    ("2 * 3 ** 2", 18),
    ("4 ** 0.5", 2),
    ("0 ** 0", None),
)
def test_powers_bind_from_the_left(text, expected):
    check(text, expected)


@nulls(
    "1 / 0",
    "0 / 0",
    '1 + "1"',
    "true + 1",
    "1 + null",
    "null - 1",
    '"a" - "b"',
    '"a" * 2',
    "(-1) ** 0.5",
    '-"a"',
    "-null",
)
def test_undefined_arithmetic_is_null(text, expected):
    check(text, expected)


def test_a_number_keeps_34_digits_and_rounds_half_even():
    assert evaluate("1 + 1e-33") == Decimal("1.000000000000000000000000000000001")
    assert evaluate("1 + 5e-34") == Decimal(1)
    assert evaluate("1 + 15e-34") == Decimal("1.000000000000000000000000000000002")


def test_a_number_beyond_the_exponent_is_an_error():
    with pytest.raises(BudgetExceeded, match="powers of ten"):
        evaluate("10 ** 7000")
    assert evaluate("10 ** -7000") == 0


@facts(('"foo" + "bar"', "foobar"), ('"" + ""', ""))
def test_strings_are_joined(text, expected):
    check(text, expected)


@facts(
    ('@"2026-01-31" + @"P1M"', day("2026-02-28")),
    ('@"2024-02-29" + @"P1Y"', day("2025-02-28")),
    ('@"P1M" + @"2026-01-31"', day("2026-02-28")),
    ('@"2026-03-31" - @"P1M"', day("2026-02-28")),
    ('@"2026-01-31" + @"P1D"', day("2026-02-01")),
    ('@"2026-01-31" + @"PT23H"', day("2026-01-31")),
    ('@"2026-01-31" - @"PT1H"', day("2026-01-30")),
    ('@"2026-02-01" - @"2026-01-01"', days(31)),
    ('@"2026-01-31T10:00:00" + @"P1M"', moment("2026-02-28T10:00:00")),
    ('@"2026-01-31T10:00:00Z" + @"PT15H"', moment("2026-02-01T01:00:00", "Z")),
    ('@"2026-01-31T10:00:00" - @"2026-01-31T09:30:00"', days(minutes=30)),
    ('@"2026-01-31T10:00:00Z" - @"2026-01-31T10:00:00+08:00"', days(hours=8)),
    ('@"2026-01-31T10:00:00Z" - @"2026-01-31"', days(hours=10)),
    ('@"2026-03-28T12:00:00@Europe/Paris" + @"P1D"', moment("2026-03-29T13:00:00", "@Europe/Paris")),
    ('@"9999-12-31" + @"P1D"', None),
    ('@"9999-12-31" + @"P1M"', None),
    ('@"2026-01-31T10:00:00" - @"2026-01-31T10:00:00Z"', None),
    ('@"2026-01-31" + 1', None),
    ('@"2026-01-31" + @"2026-01-31"', None),
)
def test_dates_move_by_durations(text, expected):
    check(text, expected)


@facts(
    ('@"23:30:00" + @"PT1H"', clock("00:30:00")),
    ('@"00:30:00Z" - @"PT1H"', clock("23:30:00", "Z")),
    ('@"10:00:00" - @"09:00:00"', days(hours=1)),
    ('@"10:00:00+08:00" - @"10:00:00Z"', days(hours=-8)),
    ('@"10:00:00" - @"10:00:00Z"', None),
    ('@"10:00:00" + @"P1M"', None),
)
def test_times_turn_around_midnight(text, expected):
    check(text, expected)


@facts(
    ('@"P1D" + @"PT1H"', days(1, hours=1)),
    ('@"P1Y" - @"P1M"', months(11)),
    ('@"P1D" * 1.5', days(1, hours=12)),
    ('2 * @"P1M"', months(2)),
    ('@"P1Y" / 5', months(2)),
    ('@"P1D" / 2', days(hours=12)),
    ('@"P1D" / @"PT6H"', 4),
    ('@"P1Y" / @"P3M"', 4),
    ('-@"P1D"', days(-1)),
    ('-@"P1M"', months(-1)),
    ('@"P1D" / 0', None),
    ('@"P1D" / @"PT0S"', None),
    ('@"P1D" + @"P1M"', None),
    ('@"P1D" * @"P1D"', None),
    ('@"P1Y" * 1e12', None),
    ('@"P1D" * 1e12', None),
)
def test_durations_are_scaled_and_divided(text, expected):
    check(text, expected)
