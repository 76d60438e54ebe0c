"""Numeric built-ins, by the examples of DMN 1.5 table 76 and their edges."""

from decimal import Decimal

from tests.engine.feel.facts import check, days, facts, months


@facts(
    ("decimal(1/3, 2)", Decimal("0.33")),
    ("decimal(1.5, 0)", 2),
    ("decimal(2.5, 0)", 2),
    ("decimal(125, -1)", 120),
    ("decimal(1, 6177)", None),
    ("decimal(1, -6112)", None),
    ("decimal(1, 6176)", 1),
    ("decimal(null, 1)", None),
    ("decimal(scale: 1, n: 0.25)", Decimal("0.2")),
)
def test_decimal(text, expected):
    check(text, expected)


@facts(
    ("floor(1.5)", 1),
    ("floor(-1.5)", -2),
    ("floor(-1.56, 1)", Decimal("-1.6")),
    ("floor(15, -1)", 10),
    ("floor(null)", None),
)
def test_floor(text, expected):
    check(text, expected)


@facts(("ceiling(1.5)", 2), ("ceiling(-1.5)", -1), ("ceiling(-1.56, 1)", Decimal("-1.5")), ('ceiling("a")', None))
def test_ceiling(text, expected):
    check(text, expected)


@facts(
    ("round up(5.5, 0)", 6), ("round up(-5.5, 0)", -6), ("round up(1.121, 2)", Decimal("1.13")), ("round up(5.5)", None)
)
def test_round_up(text, expected):
    check(text, expected)


@facts(("round down(5.5, 0)", 5), ("round down(-5.5, 0)", -5), ("round down(-1.126, 2)", Decimal("-1.12")))
def test_round_down(text, expected):
    check(text, expected)


@facts(("round half up(5.5, 0)", 6), ("round half up(-5.5, 0)", -6), ("round half up(1.125, 2)", Decimal("1.13")))
def test_round_half_up(text, expected):
    check(text, expected)


@facts(("round half down(5.5, 0)", 5), ("round half down(-5.5, 0)", -5), ("round half down(1.126, 2)", Decimal("1.13")))
def test_round_half_down(text, expected):
    check(text, expected)


@facts(
    ("abs(10)", 10),
    ("abs(-10)", 10),
    ('abs(duration("-PT5H"))', days(hours=5)),
    ('abs(@"-P3M")', months(3)),
    ('abs("a")', None),
    ("abs(n: -1)", 1),
)
def test_abs(text, expected):
    check(text, expected)


@facts(
    ("modulo(12, 5)", 2),
    ("modulo(-12, 5)", 3),
    ("modulo(12, -5)", -3),
    ("modulo(-12, -5)", -2),
    ("modulo(10.1, 4.5)", Decimal("1.1")),
    ("modulo(-10.1, 4.5)", Decimal("3.4")),
    ("modulo(1, 0)", None),
)
def test_modulo(text, expected):
    check(text, expected)


@facts(("sqrt(16)", 4), ("sqrt(2)", Decimal("1.414213562373095048801688724209698")), ("sqrt(-1)", None))
def test_sqrt(text, expected):
    check(text, expected)


@facts(("log(1)", 0), ("decimal(log(10), 8)", Decimal("2.30258509")), ("log(0)", None), ("log(-1)", None))
def test_log(text, expected):
    check(text, expected)


@facts(("exp(0)", 1), ("decimal(exp(5), 8)", Decimal("148.41315910")), ("exp(null)", None))
def test_exp(text, expected):
    check(text, expected)


@facts(
    ("odd(5)", True),
    ("odd(2)", False),
    ("odd(-1)", True),
    ("odd(1.5)", False),
    ("odd(1e40)", False),
    ("odd(null)", None),
)
def test_odd(text, expected):
    check(text, expected)


@facts(("even(5)", False), ("even(2)", True), ("even(0)", True), ("even(1.5)", False), ("even(1e40)", True))
def test_even(text, expected):
    check(text, expected)
