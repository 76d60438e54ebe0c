"""Three-valued logic (DMN 1.5, tables 50 and 51), `if`, `some` and `every`."""

from tests.engine.feel.facts import check, facts


@facts(
    ("true and true", True),
    ("true and false", False),
    ("true and null", None),
    ("false and null", False),
    ("null and null", None),
    ("true and 1", None),
    ('"x" and false', False),
    ("true and true and false", False),
)
def test_and(text, expected):
    check(text, expected)


@facts(
    ("true or null", True),
    ("false or false", False),
    ("false or null", None),
    ("1 or true", True),
    ("1 or false", None),
    ("false and false or true", True),
    ("true or false and false", True),
)
def test_or(text, expected):
    check(text, expected)


@facts(
    ("if true then 1 else 2", 1),
    ("if false then 1 else 2", 2),
    ("if null then 1 else 2", 2),
    ("if 5 then 1 else 2", 2),
    ("if x > 3 then if x > 4 then 1 else 2 else 3", 1),
    ("(if false then 1 else 2) + 1", 3),
)
def test_if(text, expected):
    check(text, expected)


@facts(
    ("some i in [1, 2, 3] satisfies i > 2", True),
    ("some i in [1, 2, 3] satisfies i > 3", False),
    ("some i in [] satisfies true", False),
    ("some i in [1, null] satisfies i > 2", None),
    ("some i in [3, null] satisfies i > 2", True),
    ("some i in null satisfies true", None),
    ("some i in 5 satisfies i = 5", True),
    ("some i in [1, 2], j in [2, 3] satisfies i = j", True),
    ("some i in 1..3 satisfies i = 2", True),
    ("some p in people satisfies p.age > 40", True),
)
def test_some(text, expected):
    check(text, expected)


@facts(
    ("every i in [1, 2, 3] satisfies i > 0", True),
    ("every i in [1, 2, 3] satisfies i > 1", False),
    ("every i in [] satisfies false", True),
    ("every i in [1, null] satisfies i > 0", None),
    ("every i in [0, null] satisfies i > 0", False),
    ("every i in [[1], [2, 3]], j in i satisfies j > 0", True),
)
def test_every(text, expected):
    check(text, expected)
