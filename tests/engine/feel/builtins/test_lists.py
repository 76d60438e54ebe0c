"""List built-ins, by the examples of DMN 1.5 table 75 and their edges."""

from decimal import Decimal

from tests.engine.feel.facts import check, day, facts


@facts(
    ("list contains([1, 2, 3], 2)", True),
    ("list contains([1, 2, 3], 4)", False),
    ("list contains([1, null], null)", True),
    ("list contains(1, 1)", True),
    ("list contains(null, 1)", None),
    ('list contains([1, "1"], "1")', True),
    ("list contains([[1]], [1])", True),
    ("list contains(list: [1], element: 1)", True),
)
def test_list_contains(text, expected):
    check(text, expected)


@facts(
    ("count([1, 2, 3])", 3),
    ("count([])", 0),
    ("count([1, [2, 3]])", 2),
    ("count(1)", 1),
    ("count([null])", 1),
    ("count()", None),
)
def test_count(text, expected):
    check(text, expected)


@facts(
    ("min([1, 2, 3])", 1),
    ("min(3, 1, 2)", 1),
    ("min(1)", 1),
    ("min([])", None),
    ('min("b", "a")', "a"),
    ('min([@"2026-02-01", @"2026-01-01"])', day("2026-01-01")),
    ('min([1, "a"])', None),
    ("min([1, null])", None),
    ("min(null)", None),
    ("min(list: [2, 1])", 1),
)
def test_min(text, expected):
    check(text, expected)


@facts(("max([1, 3, 2])", 3), ("max(1, 2, 3)", 3), ("max([])", None), ('max("a", "b")', "b"), ("max()", None))
def test_max(text, expected):
    check(text, expected)


@facts(
    ("sum([1, 2, 3])", 6),
    ("sum(1, 2, 3)", 6),
    ("sum(1)", 1),
    ("sum([])", None),
    ('sum([1, "a"])', None),
    ("sum([1, null])", None),
)
def test_sum(text, expected):
    check(text, expected)


@facts(("mean([1, 2, 3])", 2), ("mean(1, 2)", Decimal("1.5")), ("mean([])", None), ("mean(1)", 1))
def test_mean(text, expected):
    check(text, expected)


@facts(
    ("all([false, null, true])", False),
    ("all(true)", True),
    ("all([true])", True),
    ("all([])", True),
    ("all([true, null])", None),
    ("all(0)", None),
    ("all(null)", None),
    ("all(true, false)", False),
    ("all([true, 1])", None),
)
def test_all(text, expected):
    check(text, expected)


@facts(
    ("any([false, null, true])", True),
    ("any(false)", False),
    ("any([])", False),
    ("any([false, null])", None),
    ("any(0)", None),
    ("any(false, true)", True),
)
def test_any(text, expected):
    check(text, expected)


@facts(
    ("sublist([4, 5, 6], 1, 2)", [4, 5]),
    ("sublist([4, 5, 6], 2)", [5, 6]),
    ("sublist([4, 5, 6], -2)", [5, 6]),
    ("sublist([4, 5, 6], -2, 1)", [5]),
    ("sublist([4, 5, 6], 0)", None),
    ("sublist([4, 5, 6], 4)", None),
    ("sublist([4, 5, 6], 1, 4)", None),
    ("sublist([4, 5, 6], 1.5)", None),
    ("sublist(list: [4, 5], start position: 2, length: 1)", [5]),
)
def test_sublist(text, expected):
    check(text, expected)


@facts(
    ("append([1], 2, 3)", [1, 2, 3]),
    ("append([1], [2])", [1, [2]]),
    ("append(1, 2)", [1, 2]),
    ("append([], null)", [None]),
    ("append(list: [1], item: 2)", [1, 2]),
    ("append(null, 1)", None),
)
def test_append(text, expected):
    check(text, expected)


@facts(
    ("concatenate([1, 2], [3])", [1, 2, 3]),
    ("concatenate([1], [[2]])", [1, [2]]),
    ("concatenate([1], 2)", [1, 2]),
    ("concatenate(list: [1, 2])", [1, 2]),
    ("concatenate([1], null)", None),
)
def test_concatenate(text, expected):
    check(text, expected)


