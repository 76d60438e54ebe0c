"""`for` and filters (DMN 1.5, 10.3.2.14 and 10.3.2.5)."""

from tests.engine.feel.facts import check, day, facts


@facts(
    ("for i in [1, 2, 3] return i * i", [1, 4, 9]),
    ("for i in 1..3 return i", [1, 2, 3]),
    ("for i in 3..1 return i", [3, 2, 1]),
    ("for i in -1..1 return i", [-1, 0, 1]),
    ("for i in [1..3] return i", [1, 2, 3]),
    ("for i in (1..3) return i", [2]),
    ("for i in 1..x return i", [1, 2, 3, 4, 5]),
    ("for i in 1..2, j in [i, 10] return i + j", [2, 11, 4, 12]),
    ("for i in [[1, 2], [3]], j in i return j", [1, 2, 3]),
    ("for i in [] return i", []),
    ("for i in null return i", None),
    ("for i in 5 return i", [5]),
    ('for i in "abc" return i', ["abc"]),
    ("for i in 1..1.5 return i", None),
    ('for i in 1.."a" return i', None),
    ("for item in [1, 2] return item", [1, 2]),
    ("for Some Name in [1, 2] return Some Name + 1", [2, 3]),
    ("for i in 1..3 return if i = 2 then null else i", [1, None, 3]),
)
def test_for(text, expected):
    check(text, expected)


@facts(
    ('for d in @"2026-02-27"..@"2026-03-01" return d', [day("2026-02-27"), day("2026-02-28"), day("2026-03-01")]),
    ('for d in @"2026-03-01"..@"2026-02-28" return d.day', [1, 28]),
)
def test_for_over_dates(text, expected):
    check(text, expected)


@facts(
    ("for i in 1..5 return if i = 1 then 1 else i * partial[-1]", [1, 2, 6, 24, 120]),
    ("for i in 1..3 return count(partial)", [0, 1, 2]),
    ("for i in 1..4 return sum(partial) = 0", [False, False, False, False]),
)
def test_partial(text, expected):
    check(text, expected)


@facts(
    ("[1, 2, 3, 4][item > 2]", [3, 4]),
    ("[1, 2, 3][true]", [1, 2, 3]),
    ("[1, 2, 3][false]", []),
    ("[1, 2, 3][null]", []),
    ("[1, 2, 3][item > null]", []),
    ("[][item > 1]", []),
    ("5[item > 1]", [5]),
    ("5[item > 9]", []),
    ("[{a: 1}, {a: 2}][a = 2]", [{"a": 2}]),
    ("[{a: 1}, {a: 2}][item.a = 2]", [{"a": 2}]),
    ("[{a: 1}, {b: 2}][a = 1]", [{"a": 1}]),
    ("people[age > 26].name", ["Bob", "Cyd"]),
    ('people[item = "ink"].name', ["Ann"]),
    ("people[age > x * 8].name", ["Cyd"]),
    ("[[1], [2, 3]][count(item) = 2]", [[2, 3]]),
    ("[1, 2, 3, 4][item > 1][item < 4]", [2, 3]),
    ("{a: 1}[a = 1]", [{"a": 1}]),
)
def test_filters(text, expected):
    check(text, expected)


@facts(
    ("[1, 2, 3][1]", 1),
    ("[1, 2, 3][-1]", 3),
    ("[1, 2, 3][0]", None),
    ("[1, 2, 3][4]", None),
    ("[1, 2, 3][-4]", None),
    ("[1, 2, 3][1.5]", None),
    ("[1, 2, 3][1 + 1]", 2),
    ("[4, 5][count([1, 2])]", 5),
    ("[][1]", None),
    ("7[1]", 7),
    ("7[2]", None),
    ("null[1]", None),
    ("people[1].name", "Bob"),
    ("people[x - 3].name", "Ann"),
    ("[[1, 2], [3]][1][2]", 2),
)
def test_an_index_counts_from_one_or_from_the_end(text, expected):
    check(text, expected)
