"""Operands that stand in brackets: groups, lists, contexts and the many ways to write a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.names import INFIX_WORDS, KEY, SPACE, normalise
from engine.feel.parse import nodes as n
from engine.feel.parse.powers import SUM
from engine.feel.parse.scanner import Scanner

if TYPE_CHECKING:
    from engine.feel.parse.parsing import Parsing


def parenthesis(parser: Parsing) -> n.Node:
    """`(a)`, or a range that starts open: `(a..b]`."""
    scanner, at = parser.scanner, parser.scanner.at
    scanner.take("(")
    inner = None if scanner.symbol() == ".." else parser.expression()
    if scanner.take(".."):
        return range_end_of(parser, at, inner, False)
    scanner.expect(")")
    assert inner is not None
    return inner


def bracket(parser: Parsing) -> n.Node:
    """`[a, b]`, or a range that includes its start: `[a..b]`."""
    scanner, at = parser.scanner, parser.scanner.at
    scanner.take("[")
    items: list[n.Node] = []
    while not scanner.take("]"):
        if items:
            scanner.expect(",")
        if scanner.symbol() != "..":
            items.append(parser.expression())
        if len(items) < 2 and scanner.take(".."):
            return range_end_of(parser, at, items[0] if items else None, True)
    return parser.node(n.ListLiteral, at, items)  # type: ignore[no-any-return]


def open_bracket(parser: Parsing) -> n.Node:
    """`]a..b]`, the other way to write an open start."""
    scanner, at = parser.scanner, parser.scanner.at
    scanner.take("]")
    start = None if scanner.symbol() == ".." else parser.expression(SUM)
    scanner.expect("..")
    return range_end_of(parser, at, start, False)


def range_end_of(parser: Parsing, at: int, start: n.Node | None, start_included: bool) -> n.Node:
    """What stands behind the dots of a range that started at `at`."""
    scanner = parser.scanner
    end = None if scanner.symbol() in (")", "[") else parser.expression(SUM, range_end=True)
    end_included = scanner.take("]")
    if not end_included and not scanner.take(")") and not scanner.take("["):
        scanner.fail('"]" or ")"', "“]”或“)”")
    if start is None and (start_included or end is None):
        scanner.fail("a start of the range", "区间起点", at)
    return parser.node(n.RangeLiteral, at, start, end, start_included, end_included)  # type: ignore[no-any-return]


def closes_range(scanner: Scanner) -> bool:
    """Whether the `[` here is the open end of a range: nothing behind it could begin a filter."""
    at = SPACE.match(scanner.text, scanner.at + 1).end()  # type: ignore[union-attr]
    rest = Scanner(scanner.text[at : at + 40])
    if rest.done or rest.word() in INFIX_WORDS:
        return True
    return bool(rest.symbol()) and rest.symbol() not in ("-", "(", "[", "{", "@")


ORDERS = frozenset(("<", "<=", ">", ">=", "=", "!="))


def order_test(parser: Parsing) -> n.Node:
    """`< a`, `>= a` and so on: a range without one end; `!= a` is no range."""
    scanner, at = parser.scanner, parser.scanner.at
    symbol = scanner.symbol()
    scanner.take(symbol)
    if scanner.symbol() in ORDERS:
        scanner.fail("a value", "值")
    point = parser.expression(SUM)
    if symbol == "=":
        return parser.node(n.RangeLiteral, at, point, point, True, True)  # type: ignore[no-any-return]
    if symbol == "!=":
        return parser.node(n.NotEqualTest, at, point)  # type: ignore[no-any-return]
    included = symbol in ("<=", ">=")
    ends = (None, point, False, included) if symbol.startswith("<") else (point, None, included, False)
    return parser.node(n.RangeLiteral, at, *ends)  # type: ignore[no-any-return]


def context(parser: Parsing) -> n.Node:
    """`{a: 1, "b c": 2}`."""
    scanner, at = parser.scanner, parser.scanner.at
    scanner.take("{")
    entries: list[tuple[str, n.Node]] = []
    while not scanner.take("}"):
        if entries:
            scanner.expect(",")
        key = _key(scanner)
        entries.append((key, parser.expression()))
        # Later entries see earlier ones, and paths may ask for them anywhere behind.
        parser.scope.add(key)
    return parser.node(n.ContextLiteral, at, entries)  # type: ignore[no-any-return]


def _key(scanner: Scanner) -> str:
    text = scanner.string()
    if text is not None:
        scanner.expect(":")
        return text
    found = scanner.match(KEY)
    if not found or not found.group(1).strip():
        scanner.fail('a key and ":"', "键和“:”")
    return normalise(found.group(1))
