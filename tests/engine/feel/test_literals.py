"""Literals, comments, lists, contexts, ranges and what stands behind a dot."""

import pytest

from engine.feel import FeelSyntaxError, evaluate
from tests.engine.feel.facts import check, clock, day, days, facts, moment, months, span


@facts(
    ('"foo"', "foo"),
    ('"a\\"b"', 'a"b'),
    ('"a\\\\b"', "a\\b"),
    ('"a\\nb\\tc\\rd"', "a\nb\tc\rd"),
    ('"a\\\'b"', "a'b"),
    ('"\\u269D"', "⚝"),
    ('"\\U01F40E"', "\U0001f40e"),
    ('"\\uD83D\\uDC0E"', "\U0001f40e"),
    ('"\\d"', "\\d"),
    ('"单价"', "单价"),
    ('""', ""),
)
def test_string_escapes(text, expected):
    check(text, expected)


def test_half_of_a_surrogate_pair_is_refused():
    with pytest.raises(FeelSyntaxError, match="surrogate"):
        evaluate('"\\uD83D"')


@facts(
    ("1 // one\n + 2", 3),
    ("1 /* one */ + 2", 3),
    ("/* a\nb */ 1", 1),
    ('"// no comment"', "// no comment"),
    ("1 +\u3000\u00a02", 3),
)
def test_comments_and_whitespace(text, expected):
    check(text, expected)


@facts(
    ('@"2026-01-01"', day("2026-01-01")),
    ('@"10:00:00"', clock("10:00:00")),
    ('@"2026-01-01T10:00:00Z"', moment("2026-01-01T10:00:00", "Z")),
    ('@"PT1H"', days(hours=1)),
    ('@"-P1Y"', months(-12)),
    ('@"soon"', None),
)
def test_temporal_literals(text, expected):
    check(text, expected)


@facts(("[]", []), ('[1, "a", [null]]', [1, "a", [None]]), ("[1, 2,]", None))
def test_lists(text, expected):
    if expected is None:
        with pytest.raises(FeelSyntaxError):
            evaluate(text)
    else:
        check(text, expected)


@facts(
    ("{}", {}),
    ("{a: 1, b: a + 1}", {"a": 1, "b": 2}),
    ('{"a b": 1}', {"a b": 1}),
    ("{a b: 1, c: a b + 1}", {"a b": 1, "c": 2}),
    ("{a-b: 3, c: a-b}.c", 3),
    ("{a: {b: {c: 1}}}.a.b.c", 1),
    ("{a: 1, a: 2}", None),
    ("{单价: 2}.单价", 2),
    ("{a: 1}.b", None),
    ("{x: 1}.x + x", 6),
    ("{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(10)}.r", 55),
)
def test_contexts(text, expected):
    check(text, expected)


@facts(
    ("[1..5]", span(1, 5)),
    ("(1..5]", span(1, 5, "(]")),
    ("]1..5[", span(1, 5, "()")),
    ("[1..5)", span(1, 5, "[)")),
    ("(1..5)", span(1, 5, "()")),
    ("[1 + 1..x * 2]", span(2, 10)),
    ('["a".."c"]', span("a", "c")),
    ("(< 5)", span(None, 5, "()")),
    ("(>= 5)", span(5, None, "[)")),
    ("(=5)", span(5, 5)),
    ("[5..)", span(5, None, "[)")),
    ('[1.."a"]', None),
    ("[1..5[.end", 5),
    ("[1..5].start included", True),
    ("[1..5).end included", False),
    ("(> 5).end", None),
)
def test_ranges(text, expected):
    check(text, expected)


@facts(
    ('@"2026-11-23".year', 2026),
    ('@"2026-11-23".month', 11),
    ('@"2026-11-23".day', 23),
    ('@"2026-11-23".weekday', 1),
    ('@"2026-11-22T10:11:12".weekday', 7),
    ('@"2026-11-23T10:11:12".hour', 10),
    ('@"10:11:12".minute', 11),
    ('@"10:11:12.5".second', 12),
    ('@"10:11:12+08:00".time offset', days(hours=8)),
    ('@"10:11:12".time offset', None),
    ('@"2026-11-23T10:11:12@Asia/Shanghai".time offset', days(hours=8)),
    ('@"2026-11-23T10:11:12@Asia/Shanghai".timezone', "Asia/Shanghai"),
    ('@"2026-11-23T10:11:12+08:00".timezone', None),
    ('@"P1DT2H3M4S".days', 1),
    ('@"P1DT2H3M4S".hours', 2),
    ('@"P1DT2H3M4S".minutes', 3),
    ('@"P1DT2H3M4S".seconds', 4),
    ('@"-P1DT2H".hours', -2),
    ('@"P14M".years', 1),
    ('@"P14M".months', 2),
    ('@"-P14M".months', -2),
    ('@"P14M".days', None),
    ('@"2026-11-23".hour', None),
    ("people.name", ["Bob", "Ann", "Cyd"]),
    ("people.wage", [None, None, None]),
    ("null.a", None),
    ("5 .a", None),
    ("loan.Due Date.month", 1),
)
def test_properties(text, expected):
    check(text, expected)
