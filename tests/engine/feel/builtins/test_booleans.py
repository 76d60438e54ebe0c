"""`not` and `is`."""

from tests.engine.feel.facts import check, facts


@facts(("not(true)", False), ("not(false)", True), ("not(null)", None), ("not(1)", None), ("not(negand: true)", False))
def test_not(text, expected):
    check(text, expected)


@facts(
    ('is(date("2012-12-25"), time("23:00:50"))', False),
    ('is(date("2012-12-25"), date("2012-12-25"))', True),
    ('is(time("23:00:50Z"), time("23:00:50"))', False),
    ('is(time("23:00:50Z"), time("23:00:50+00:00"))', True),
    ("is(null, null)", True),
    ("is(1, null)", False),
    ("is(1, 1.0)", True),
    ("is([1], [1])", True),
    ("is(value1: 1, value2: 2)", False),
)
def test_is(text, expected):
    check(text, expected)
