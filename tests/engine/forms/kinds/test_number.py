"""Numbers as clerks type them."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture
def number(form_of):
    return lambda **more: form_of({"type": "number", "key": "n", "label": "数量", **more})


@pytest.mark.parametrize(
    "typed, value",
    [
        ("12", "12"),
        (" 12.50 ", "12.5"),
        ("-3", "-3"),
        ("+3", "3"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("-0", "0"),
        ("１２３．５", "123.5"),
        ("－１", "-1"),
        ("−1", "-1"),
        ("\u30001\u3000", "1"),
        ("9" * 34, "9" * 34),
        ("0." + "0" * 30 + "1", "1E-31"),
        (Decimal("1.10"), "1.1"),
        (7, "7"),
    ],
)
def test_it_reads_what_people_mean(number, clean, typed, value):
    assert clean(number(), {"n": typed}) == {"n": Decimal(value)}


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_nothing_is_null(number, clean, typed):
    assert clean(number(), {"n": typed}) == {"n": None}


@pytest.mark.parametrize(
    "typed, rule",
    [
        ("twelve", "not_a_number"),
        ("12 000", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("-inf", "not_a_number"),
        ("0x10", "not_a_number"),
        ("½", "not_a_number"),
        ("１²", "not_a_number"),
        ("1_000", "not_a_number"),
        ("٣", "not_a_number"),
        ("1\x00", "not_a_number"),
        ("--1", "not_a_number"),
        (True, "not_a_number"),
        (1.5, "not_a_number"),
        (["1"], "not_a_number"),
        ({"a": 1}, "not_a_number"),
        (Decimal("NaN"), "not_a_number"),
        (Decimal("Infinity"), "not_a_number"),
        ("1,5", "number_comma"),
        ("1,000.50", "number_comma"),
        ("１，０００", "number_comma"),
        ("1e400", "number_exponent"),
        ("1E5", "number_exponent"),
        ("9" * 35, "number_too_long"),
        ("1" + "0" * 300_000, "number_too_long"),
        (Decimal("1e400"), "number_too_long"),
        (Decimal("1e-400"), "number_too_long"),
        (10**50, "number_too_long"),
    ],
)
def test_it_refuses_what_is_not_a_plain_number(number, refused, typed, rule):
    assert refused(number(), {"n": typed}) == [rule]


@pytest.mark.parametrize(
    "more, typed, rules",
    [
        ({"validate": {"min": 0}}, "-0.01", ["too_small"]),
        ({"validate": {"min": 0}}, "0", []),
        ({"validate": {"max": "10"}}, "10.01", ["too_large"]),
        ({"validate": {"max": "=limit * 2"}}, "10.01", ["too_large"]),
        ({"validate": {"max": "=limit * 2"}}, "10", []),
        ({"validate": {"max": "=unknown"}}, "10", []),
        ({"decimalDigits": 2}, "1.005", ["decimal_digits"]),
        ({"decimalDigits": 2}, "1.500", []),
        ({"decimalDigits": 0}, "1.5", ["whole_number"]),
        ({"increment": "0.1"}, "0.3", []),
        ({"increment": "0.1"}, "0.35", ["not_a_step"]),
        ({"increment": "3"}, "9" * 34, []),
        ({"increment": "3"}, "-7", ["not_a_step"]),
    ],
)
def test_it_holds_the_limits(number, refused, more, typed, rules):
    assert refused(number(**more), {"n": typed}, {"limit": Decimal(5)}) == rules


def test_a_refusal_tells_how_to_write_it(number):
    from engine import forms

    _, problems = forms.validate(number(), {"n": "1,000.50"}, {})
    assert problems[0].zh == "“数量”里请不要写逗号：小数点用“.”，千位之间不分隔，例如 1000.50。"


def test_money_has_two_decimals_unless_said(form_of, refused):
    assert refused(form_of({"type": "cf-money", "key": "n"}), {"n": "1.001"}) == ["decimal_digits"]
    assert refused(form_of({"type": "cf-money", "key": "n", "decimalDigits": 4}), {"n": "1.001"}) == []


def test_a_limit_of_money_is_said_as_money(form_of):
    from engine import forms

    form = form_of({"type": "cf-money", "key": "n", "validate": {"min": "1000"}})
    assert "¥1,000.00" in forms.validate(form, {"n": "5"}, {})[1][0].zh
