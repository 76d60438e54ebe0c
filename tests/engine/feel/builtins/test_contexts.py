"""Context built-ins, by the examples of DMN 1.5 table 81 and their edges."""

from tests.engine.feel.facts import check, facts


@facts(
    ('get value({key1: "value1"}, "key1")', "value1"),
    ('get value({key1: "value1"}, "other")', None),
    ('get value({a: {b: 1}}, ["a", "b"])', 1),
    ('get value({a: {b: 1}}, ["a", "c"])', None),
    ('get value(m: {a: 1}, key: "a")', 1),
    ('get value(null, "a")', None),
)
def test_get_value(text, expected):
    check(text, expected)


@facts(
    ('get entries({a: 1, "b c": 2})', [{"key": "a", "value": 1}, {"key": "b c", "value": 2}]),
    ("get entries({})", []),
    ("get entries(1)", None),
)
def test_get_entries(text, expected):
    check(text, expected)


@facts(
    ('context([{key: "a", value: 1}, {key: "b", value: null}])', {"a": 1, "b": None}),
    ('context({key: "a", value: 1})', {"a": 1}),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
    ('context([{key: "a"}])', None),
    ("context([{key: 1, value: 1}])", None),
    ("context([])", {}),
)
def test_context(text, expected):
    check(text, expected)


@facts(
    ('context put({x: 1}, "y", 2)', {"x": 1, "y": 2}),
    ('context put({x: 1}, "x", 2)', {"x": 2}),
    ('context put({x: {y: 0}}, ["x", "y"], 2)', {"x": {"y": 2}}),
    ('context put({x: 1}, ["x", "y"], 2)', None),
    ("context put({x: 1}, [], 2)", None),
    ("context put({x: 1}, null, 2)", None),
    ('context put(context: {x: 1}, keys: ["y"], value: null)', {"x": 1, "y": None}),
)
def test_context_put(text, expected):
    check(text, expected)


@facts(
    ("context merge([{x: 1}, {y: 2}])", {"x": 1, "y": 2}),
    ("context merge([{x: 1, y: 0}, {y: 2}])", {"x": 1, "y": 2}),
    ("context merge({x: 1})", {"x": 1}),
    ("context merge([{x: 1}, 2])", None),
    ("context merge([])", {}),
)
def test_context_merge(text, expected):
    check(text, expected)
