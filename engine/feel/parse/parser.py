"""The Pratt parser: text in, syntax tree out.

Binding powers, loosest first: `or`, `and`, comparisons with `between` and `in`, `+ -`, `* /`, `**` (from the
left, as DMN has it), `instance of`, unary minus, and what stands behind an operand (path, filter, call).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.feel.budget import MAX_NESTING, MAX_TEXT, MAX_TREE, exceeded
from engine.feel.builtins import BUILTINS
from engine.feel.evaluate.properties import PROPERTY_NAMES
from engine.feel.names import INFIX_WORDS, PART, KnownNames
from engine.feel.parse import brackets, operands
from engine.feel.parse.nodes import Between, Binary, Call, Filter, In, InstanceOf, Logical, Name, Node, Path, UnaryTests
from engine.feel.parse.powers import AND, COMPARISON, INSTANCE, OR, POWER, PRODUCT, SUM
from engine.feel.parse.scanner import Scanner
from engine.feel.parse.type_parser import read_type
from engine.feel.types import FeelType

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_POWERS = {
    **dict.fromkeys(_COMPARISONS, COMPARISON),
    **dict.fromkeys("+-", SUM),
    **dict.fromkeys("*/", PRODUCT),
    "**": POWER,
}
_EVERYWHERE = KnownNames([*BUILTINS, *PROPERTY_NAMES])
_WORDS = {"or": OR, "and": AND, "between": COMPARISON, "in": COMPARISON, "instance": INSTANCE}


def parse(text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None) -> Node:
    """The tree of an expression. Raises FeelSyntaxError or BudgetExceeded."""
    parser = Parser(text, names, types)
    tree = parser.expression()
    parser.end()
    return tree


def parse_unary_tests(text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None) -> UnaryTests:
    """The tree of a decision table's input entry. Raises FeelSyntaxError or BudgetExceeded."""
    parser = Parser(text, names, types)
    tree = operands.unary_tests(parser)
    parser.end()
    return tree


class Parser:
    """One pass over one text."""

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, FeelType] | None) -> None:
        if len(text) > MAX_TEXT:
            raise exceeded("characters of text")
        self.scanner = Scanner(text)
        self.scope = _EVERYWHERE.within(names)
        self.types = types or {}
        self._nesting = 0

    def end(self) -> None:
        """Fail unless the text is used up."""
        if not self.scanner.done:
            self.scanner.fail("an operator or the end", "运算符或表达式结尾")

    def expression(self, power: int = OR, range_end: bool = False) -> Node:
        """The expression here, as far as operators bind at least as tightly as `power`.

        At the end of a range a `[` may be its closing bracket instead of a filter (`range_end`).
        """
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise exceeded("nested levels")
        left = self._postfix(operands.operand(self), range_end)
        while True:
            found = self._infix(left, power)
            if found is None:
                self._nesting -= 1
                return left
            left = found

    def node(self, kind: type[Node], at: int, *parts: Any, **more: Any) -> Any:
        """A node over its parts, one level deeper than the deepest of them."""
        depth = 1 + max((_depth(part) for part in (*parts, *more.values())), default=0)
        if depth > MAX_TREE:
            raise exceeded("chained levels")
        return kind(*parts, **more, at=at, depth=depth)

    def _infix(self, left: Node, power: int) -> Node | None:
        scanner = self.scanner
        symbol = scanner.symbol()
        if symbol in _POWERS:
            return self._binary(left, symbol) if _POWERS[symbol] >= power else None
        word = scanner.word()
        if word not in _WORDS or _WORDS[word] < power:
            return None
        at = scanner.at
        scanner.move(at + len(word))
        if word in ("and", "or"):
            return self._logical(left, word, at)
        if word == "between":
            low = self.expression(SUM)
            scanner.expect_word("and")
            return self.node(Between, at, left, low, self.expression(SUM))  # type: ignore[no-any-return]
        if word == "in":
            return self.node(In, at, left, operands.tests_after_in(self))  # type: ignore[no-any-return]
        scanner.expect_word("of")
        return self.node(InstanceOf, at, left, read_type(scanner, self.types))  # type: ignore[no-any-return]

    def _binary(self, left: Node, symbol: str) -> Node:
        at = self.scanner.at
        self.scanner.take(symbol)
        if self.scanner.symbol() in _COMPARISONS:
            # `x == 1` would otherwise compare x with the range `= 1`, which nobody means.
            self.scanner.fail("a value", "值")
        right = self.expression(_POWERS[symbol] + 1)
        return self.node(Binary, at, symbol, left, right)  # type: ignore[no-any-return]

    def _logical(self, left: Node, word: str, at: int) -> Node:
        # A chain is one node, so a condition of three hundred parts is no deeper than one of two.
        right = self.expression(_WORDS[word] + 1)
        if isinstance(left, Logical) and left.operator == word:
            left.operands.append(right)
            left.depth = max(left.depth, right.depth + 1)
            return left
        return self.node(Logical, at, word, [left, right])  # type: ignore[no-any-return]

    def _postfix(self, base: Node, range_end: bool) -> Node:
        scanner = self.scanner
        while True:
            at = scanner.at
            if scanner.take("."):
                base = self.node(Path, at, base, self.name())
            elif scanner.symbol() == "[" and not (range_end and brackets.closes_range(scanner)):
                scanner.take("[")
                condition = self.expression()
                scanner.expect("]")
                base = self.node(Filter, at, base, condition)
            elif scanner.take("("):
                args, names = operands.arguments(self)
                base = self.node(Call, at, base, args, names)
            else:
                return base

    def name(self) -> str:
        """Take the name here: the longest known one, or else all words up to one that cannot belong to it."""
        scanner = self.scanner
        known = self.scope.longest(scanner.text, scanner.at)
        start, end = scanner.at, known[1] if known else scanner.at + len(scanner.word())
        if end == start:
            scanner.fail("a name", "名称")
        scanner.move(end)
        words = [known[0] if known else scanner.text[start:end]]
        while (found := PART.match(scanner.text, scanner.at)) and found.group() not in INFIX_WORDS and scanner.at > end:
            words.append(found.group())
            end = found.end()
            scanner.move(end)
        return " ".join(words)

    def name_node(self) -> Node:
        """Take the name here as a variable."""
        at = self.scanner.at
        return self.node(Name, at, self.name())  # type: ignore[no-any-return]


def _depth(part: Any) -> int:
    if isinstance(part, Node):
        return part.depth
    if isinstance(part, (list, tuple)):
        return max(map(_depth, part), default=0)
    return 0
