"""Reads type expressions: `number`, `list<string>`, `context<a: date>`, `function<number>->boolean`, `range<time>`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.feel.budget import MAX_NESTING, exceeded
from engine.feel.names import KnownNames, normalise
from engine.feel.parse.scanner import Scanner
from engine.feel.types import ANY, NAMED, ContextType, FeelType, FunctionType, ListType, RangeType

_KEY = re.compile(r"([^<>:,]+):")


def parse_type(text: str, types: Mapping[str, FeelType] | None = None) -> FeelType:
    """The type that `text` names; `types` are the names known besides FEEL's own. Raises FeelSyntaxError."""
    scanner = Scanner(text)
    found = read_type(scanner, types or {})
    if not scanner.done:
        scanner.fail("the end of the type", "类型结尾")
    return found


def read_type(scanner: Scanner, types: Mapping[str, FeelType], level: int = 0) -> FeelType:
    """Take the type expression that stands at the scanner."""
    if level > MAX_NESTING:
        raise exceeded("nested levels")
    start = scanner.at
    named = _named(scanner, types)
    if not scanner.take("<"):
        return named
    if isinstance(named, (ListType, RangeType)):
        element = read_type(scanner, types, level + 1)
        scanner.expect(">")
        return type(named)(element=element)
    if isinstance(named, ContextType):
        return _context(scanner, types, level)
    if isinstance(named, FunctionType):
        return _function(scanner, types, level)
    return scanner.fail("list, range, context or function", "list、range、context 或 function", start)


def _named(scanner: Scanner, types: Mapping[str, FeelType]) -> FeelType:
    found = KnownNames([*NAMED, *types]).longest(scanner.text, scanner.at)
    if not found:
        scanner.fail("a type", "类型名")
    name, end = found
    scanner.move(end)
    return types[name] if name in types else NAMED[name]


def _context(scanner: Scanner, types: Mapping[str, FeelType], level: int) -> FeelType:
    entries: list[tuple[str, FeelType]] = []
    while True:
        key = scanner.match(_KEY)
        if not key:
            scanner.fail('a name and ":"', "名称和“:”")
        entries.append((normalise(key.group(1)), read_type(scanner, types, level + 1)))
        if not scanner.take(","):
            break
    scanner.expect(">")
    return ContextType(entries=tuple(entries))


def _function(scanner: Scanner, types: Mapping[str, FeelType], level: int) -> FeelType:
    parameters: list[FeelType] = []
    while not scanner.take(">"):
        if parameters:
            scanner.expect(",")
        parameters.append(read_type(scanner, types, level + 1))
    result = read_type(scanner, types, level + 1) if scanner.take("->") else ANY
    return FunctionType(parameters=tuple(parameters), result=result)
