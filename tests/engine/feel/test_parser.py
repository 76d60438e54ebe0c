"""Names with spaces, operators and any script, and what the parser makes of texts that are wrong."""

from decimal import Decimal

import pytest

from engine import feel
from engine.feel import FeelSyntaxError, compile_unary_tests, evaluate
from engine.feel.parse.nodes import Binary, Name
from engine.feel.parse.parser import parse
from tests.engine.feel.facts import check, facts


@facts(
    ("Monthly Income * 2", 6000),
    ("Monthly   Income * 2", 6000),
    ("Monthly\nIncome * 2", 6000),
    ("单价 >= 1000", True),
    ("a-b", 7),
    ("a-b - 1", 6),
    ("loan.amount + 1", 101),
    ("loan . Due Date", evaluate('@"2026-01-31"')),
    ("if 单价>1000 then 单价 else 0", 1200),
    ("x", 5),
    ("nothing", None),
    ("unknown", None),
    ("quite unknown name", None),
    ("x -1", 4),
)
def test_names(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    "name",
    [
        "in stock",
        "Made in China",
        "profit and loss",
        "if needed",
        "a+b",
        "p/q",
        "x's",
        "v1.2",
        "f*",
        "2nd price"[4:],
        "date of birth",
        "客户 名称",
        "_x",
        "été",
    ],
)
def test_a_known_name_wins_over_operators_and_keywords(name):
    assert evaluate(f"{name} + 1", {name: 1}) == Decimal(2)
    assert evaluate(f"c.{name}", {"c": {name: 3}}) == Decimal(3)


def test_the_longest_known_name_wins():
    assert evaluate("a b c", {"a": 1, "a b": 2, "a b c": 3}) == Decimal(3)
    assert evaluate("a - b", {"a": 5, "b": 2, "a-b": 9}) == Decimal(3)


def test_names_are_read_without_being_told_as_long_as_they_hold_no_keyword():
    assert feel.compile("Monthly Income > 5 and 单价 < 3").names == {"Monthly Income", "单价"}


@pytest.mark.parametrize(
    "text,names",
    [
        ("a + b.c", {"a", "b"}),
        ("for i in xs return i + y", {"xs", "y"}),
        ("some i in xs satisfies i > limit", {"xs", "limit"}),
        ("function(a) a + b", {"b"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("count(xs)", {"xs"}),
        ("f(x)", {"f", "x"}),
        ("list[price > 5]", {"list", "price"}),
        ("1 + 2", set()),
        ("for i in xs return partial", {"xs"}),
    ],
)
def test_it_tells_the_names_it_reads(text, names):
    assert feel.compile(text).names == names


def test_local_names_end_with_their_construct():
    tree = parse("(for a-b in [1] return a-b)[1] + a-b")
    assert isinstance(tree, Binary)
    assert tree.operator == "-"
    assert isinstance(tree.right, Name)


@pytest.mark.parametrize(
    "text,line,column,expected",
    [
        ("1 +", 1, 4, "a value"),
        ("(1", 1, 3, '")"'),
        ("[1, 2", 1, 6, '","'),
        ("if x then 1", 1, 12, '"else"'),
        ("for i in xs", 1, 12, '"return"'),
        ("1 +\n  * 2", 2, 3, "a value"),
        ("", 1, 1, "a value"),
        ("1 1", 1, 3, "an operator or the end"),
        ("{a 1}", 1, 2, 'a key and ":"'),
        ("f(a: 1, 2)", 1, 9, "either names for all arguments or for none"),
        ("x.", 1, 3, "a name"),
        ("1 between 2", 1, 12, '"and"'),
        ("x instance of nonsense", 1, 15, "a type"),
        ("then", 1, 1, "a value"),
        ("[..5]", 1, 1, "a start of the range"),
        ("some x satisfies 1", 1, 6, 'a variable and "in"'),
        ('"open', 1, 1, "a value"),
        ("a ; b", 1, 3, "an operator or the end"),
        ("x == 1", 1, 4, "a value"),
    ],
)
def test_an_error_tells_place_and_expectation(text, line, column, expected):
    with pytest.raises(FeelSyntaxError) as raised:
        evaluate(text)
    facts = raised.value.facts
    assert (facts["line"], facts["column"]) == (line, column)
    assert facts["expected"] == expected


def test_an_error_is_said_in_both_languages():
    with pytest.raises(FeelSyntaxError) as raised:
        evaluate("1 + )")
    assert raised.value.text("zh") == "第 1 行第 5 列：此处应为值，实际为“)”。"
    assert raised.value.text("en") == 'Line 1, column 5: expected a value, found ")".'


def test_no_python_attribute_is_reachable():
    for text in (
        "x.__class__",
        '"a".upper',
        "x.as_tuple()",
        "people.append(1)",
        "{}.keys()",
        "f.call",
        "now.__globals__",
    ):
        assert evaluate(text, {"x": 1, "people": [], "f": feel.compile("1")}) in (None, [])


@pytest.mark.parametrize("text", ["== 5", ">> 5", "x == 5", "< > 5"])
def test_a_comparison_of_another_language_is_no_unary_test(text: str) -> None:
    with pytest.raises(FeelSyntaxError) as refusal:
        compile_unary_tests(text, ["x"])

    assert "值" in refusal.value.text("zh")
