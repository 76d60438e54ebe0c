"""What the builders of closures share: their shapes, and questions about trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.feel.evaluate.frames import Frame
from engine.feel.parse.nodes import Name, Node

Evaluator = Callable[[Frame], Any]
Build = Callable[[Node], Evaluator]


def parts(node: Any) -> Iterator[Node]:
    """A node and every node below it."""
    if isinstance(node, Node):
        yield node
        for name in node.__dataclass_fields__:
            yield from parts(getattr(node, name))
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from parts(item)


def tree_size(node: Node | None) -> int:
    """How many nodes one evaluation may go through."""
    return sum(1 for _ in parts(node))


def mentions(node: Node, name: str) -> bool:
    """Whether the variable `name` is read anywhere in a tree."""
    return any(type(part) is Name and part.name == name for part in parts(node))
