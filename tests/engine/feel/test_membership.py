"""`in` and the unary tests of decision tables (DMN 1.5, 7.3.3, table 55)."""

import pytest

from engine.feel import FeelSyntaxError, evaluate, unary_tests
from tests.engine.feel.facts import check, day, facts


@facts(
    ("1 in [1, 2]", True),
    ("3 in [1, 2]", False),
    ("1 in 1", True),
    ("1 in (2, 3, 1)", True),
    ("1 in [2..3]", False),
    ("2 in [2..3]", True),
    ("2 in (2..3]", False),
    ("3 in [2..3[", False),
    ("1 in (< 2)", True),
    ("1 in < 2", True),
    ("5 in (> 2, < 1)", True),
    ("5 in ([1..3], [5..6])", True),
    ("1 in [[1..3], [5..6]]", True),
    ("5 in != 5", False),
    ("4 in (!= 5)", True),
    ("null in [1, null]", True),
    ("null in null", True),
    ("null in [1]", False),
    ("null in [1..3]", None),
    ('"a" in ["a".."c"]', True),
    ('1 in "a"', False),
    ('1 in ["a".."c"]', None),
    ("[1, 2] in [[1, 2], [3]]", True),
    ("[1, 2] in ([[1, 2]], [3])", True),
    ("1 in [[1]]", False),
    ('@"2026-01-02" in [@"2026-01-01"..@"2026-02-01"]', True),
    ("5 in (? > 4)", True),
    ("x in [1..5] and true", True),
    ("x in (1..5[", False),
)
def test_in(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    "tests,value,expected",
    [
        ("-", None, True),
        ("< 5", 4, True),
        ("<= 5", 6, False),
        ("5", 5, True),
        ("5, 6", 6, True),
        ("[1..3], > 10", 11, True),
        ("not(5, 6)", 6, False),
        ("not(5, 6)", 7, True),
        ("not(< 5)", "x", None),
        ("< 5", "x", None),
        ("< 5", None, None),
        ("null", None, True),
        ("not(null)", None, False),
        ("not(null)", 1, True),
        ('"a", "b"', "b", True),
        ("? > 5", 6, True),
        ("? > 5", 4, False),
        ("even(?)", 4, True),
        ("limit", 10, True),
        ("> limit", 11, True),
        ("allowed", "a", True),
        ("allowed", "z", False),
        ("true", True, True),
        ("false", True, False),
        ("true", False, False),
        ("false", False, True),
        ("limit = 10", 3, True),
        ("limit = 11", 3, False),
        ('starts with(?, "a") and string length(?) < 3', "ab", True),
        ("? in [1..3]", 2, True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ('date("2026-01-01")', day("2026-01-01"), True),
        ('> date("2026-01-01")', day("2026-01-02"), True),
        ("-5", -5, True),
        ("not(- 5)", -5, False),
        ("[1..3)", 3, False),
        ("]1..3]", 1, False),
        ("[1, 2]", [1, 2], True),
    ],
)
def test_unary_tests(tests, value, expected):
    assert unary_tests(tests, value, {"limit": 10, "allowed": ["a", "b"]}) is expected


@pytest.mark.parametrize("tests", ["", "5,", "not(5", "-, 5"])
def test_wrong_unary_tests_are_refused(tests):
    with pytest.raises(FeelSyntaxError):
        unary_tests(tests, 1)


def test_the_input_of_an_inner_test_is_its_own():
    assert evaluate("for i in [1, 2] return i in (? > 1)") == [False, True]
