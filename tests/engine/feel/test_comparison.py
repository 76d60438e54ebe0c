"""Equality, order and `between` (DMN 1.5, 10.3.2.13): values of different kinds give null."""

from tests.engine.feel.facts import check, facts, nulls


@facts(
    ("1 = 1.0", True),
    ("1 = 2", False),
    ("1 != 2", True),
    ('"a" = "a"', True),
    ('"a" = "A"', False),
    ("true = true", True),
    ("true != false", True),
    ("null = null", True),
    ("null != null", False),
    ("1 = null", False),
    ("null != 1", True),
    ('1 = "1"', None),
    ('1 != "1"', None),
    ("true = 1", None),
    ("[1, 2] = [1, 2]", True),
    ("[1, 2] = [2, 1]", False),
    ("[1] = [1, 1]", False),
    ('[1] = ["1"]', False),
    ("[] = []", True),
    ("[1] = 1", None),
    ("{a: 1, b: 2} = {b: 2, a: 1}", True),
    ("{a: 1} = {a: 2}", False),
    ("{a: 1} = {b: 1}", False),
    ("{a: [1]} = {a: [1]}", True),
    ("[1..2] = [1..2]", True),
    ("[1..2] = [1..2)", False),
)
def test_equality(text, expected):
    check(text, expected)


@facts(
    ('@"2026-01-01" = @"2026-01-01"', True),
    ('@"2026-01-01" = @"2026-01-01T00:00:00"', None),
    ('@"2026-01-01T00:00:00Z" = @"2026-01-01T08:00:00+08:00"', True),
    ('@"2026-01-01T08:00:00@Asia/Shanghai" = @"2026-01-01T08:00:00+08:00"', True),
    ('@"2026-01-01T00:00:00Z" = @"2026-01-01T00:00:00"', False),
    ('@"10:00:00Z" = @"18:00:00+08:00"', True),
    ('@"10:00:00Z" = @"10:00:00@Etc/UTC"', True),
    ('@"P1Y" = @"P12M"', True),
    ('@"P1D" = @"PT24H"', True),
    ('@"P0Y" = @"P0D"', None),
)
def test_equality_of_temporal_values(text, expected):
    check(text, expected)


@facts(
    ("1 < 2", True),
    ("2 <= 2", True),
    ("3 > 4", False),
    ("4 >= 4", True),
    ('"a" < "b"', True),
    ('"Z" < "a"', True),
    ('@"2026-01-01" < @"2026-01-02"', True),
    ('@"2026-01-01T00:00:00Z" < @"2026-01-01T07:00:00+08:00"', False),
    ('@"10:00:00" < @"10:00:01"', True),
    ('@"P1D" > @"PT23H"', True),
    ('@"P1Y" >= @"P12M"', True),
)
def test_order(text, expected):
    check(text, expected)


@nulls(
    '1 < "2"',
    "null < 1",
    "1 > null",
    "true < false",
    "[1] < [2]",
    '@"P1D" < @"P1M"',
    '@"10:00:00" < @"10:00:00Z"',
    "{} < {}",
)
def test_values_without_a_common_order_give_null(text, expected):
    check(text, expected)


@facts(
    ("2 between 1 and 3", True),
    ("1 between 1 and 3", True),
    ("4 between 1 and 3", False),
    ("2 between 3 and 1", False),
    ('"b" between "a" and "c"', True),
    ('@"2026-01-02" between @"2026-01-01" and @"2026-01-03"', True),
    ("2 between null and 3", None),
    ("2 between null and 1", False),
    ("null between 1 and 3", None),
    ("x between 1 and 3 or true", True),
    ("1 + 1 between 1 and 1 + 2", True),
)
def test_between(text, expected):
    check(text, expected)
