"""What is wrong with an expression before it ever runs: syntax, unknown names and functions, types that never match.

Only what is certainly wrong is reported: a name whose type is not known, or `Any`, fits everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Problem
from engine.feel.analyse.walks import Walk
from engine.feel.errors import FeelError, FeelSyntaxError
from engine.feel.parse.parser import parse, parse_unary_tests
from engine.feel.types import ContextType, FeelType, ListType, RangeType


def analyse(text: str, types: Mapping[str, FeelType | None], *, unary: bool = False) -> list[Problem]:
    """The problems of an expression (or of unary tests) whose names have these types; None is an unknown type.

    `where` of each problem is empty, for the caller to fill in with the element or field. A context type's
    entries are names for paths. For unary tests `types["?"]` is the type of the input.
    """
    names = {*types, *_entry_names(types.values())}
    try:
        tree = parse_unary_tests(text, names) if unary else parse(text, names)
    except FeelError as error:
        return [_syntax_problem(error)]
    walk = Walk(text)
    walk.type_of(tree, {"?": None, **types})
    return walk.problems


def _syntax_problem(error: FeelError) -> Problem:
    """The error as a finding, whose sentence leaves the place to `line` and `column`."""
    if not isinstance(error, FeelSyntaxError):
        return Problem("feel-syntax", "", error.text("zh"), error.text("en"), line=1, column=1)
    facts = error.facts
    zh = f"此处应为{facts['expected_zh']}，实际为{facts['found_zh']}"
    en = f"expected {facts['expected']}, found {facts['found']}"
    return Problem("feel-syntax", "", zh, en, line=facts["line"], column=facts["column"])


def _entry_names(types: Any) -> set[str]:
    found: set[str] = set()
    for kind in types:
        if isinstance(kind, ContextType):
            found |= {name for name, _ in kind.entries} | _entry_names([entry for _, entry in kind.entries])
        elif isinstance(kind, (ListType, RangeType)):
            found |= _entry_names([kind.element])
    return found
