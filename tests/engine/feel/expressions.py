"""Expressions made at random: well-formed ones for comparing evaluators, and noise for breaking the parser."""

from hypothesis import strategies as st

NUMBERS = st.integers(-20, 20).map(lambda n: f"({n})" if n < 0 else str(n)) | st.sampled_from(
    ["0.5", "1.25", "100", "x", "y"]
)
STRINGS = st.sampled_from(['"a"', '"b"', '"abc"', '""', '"单价"', "s"])
BOOLEANS = st.sampled_from(["true", "false", "b"])
NULL = st.just("null")


def _binary(
    operators: list[str], left: st.SearchStrategy[str], right: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    return st.tuples(left, st.sampled_from(operators), right).map(lambda parts: "({} {} {})".format(*parts))


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
    return st.one_of(
        _binary(["+", "-", "*"], inner, inner),
        _binary(["=", "!=", "<", "<=", ">", ">="], inner, inner),
        _binary(["and", "or"], inner, inner),
        lists,
        st.tuples(inner, inner, inner).map(lambda p: "(if {} then {} else {})".format(*p)),
        st.tuples(lists, inner).map(lambda p: "(for i in {} return [i, {}])".format(*p)),
        st.tuples(lists, inner).map(lambda p: "(some i in {} satisfies i = {})".format(*p)),
        st.tuples(lists, inner).map(lambda p: "(every i in {} satisfies i = {})".format(*p)),
        st.tuples(inner, inner, inner).map(lambda p: "({} between {} and {})".format(*p)),
        st.tuples(inner, inner, inner).map(lambda p: "({} in [{}..{}])".format(*p)),
        st.tuples(inner, inner).map(lambda p: "{{k: {}, m: {}}}".format(*p)),
        lists.map(lambda text: f"count({text})"),
        lists.map(lambda text: f"{text}[item > 2]"),
        lists.map(lambda text: f"{text}[1]"),
        lists.map(lambda text: f"reverse({text})"),
        lists.map(lambda text: f"list contains({text}, 1)"),
        inner.map(lambda text: f"not({text})"),
        inner.map(lambda text: f"{{k: {text}}}.k"),
        inner.map(lambda text: f"string length({text})"),
        inner.map(lambda text: f"floor({text})"),
        inner.map(lambda text: f"upper case({text})"),
    )


EXPRESSIONS = st.recursive(NUMBERS | STRINGS | BOOLEANS | NULL, _wider, max_leaves=8)
"""Well-formed expressions over x and y (numbers), s (a string) and b (a boolean)."""

FRAGMENTS = st.sampled_from(
    "1 x \" ' ( ) [ ] { } , : .. . - + * / ** < <= = != > and or not if then else for in return some every satisfies "
    'between instance of list< function( @ "a" // /* */ \\u \\ 单价 null true \n item ? partial date( string('.split(
        " "
    )
)
NOISE = st.lists(FRAGMENTS, max_size=25).map(" ".join) | st.text(max_size=40)
"""Text that is mostly not FEEL."""
