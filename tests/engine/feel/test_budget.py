"""What a stranger may write: too much of anything is an error of the expression."""

import pytest

from engine import feel
from engine.feel import BudgetExceeded, FeelError, evaluate


def doubled(start: str, step: str, end: str) -> str:
    """A context whose entries grow twofold forty times, by sharing."""
    grown = "".join(f", a{i}: {step.replace('#', f'a{i - 1}')}" for i in range(1, 40))
    return f"{{a0: {start}{grown}, r: {end}}}.r"


EXPENSIVE = {
    "power": "10 ** 9999",
    "number text": 'floor(number("1e9999999"))',
    "literal": "1e9999999",
    "range": "for i in 1..10**9 return i",
    "inner loops": "for i in 1..1000, j in 1..1000 return i * j",
    "quantifier": "some a in 1..100, b in 1..100, c in 1..100 satisfies a + b + c = 0",
    "partial": "for i in 1..10000 return count(partial)",
    "a megabyte of parentheses": "(" * 500_000 + "1" + ")" * 500_000,
    "parentheses": "(" * 1000 + "1" + ")" * 1000,
    "lists": "[" * 1000 + "]" * 1000,
    "signs": "-" * 1000 + "1",
    "sums": "+".join(["1"] * 1000),
    "calls": "f(" * 1000,
    "contexts": "{a:" * 1000,
    "recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "two recursions": "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(40)}.r",
    "a function of itself": "{f: function(g) g(g), r: f(f)}.r",
    "shared lists": doubled("[1, 1]", "[#, #]", "a39"),
    "text of shared lists": doubled("[1, 1]", "[#, #]", "string(a39)"),
    "equality of shared lists": doubled("[1, 1]", "[#, #]", "a39 = [a38, a38]"),
    "flat shared lists": doubled("[1, 1]", "[#, #]", "count(flatten(a39))"),
    "keys of shared lists": doubled("[1, 1]", "[#, #]", "count(distinct values([a39, a39]))"),
    "path over shared lists": doubled("[{x: 1}]", "[#, #]", "count(a39.x)"),
    "membership of shared lists": doubled("[1, 1]", "[#, #]", "1 in a39"),
    "long lists": doubled("[1, 1]", "concatenate(#, #)", "count(a39)"),
    "long strings": doubled('"xxxxxxxx"', "# + #", "string length(a39)"),
    "slow functions": "for i in 1..50000 return exp(i / 1000)",
    "slow strings": 'for i in 1..2000 return upper case("' + "ß" * 50_000 + '")',
    "equal lists in a loop": "for i in 1..20000 return i in [" + ",".join(map(str, range(500))) + "]",
    "repetition of repetition": 'matches("a", "((a{1000}){1000}){1000}")',
    "long regex": f'matches("a", "{"a" * 501}")',
}


@pytest.mark.parametrize("text", EXPENSIVE.values(), ids=EXPENSIVE)
def test_it_is_an_error_and_says_so(text):
    with pytest.raises(BudgetExceeded) as raised:
        evaluate(text)
    assert "限额" in raised.value.text("zh")
    assert "at most" in raised.value.text("en")


def test_a_regex_that_takes_too_long_is_stopped():
    with pytest.raises(BudgetExceeded, match="seconds in a pattern"):
        evaluate('replace("' + "a" * 50_000 + '", "(.)(?:.*)(?:.*)x|a", "$1$1$1")')


@pytest.mark.parametrize(
    "text",
    [
        "count(for i in 1..20000 return i * 2)",
        " and ".join(["true"] * 1000),
        "+".join(["1"] * 150),
        "(" * 40 + "1" + ")" * 40,
        "{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(50)}.r",
        "count(sort(for i in 1..5000 return -i))",
        "if x = 1 then 1 else " * 60 + "0",
    ],
)
def test_what_people_write_stays_within(text):
    assert evaluate(text) is not None


def test_a_budget_is_for_one_evaluation():
    expression = feel.compile("count(for i in 1..30000 return i)")
    assert [expression.evaluate({}) for _ in range(5)] == [30000] * 5


def test_the_same_expression_meets_the_same_limit_below_a_deep_stack():
    def below(levels: int) -> str:
        if levels:
            return below(levels - 1)
        with pytest.raises(FeelError) as raised:
            evaluate("{f: function(n) f(n + 1), r: f(1)}.r")
        return str(raised.value)

    assert below(0) == below(200)
