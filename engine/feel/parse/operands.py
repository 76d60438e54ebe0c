"""The operands of the language: literals, brackets, and the constructs that begin with a keyword."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.feel.names import KEY, KEYWORDS, LOOSE, PART, normalise
from engine.feel.numbers import read_number
from engine.feel.parse import brackets
from engine.feel.parse import nodes as n
from engine.feel.parse.powers import OPERAND, SUM
from engine.feel.parse.scanner import NUMBER
from engine.feel.parse.type_parser import read_type
from engine.feel.temporal_text import read_temporal
from engine.feel.types import ANY, FeelType

if TYPE_CHECKING:
    from engine.feel.parse.parsing import Parsing

_PARAMETER = re.compile(rf"([{LOOSE}]+)(?=[:,)])")
_VARIABLE = re.compile(rf"([{LOOSE}]+?)\s+in(?![{PART.pattern[1:-2]}])")
_CONSTANTS = {"true": True, "false": False, "null": None}


def operand(parser: Parsing) -> n.Node:
    """The operand that starts here."""
    scanner, at = parser.scanner, parser.scanner.at
    number = scanner.match(NUMBER)
    if number:
        return parser.node(n.Literal, at, read_number(number.group()))  # type: ignore[no-any-return]
    text = scanner.string()
    if text is not None:
        return parser.node(n.Literal, at, text)  # type: ignore[no-any-return]
    symbol = scanner.symbol()
    if symbol:
        return _SYMBOLS.get(symbol, _unexpected)(parser)
    word = scanner.word()
    known = parser.scope.longest(scanner.text, at)
    if word in KEYWORDS and not (known and known[1] > at + len(word)):
        return _keyword(parser, word)
    if not word and not known:
        _unexpected(parser)
    return parser.name_node()


def _unexpected(parser: Parsing) -> n.Node:
    parser.scanner.fail("a value", "值")


def _keyword(parser: Parsing, word: str) -> n.Node:
    scanner, at = parser.scanner, parser.scanner.at
    if word not in _CONSTANTS and word not in _WORDS:
        _unexpected(parser)
    scanner.move(at + len(word))
    if word in _CONSTANTS:
        return parser.node(n.Literal, at, _CONSTANTS[word])  # type: ignore[no-any-return]
    return _WORDS[word](parser, at)


def _negation(parser: Parsing) -> n.Node:
    at = parser.scanner.at
    parser.scanner.take("-")
    return parser.node(n.Negation, at, parser.expression(OPERAND))  # type: ignore[no-any-return]


def _temporal(parser: Parsing) -> n.Node:
    at = parser.scanner.at
    parser.scanner.take("@")
    text = parser.scanner.string()
    if text is None:
        parser.scanner.fail("a string", "字符串")
    return parser.node(n.Literal, at, read_temporal(text))  # type: ignore[no-any-return]


def arguments(parser: Parsing) -> tuple[list[n.Node], list[str] | None]:
    """The arguments behind an opening parenthesis, with their names if they have any."""
    scanner = parser.scanner
    args: list[n.Node] = []
    names: list[str] = []
    while not scanner.take(")"):
        if args:
            scanner.expect(",")
        name = scanner.match(KEY)
        if bool(name) != (len(names) == len(args) > 0) and args:
            scanner.fail("either names for all arguments or for none", "全部参数都带名称，或都不带")
        if name:
            names.append(normalise(name.group(1)))
        args.append(parser.expression())
    return args, names or None


def _if(parser: Parsing, at: int) -> n.Node:
    condition = parser.expression()
    parser.scanner.expect_word("then")
    yes = parser.expression()
    parser.scanner.expect_word("else")
    return parser.node(n.If, at, condition, yes, parser.expression())  # type: ignore[no-any-return]


def _for(parser: Parsing, at: int) -> n.Node:
    sources = _sources(parser)
    parser.scanner.expect_word("return")
    parser.scope.add("partial")
    result = parser.expression()
    _forget(parser, [*sources, ("partial", result)])
    return parser.node(n.For, at, sources, result)  # type: ignore[no-any-return]


def _quantified(parser: Parsing, at: int) -> n.Node:
    every = parser.scanner.text.startswith("every", at)
    sources = _sources(parser)
    parser.scanner.expect_word("satisfies")
    condition = parser.expression()
    _forget(parser, sources)
    return parser.node(n.Quantified, at, every, sources, condition)  # type: ignore[no-any-return]


def _sources(parser: Parsing) -> list[tuple[str, n.Node]]:
    scanner = parser.scanner
    sources: list[tuple[str, n.Node]] = []
    while not sources or scanner.take(","):
        found = scanner.match(_VARIABLE)
        if not found:
            scanner.fail('a variable and "in"', "变量名和“in”")
        at, start = scanner.at, parser.expression()
        source = parser.node(n.Steps, at, start, parser.expression()) if scanner.take("..") else start
        name = normalise(found.group(1))
        sources.append((name, source))
        parser.scope.add(name)
    return sources


def _forget(parser: Parsing, sources: list[tuple[str, n.Node]]) -> None:
    for name, _ in sources:
        parser.scope.remove(name)


def _function(parser: Parsing, at: int) -> n.Node:
    scanner = parser.scanner
    scanner.expect("(")
    parameters: list[tuple[str, FeelType]] = []
    while not scanner.take(")"):
        if parameters:
            scanner.expect(",")
        found = scanner.match(_PARAMETER)
        if not found:
            scanner.fail("a parameter", "参数名")
        kind = read_type(scanner, parser.types) if scanner.take(":") else ANY
        parameters.append((normalise(found.group(1)), kind))
    for name, _ in parameters:
        parser.scope.add(name)
    external = scanner.take_word("external")
    body = parser.expression()
    for name, _ in parameters:
        parser.scope.remove(name)
    return parser.node(n.FunctionLiteral, at, parameters, None if external else body)  # type: ignore[no-any-return]


def tests_after_in(parser: Parsing) -> list[n.Node]:
    """What stands behind `in`: one test, or several in parentheses."""
    scanner, at = parser.scanner, parser.scanner.at
    if not scanner.take("("):
        return [parser.expression(SUM)]
    if scanner.symbol() == "..":
        scanner.move(at)
        return [parser.expression(SUM)]
    tests = [parser.expression()]
    if scanner.take(".."):
        return [brackets.range_end_of(parser, at, tests[0], False)]
    while scanner.take(","):
        tests.append(parser.expression())
    scanner.expect(")")
    return tests


def unary_tests(parser: Parsing) -> n.UnaryTests:
    """A decision table's input entry: `-`, tests separated by commas, or `not(tests)`."""
    scanner, at = parser.scanner, parser.scanner.at
    if scanner.text[at:].rstrip() == "-":
        scanner.take("-")
        return parser.node(n.UnaryTests, at, [parser.node(n.AnyTest, at)], False)  # type: ignore[no-any-return]
    negated = scanner.word() == "not" and bool(re.match(r"not\s*\(", scanner.text[at:]))
    if negated:
        scanner.take_word("not")
        scanner.expect("(")
    tests = [parser.expression()]
    while scanner.take(","):
        tests.append(parser.expression())
    if negated:
        scanner.expect(")")
    return parser.node(n.UnaryTests, at, tests, negated)  # type: ignore[no-any-return]


_SYMBOLS = {
    "-": _negation,
    "@": _temporal,
    "(": brackets.parenthesis,
    "[": brackets.bracket,
    "]": brackets.open_bracket,
    "{": brackets.context,
    **dict.fromkeys(brackets.ORDERS, brackets.order_test),
}
_WORDS = {"if": _if, "for": _for, "some": _quantified, "every": _quantified, "function": _function}
