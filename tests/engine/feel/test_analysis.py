"""Problems told before an expression runs: only what is certainly wrong, at its line and column."""

import pytest

from engine.feel import analyse
from engine.feel.types import DATE, NUMBER, STRING, ContextType, FunctionType, ListType

ITEM = ContextType(entries=(("price", NUMBER), ("unit name", STRING)))
TYPES = {
    "amount": NUMBER,
    "name": STRING,
    "day": DATE,
    "anything": None,
    "customer": ContextType(entries=(("age", NUMBER), ("full name", STRING))),
    "items": ListType(element=ITEM),
    "discount": FunctionType(parameters=(NUMBER,), result=NUMBER),
    "客户 等级": STRING,
}


@pytest.mark.parametrize(
    "text",
    [
        "amount >= 1000 and amount < 5000",
        "anything + 1",
        "anything.what.ever > 5",
        "customer.full name = name",
        "items[price > 3].unit name",
        "items[1].price + 1",
        "sum(items.price) > amount",
        "for i in items return i.price * 2",
        "some i in items satisfies i.price > amount",
        'day + duration("P1D") > today()',
        "if amount > 3 then name else null",
        "{a: 1, b: a + amount}.b + 1",
        "discount(3) + 1",
        "min(1, 2, amount)",
        "amount in (1, 2, [3..5])",
        "amount = null",
        '客户 等级 = "A"',
        "date and time(day)",
        "upper case(string: name)",
        "anything[x > 5]",
        "(function(a: number) a + 1)(2)",
        "before(1, [2..3])",
        "not(anything)",
        "-amount",
        "day.year",
        "[1..amount].start + 1",
    ],
)
def test_nothing_is_said_of_what_may_be_right(text):
    assert analyse(text, TYPES) == []


@pytest.mark.parametrize(
    "text,column,rule,en",
    [
        ("1 + ", 5, "feel-syntax", "expected a value, found the end"),
        ("9 ** 1e99999", 1, "feel-syntax", "powers of ten"),
        ("foo + 1", 1, "feel-unknown-name", 'unknown name "foo"'),
        ("foo(1)", 1, "feel-unknown-function", 'unknown function "foo"'),
        ("amount(1) + foo(2)", 13, "feel-unknown-function", 'unknown function "foo"'),
        ("customer.size", 9, "feel-unknown-name", 'no "size"'),
        ("day.hour", 4, "feel-unknown-name", 'date has no "hour"'),
        ("items[prix > 3]", 7, "feel-unknown-name", 'unknown name "prix"'),
        ("substring(name)", 1, "feel-arity", '"substring" takes (string, start position, [length])'),
        ("upper case(text: name)", 1, "feel-arity", '"upper case" takes (string)'),
        ("substring(amount, 1)", 1, "feel-types", "(number, number)"),
        ('amount > "a"', 8, "feel-types", "number and string have no common order"),
        ("amount = name", 8, "feel-types", "number and string are never equal"),
        ("amount + name", 8, "feel-types", 'cannot be combined with "+"'),
        ("items = 5", 7, "feel-types", "are never equal"),
        ("-name", 1, "feel-types", "string cannot be negated"),
        ("if amount then 1 else 2", 4, "feel-types", "a condition of type number is never true"),
        ("amount and true", 1, "feel-types", "never true"),
        ("some i in items satisfies i.price", 28, "feel-types", "never true"),
        ("amount between 1 and name", 22, "feel-types", "have no common order"),
        ('amount in ("a", 2)', 12, "feel-types", "number and string never match"),
        ('amount in [1.."a"]', 11, "feel-types", "cannot be the ends of one range"),
        ("for i in items return i.price + name", 31, "feel-types", "cannot be combined"),
        ("date(name) + 1", 12, "feel-types", "date and number"),
        ("{a: 1}.b", 7, "feel-unknown-name", 'no "b"'),
        ("function(a: number) a + name", 23, "feel-types", "cannot be combined"),
    ],
)
def test_what_is_certainly_wrong_is_told_at_its_place(text, column, rule, en):
    (problem,) = analyse(text, TYPES)
    assert (problem.rule, problem.line, problem.column) == (rule, 1, column)
    assert en in problem.en
    assert problem.zh != problem.en


def test_lines_are_counted():
    (problem,) = analyse("amount > 1\n  and foo", TYPES)
    assert (problem.line, problem.column) == (2, 7)


def test_every_problem_is_told():
    assert len(analyse("foo + bar > baz", TYPES)) == 3


@pytest.mark.parametrize(
    "text,kind,count",
    [
        ("< 5", NUMBER, 0),
        ("< 5", STRING, 1),
        ('"a", "b"', STRING, 0),
        ('"a", 5', STRING, 1),
        ("not([1..5])", DATE, 1),
        ("-", NUMBER, 0),
        ("? > 5", NUMBER, 0),
        ("amount > 5", STRING, 0),
        ("true", STRING, 0),
        ("null", STRING, 0),
        ("< 5", None, 0),
    ],
)
def test_unary_tests_are_held_against_the_input(text, kind, count):
    assert len(analyse(text, {**TYPES, "?": kind}, unary=True)) == count
