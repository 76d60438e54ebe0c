"""Types: `instance of`, reading them, and the implicit conversions of DMN 1.5, 10.3.2.9."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine import feel
from engine.feel import FeelSyntaxError, coerce, parse_type
from engine.feel.types import ANY, DATE_TIME, NUMBER, STRING, ContextType, FunctionType, ListType, type_of
from tests.engine.feel.facts import check, day, facts


@facts(
    ("1 instance of number", True),
    ('"a" instance of number', False),
    ("true instance of boolean", True),
    ('@"2026-01-01" instance of date', True),
    ('@"2026-01-01T00:00:00" instance of date', False),
    ('@"2026-01-01T00:00:00" instance of date and time', True),
    ('@"10:00:00" instance of time', True),
    ('@"P1D" instance of days and time duration', True),
    ('@"P1M" instance of years and months duration', True),
    ('@"P1M" instance of days and time duration', False),
    ("1 instance of Any", True),
    ("null instance of Any", False),
    ("null instance of number", False),
    ("null instance of Null", True),
    ("[1, 2] instance of list<number>", True),
    ('[1, "a"] instance of list<number>', False),
    ('[1, "a"] instance of list<Any>', True),
    ("[] instance of list<number>", True),
    ("[[1]] instance of list<list<number>>", True),
    ("{a: 1, b: 2} instance of context<a: number>", True),
    ('{a: "x"} instance of context<a: number>', False),
    ("{b: 1} instance of context<a: number>", False),
    ("{} instance of context", True),
    ("[1..2] instance of range<number>", True),
    ('["a".."b"] instance of range<number>', False),
    ("(function(a: number) a) instance of function<number>->Any", True),
    ("(function(a: string) a) instance of function<number>->Any", False),
    ("(function(a) a) instance of function<number>->Any", True),
    ("(function(a, b) a) instance of function<number>->Any", False),
    ("abs instance of function", True),
    ("1 instance of function", False),
    ("-1 instance of number", True),
    ("x instance of number and true", True),
)
def test_instance_of(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    "text,expected",
    [
        ("number", NUMBER),
        (" date  and time ", DATE_TIME),
        ("list<string>", ListType(element=STRING)),
        ("context<a b: number, c: list<Any>>", ContextType(entries=(("a b", NUMBER), ("c", ListType(element=ANY))))),
        ("function<number, string>->string", FunctionType(parameters=(NUMBER, STRING), result=STRING)),
        ("function<>->number", FunctionType(parameters=(), result=NUMBER)),
    ],
)
def test_types_are_read(text, expected):
    assert parse_type(text) == expected
    assert parse_type(str(expected)) == expected


@pytest.mark.parametrize(
    "text", ["", "numbers", "list<", "list<number", "number<string>", "context<a>", "list<number>>"]
)
def test_wrong_types_are_refused(text):
    with pytest.raises(FeelSyntaxError):
        parse_type(text)


def test_named_types_come_from_outside():
    expression = feel.compile("1 instance of tAmount", types={"tAmount": NUMBER})
    assert expression.evaluate({}) is True


@pytest.mark.parametrize(
    "value,kind,expected",
    [
        (Decimal(1), "number", Decimal(1)),
        (Decimal(1), "list<number>", [Decimal(1)]),
        ([Decimal(1)], "number", Decimal(1)),
        ([Decimal(1), Decimal(2)], "number", None),
        (["a"], "number", None),
        ("a", "number", None),
        ("a", "list<number>", None),
        (None, "number", None),
        (day("2026-01-01"), "date and time", datetime(2026, 1, 1, tzinfo=UTC)),
        ([day("2026-01-01")], "date and time", datetime(2026, 1, 1, tzinfo=UTC)),
        ([None], "list<number>", [None]),
    ],
)
def test_values_are_converted(value, kind, expected):
    assert coerce(value, parse_type(kind)) == expected


def test_every_value_has_a_type():
    assert [str(type_of(value)) for value in (None, Decimal(1), "a", True, [], {})] == [
        "Null",
        "number",
        "string",
        "boolean",
        "list<Any>",
        "context",
    ]
