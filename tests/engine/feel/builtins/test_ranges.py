"""Range built-ins, by the examples of DMN 1.5 table 80."""

from tests.engine.feel.facts import check, facts


@facts(
    ("before(1, 10)", True),
    ("before(10, 1)", False),
    ("before(1, [1..10])", False),
    ("before(1, (1..10])", True),
    ("before(1, [5..10])", True),
    ("before([1..10], 10)", False),
    ("before([1..10), 10)", True),
    ("before([1..10], 15)", True),
    ("before([1..10], [15..20])", True),
    ("before([1..10], [10..20])", False),
    ("before([1..10), [10..20])", True),
    ("before([1..10], (10..20])", True),
    ("before(< 5, [5..6])", True),
    ('before("a", 1)', None),
    ("before(null, 1)", None),
    ("before(point1: 1, point2: 2)", True),
)
def test_before(text, expected):
    check(text, expected)


@facts(
    ("after(10, 5)", True),
    ("after(5, 10)", False),
    ("after(12, [1..10])", True),
    ("after(10, [1..10))", True),
    ("after(10, [1..10])", False),
    ("after([11..20], 12)", False),
    ("after([11..20], 10)", True),
    ("after((11..20], 11)", True),
    ("after([11..20], [1..10])", True),
    ("after([11..20], [1..11))", True),
    ("after((11..20], [1..11])", True),
    ("after(range: [5..6], point: 4)", True),
)
def test_after(text, expected):
    check(text, expected)


@facts(
    ("meets([1..5], [5..10])", True),
    ("meets([1..5), [5..10])", False),
    ("meets([1..5], [6..10])", False),
    ("meets(1, [1..2])", None),
)
def test_meets(text, expected):
    check(text, expected)


@facts(("met by([5..10], [1..5])", True), ("met by((5..10], [1..5])", False), ("met by([6..10], [1..5])", False))
def test_met_by(text, expected):
    check(text, expected)


@facts(
    ("overlaps([1..5], [3..8])", True),
    ("overlaps([3..8], [1..5])", True),
    ("overlaps([1..8], [3..5])", True),
    ("overlaps([1..5], [6..8])", False),
    ("overlaps([1..5], [5..8])", True),
    ("overlaps([1..5], (5..8])", False),
    ("overlaps([1..5), [5..8])", False),
)
def test_overlaps(text, expected):
    check(text, expected)


@facts(
    ("overlaps before([1..5], [3..8])", True),
    ("overlaps before([1..5], [6..8])", False),
    ("overlaps before([1..5], [5..8])", True),
    ("overlaps before([1..5], (5..8])", False),
    ("overlaps before([1..5), (1..5])", True),
    ("overlaps before([1..5], (1..5))", False),
    ("overlaps before([1..5], [1..5])", False),
)
def test_overlaps_before(text, expected):
    check(text, expected)


@facts(
    ("overlaps after([3..8], [1..5])", True),
    ("overlaps after([6..8], [1..5])", False),
    ("overlaps after([5..8], [1..5])", True),
    ("overlaps after((5..8], [1..5])", False),
    ("overlaps after([1..5], [1..5])", False),
)
def test_overlaps_after(text, expected):
    check(text, expected)


@facts(
    ("finishes(10, [1..10])", True),
    ("finishes(10, [1..10))", False),
    ("finishes([5..10], [1..10])", True),
    ("finishes([5..10), [1..10])", False),
    ("finishes([1..10], [1..10])", True),
    ("finishes([1..10], (1..10])", False),
)
def test_finishes(text, expected):
    check(text, expected)


@facts(("finished by([1..10], 10)", True), ("finished by([1..10), 10)", False), ("finished by([1..10], [5..10])", True))
def test_finished_by(text, expected):
    check(text, expected)


@facts(
    ("includes([1..10], 5)", True),
    ("includes([1..10], 12)", False),
    ("includes([1..10), 10)", False),
    ("includes([1..10], [4..6])", True),
    ("includes((1..10], [1..6])", False),
    ("includes([1..10], (1..10))", True),
    ("includes([1..10], null)", None),
)
def test_includes(text, expected):
    check(text, expected)


@facts(
    ("during(5, [1..10])", True),
    ("during(1, (1..10])", False),
    ("during([4..6], [1..10))", True),
    ("during([1..10], (1..10))", False),
)
def test_during(text, expected):
    check(text, expected)


@facts(
    ("starts(1, [1..10])", True),
    ("starts(1, (1..10])", False),
    ("starts([1..5], [1..10])", True),
    ("starts((1..5], [1..10])", False),
)
def test_starts(text, expected):
    check(text, expected)


@facts(("started by([1..10], 1)", True), ("started by((1..10], 1)", False), ("started by([1..10], [1..5])", True))
def test_started_by(text, expected):
    check(text, expected)


@facts(
    ("coincides(5, 5)", True),
    ("coincides(3, 4)", False),
    ("coincides([1..5], [1..5])", True),
    ("coincides((1..5], [1..5])", False),
)
def test_coincides(text, expected):
    check(text, expected)