@facts(
    ("insert before([1, 3], 1, 2)", [2, 1, 3]),
    ("insert before([1, 3], -1, 2)", [1, 2, 3]),
    ("insert before([1, 3], 0, 2)", None),
    ("insert before([1, 3], 3, 2)", None),
    ("insert before([1], 1, null)", [None, 1]),
)
def test_insert_before(text, expected):
    check(text, expected)


@facts(
    ("remove([1, 2, 3], 2)", [1, 3]),
    ("remove([1, 2, 3], -1)", [1, 2]),
    ("remove([1], 2)", None),
    ("remove([1], 0)", None),
)
def test_remove(text, expected):
    check(text, expected)


@facts(
    ("list replace([2, 4, 7, 8], 3, 6)", [2, 4, 6, 8]),
    ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", [5, 5, 7, 8]),
    ("list replace([1], 2, 0)", None),
    ("list replace(list: [1, 2], position: -1, newItem: 9)", [1, 9]),
    ("list replace([1, 2], null, 9)", None),
)
def test_list_replace(text, expected):
    check(text, expected)


@facts(("reverse([1, 2, 3])", [3, 2, 1]), ("reverse([])", []), ("reverse(null)", None))
def test_reverse(text, expected):
    check(text, expected)


@facts(("index of([1, 2, 3, 2], 2)", [2, 4]), ("index of([1, null], null)", [2]), ("index of([1], 9)", []))
def test_index_of(text, expected):
    check(text, expected)


@facts(("union([1, 2], [2, 3])", [1, 2, 3]), ("union([1, 1], [])", [1]), ('union([1, "1"], [true])', [1, "1", True]))
def test_union(text, expected):
    check(text, expected)


@facts(
    ("distinct values([1, 2, 3, 2, 1])", [1, 2, 3]),
    ("distinct values([1, null, null])", [1, None]),
    ("distinct values([[1], [1], {a: 1}, {a: 1.0}])", [[1], {"a": 1}]),
    ("distinct values([1, true])", [1, True]),
)
def test_distinct_values(text, expected):
    check(text, expected)


@facts(("duplicate values([1, 2, 3, 2, 1])", [1, 2]), ("duplicate values([1])", []))
def test_duplicate_values(text, expected):
    check(text, expected)


@facts(("flatten([[1, 2], [[3]], 4])", [1, 2, 3, 4]), ("flatten([[], [null]])", [None]), ("flatten(1)", [1]))
def test_flatten(text, expected):
    check(text, expected)


@facts(("product([2, 3, 4])", 24), ("product(2, 3)", 6), ("product([])", None))
def test_product(text, expected):
    check(text, expected)


@facts(("median(8, 2, 5, 3, 4)", 4), ("median([6, 1, 2, 3])", Decimal("2.5")), ("median([])", None))
def test_median(text, expected):
    check(text, expected)


@facts(
    ("decimal(stddev(2, 4, 7, 5), 6)", Decimal("2.081666")),
    ("stddev([47])", None),
    ("stddev([])", None),
    ("stddev(1, null)", None),
)
def test_stddev(text, expected):
    check(text, expected)


@facts(("mode(6, 3, 9, 6, 6)", [6]), ("mode([6, 1, 9, 6, 1])", [1, 6]), ("mode([])", []), ("mode([1, null])", None))
def test_mode(text, expected):
    check(text, expected)


@facts(
    ("sort([3, 1, 4], function(x, y) x < y)", [1, 3, 4]),
    ("sort([3, 1, 4], function(x, y) x > y)", [4, 3, 1]),
    ("sort(list: [2, 1], precedes: function(a, b) a < b)", [1, 2]),
    ("sort([2, 1])", [1, 2]),
    ('sort([1, "a"])', None),
    ("sort(people, function(a, b) a.age < b.age).name", ["Ann", "Bob", "Cyd"]),
)
def test_sort(text, expected):
    check(text, expected)
