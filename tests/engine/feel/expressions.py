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
        # A list at the end of a range stands in parentheses: a bare `[` there is the range's open end.
        st.tuples(inner, inner, inner).map(lambda p: "({} in [{}..({})])".format(*p)),
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
    [
        "1",
        "x",
        '"',
        "'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "..",
        ".",
        "-",
        "+",
        "*",
        "/",
        "**",
        "<",
        "<=",
        "=",
        "!=",
        ">",
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "instance",
        "of",
        "list<",
        "function(",
        "@",
        '"a"',
        "//",
        "/*",
        "*/",
        "\\u",
        "\\",
        "单价",
        "null",
        "true",
        "\n",
        "item",
        "?",
        "partial",
        "date(",
        "string(",
    ]
)
NOISE = st.lists(FRAGMENTS, max_size=25).map(" ".join) | st.text(max_size=40)
"""Text that is mostly not FEEL."""


def _typed() -> st.SearchStrategy[str]:
    """Expressions whose parts have the types their operators want."""
    numbers = st.deferred(lambda: NUMBERS | number_rows)
    strings = st.deferred(lambda: STRINGS | string_rows)
    booleans = st.deferred(lambda: BOOLEANS | boolean_rows)
    number_list = st.lists(numbers, min_size=1, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
    number_rows = st.one_of(
        _binary(["+", "-", "*"], numbers, numbers),
        st.tuples(booleans, numbers, numbers).map(lambda p: "(if {} then {} else {})".format(*p)),
        strings.map(lambda text: f"string length({text})"),
        st.tuples(st.sampled_from(["count", "sum", "min", "max"]), number_list).map(lambda p: "{}({})".format(*p)),
        st.tuples(st.sampled_from(["floor", "ceiling", "abs"]), numbers).map(lambda p: "{}({})".format(*p)),
        numbers.map(lambda text: f"{{k: {text}, m: k + 1}}.m"),
        st.tuples(number_list, st.sampled_from(["1", "-1"])).map(lambda p: "{}[{}]".format(*p)),
    )
    string_rows = st.one_of(
        _binary(["+"], strings, strings),
        st.tuples(st.sampled_from(["upper case", "lower case"]), strings).map(lambda p: "{}({})".format(*p)),
        st.tuples(booleans, strings, strings).map(lambda p: "(if {} then {} else {})".format(*p)),
        st.tuples(strings, strings).map(lambda p: "substring before({}, {})".format(*p)),
    )
    boolean_rows = st.one_of(
        _binary(["and", "or"], booleans, booleans | NULL),
        _binary(["=", "!=", "<", "<=", ">", ">="], numbers, numbers),
        _binary(["=", "!="], strings, strings | NULL),
        numbers.map(lambda text: f"({text} in [-5..100])"),
        st.tuples(numbers, numbers).map(lambda p: "({0} between 0 and {1} * {1} + 1)".format(*p)),
        st.tuples(number_list, numbers).map(lambda p: "(some i in {} satisfies i > {})".format(*p)),
        st.tuples(number_list, numbers).map(lambda p: "(every i in {} satisfies i > {})".format(*p)),
        st.tuples(number_list, numbers).map(lambda p: "list contains({}, {})".format(*p)),
        booleans.map(lambda text: f"not({text})"),
        st.tuples(strings, strings).map(lambda p: "contains({}, {})".format(*p)),
    )
    lists = st.one_of(
        number_list,
        st.tuples(number_list, numbers).map(lambda p: "{}[item > {}]".format(*p)),
        st.tuples(number_list, numbers).map(lambda p: "(for i in {} return i + {})".format(*p)),
        st.tuples(number_list, number_list).map(lambda p: "concatenate({}, {})".format(*p)),
        number_list.map(lambda text: f"reverse({text})"),
        number_list.map(lambda text: f"distinct values({text})"),
    )
    return numbers | strings | booleans | lists


TYPED = _typed()
"""Expressions on which every evaluator of FEEL should agree."""
