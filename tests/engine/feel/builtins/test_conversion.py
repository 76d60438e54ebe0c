"""`number`, `string` and `range`."""

from decimal import Decimal

from tests.engine.feel.facts import check, day, facts, span


@facts(
    ('number("1 000,0", " ", ",")', 1000),
    ('number("1,000.5", ",", ".")', Decimal("1000.5")),
    ('number("1.000,5", ".", ",")', Decimal("1000.5")),
    ('number("1000", null, null)', 1000),
    ('number("1000")', 1000),
    ('number("-1.5e3")', -1500),
    ('number("1,5", ".", ".")', None),
    ('number("1", "x", ".")', None),
    ('number("1", ",", " ")', None),
    ('number("abc")', None),
    ('number("")', None),
    ("number(null)", None),
    ('number(from: "1,5", grouping separator: null, decimal separator: ",")', Decimal("1.5")),
    ('number("1.5", null, ",")', None),
)
def test_number(text, expected):
    check(text, expected)


@facts(
    ("string(1.1)", "1.1"),
    ("string(1.0)", "1"),
    ("string(1e3)", "1000"),
    ("string(-0.000001)", "-0.000001"),
    ("string(null)", None),
    ('string("foo")', "foo"),
    ("string(true)", "true"),
    ('string(date("2012-12-25"))', "2012-12-25"),
    ('string(time("10:00:00+05:30"))', "10:00:00+05:30"),
    ('string(@"2020-01-01T10:00:00@Asia/Shanghai")', "2020-01-01T10:00:00@Asia/Shanghai"),
    ('string(@"2020-01-01T10:00:00.120Z")', "2020-01-01T10:00:00.12Z"),
    ('string(duration("P1DT25H"))', "P2DT1H"),
    ('string(duration("P14M"))', "P1Y2M"),
    ('string([1, 2, "a b", [3]])', '[1, 2, "a b", [3]]'),
    ('string({a: "foo", "b c": {d: null}})', '{a: "foo", b c: {d: null}}'),
    ('string({"{": "x"})', '{"{": "x"}'),
    ('string(["a\\"b"])', '["a\\"b"]'),
    ("string([1..3))", "[1..3)"),
    ("string(> 5)", "(5..)"),
)
def test_string(text, expected):
    check(text, expected)


@facts(
    ('range("[18..21]")', span(18, 21)),
    ('range("[18..21)")', span(18, 21, "[)")),
    ('range("[2..)")', span(2, None, "[)")),
    ('range("(..2)")', span(None, 2, "()")),
    ("range(\"]'a'..b]\")", None),
    ('range("[\\"a\\"..\\"c\\"]")', span("a", "c")),
    ('range("[@\\"2026-01-01\\"..@\\"2026-02-01\\"]")', span(day("2026-01-01"), day("2026-02-01"))),
    ('range("[date(\\"2026-01-01\\")..date(\\"2026-02-01\\")[")', span(day("2026-01-01"), day("2026-02-01"), "[[")),
    ('range("")', None),
    ('range("[..)")', None),
    ('range("[..3]")', None),
    ('range("[3..1]")', None),
    ('range("[1..x]")', None),
)
def test_range(text, expected):
    check(text, expected)
