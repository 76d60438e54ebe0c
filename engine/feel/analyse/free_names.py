"""Which names an expression reads from outside."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.parse import nodes as n


def free_names(tree: n.Node) -> frozenset[str]:
    """The names read from the context, built-ins and names bound inside apart."""
    found: set[str] = set()
    _collect(tree, frozenset({"?", "item"}), found)
    return frozenset(found)


def _collect(part: Any, bound: frozenset[str], found: set[str]) -> None:
    if isinstance(part, n.Name):
        if part.name not in bound and part.name not in BUILTINS:
            found.add(part.name)
    elif isinstance(part, n.For):
        inner = _sources(part.sources, bound, found)
        _collect(part.result, inner | {"partial"}, found)
    elif isinstance(part, n.Quantified):
        _collect(part.condition, _sources(part.sources, bound, found), found)
    elif isinstance(part, n.FunctionLiteral):
        _collect(part.body, bound | {name for name, _ in part.parameters}, found)
    elif isinstance(part, n.ContextLiteral):
        # A function may call itself or one defined below, so all keys are bound in all entries.
        _collect([value for _, value in part.entries], bound | {key for key, _ in part.entries}, found)
    else:
        _collect_parts(part, bound, found)


def _collect_parts(part: Any, bound: frozenset[str], found: set[str]) -> None:
    if isinstance(part, n.Node):
        for name in part.__dataclass_fields__:
            _collect(getattr(part, name), bound, found)
    elif isinstance(part, (list, tuple)):
        for item in part:
            _collect(item, bound, found)


def _sources(sources: list[tuple[str, n.Node]], bound: frozenset[str], found: set[str]) -> frozenset[str]:
    for name, source in sources:
        _collect(source, bound, found)
        bound = bound | {name}
    return bound
