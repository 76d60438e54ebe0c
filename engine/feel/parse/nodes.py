"""The syntax tree. `at` is the offset of the construct in the text; `depth` the levels below and including a node."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.feel.types import FeelType


@dataclass(slots=True, kw_only=True)
class Node:
    """Any construct of an expression."""

    at: int
    depth: int = field(default=1, compare=False)


@dataclass(slots=True)
class Literal(Node):
    """A number, string, boolean, null or `@"..."`."""

    value: Any


@dataclass(slots=True)
class Name(Node):
    """A variable, `?` and `item` included."""

    name: str


@dataclass(slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(slots=True)
class Filter(Node):
    """`base[condition]`."""

    base: Node
    condition: Node


@dataclass(slots=True)
class Call(Node):
    """`function(args)`; `names` holds the parameter names of a call with named arguments."""

    function: Node
    args: list[Node]
    names: list[str] | None


@dataclass(slots=True)
class Binary(Node):
    """An arithmetic or comparison operator."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Logical(Node):
    """`and`, `or` over two or more operands."""

    operator: str
    operands: list[Node]


@dataclass(slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    """`value in tests`."""

    value: Node
    tests: list[Node]


@dataclass(slots=True)
class NotEqualTest(Node):
    """`!= operand`, the one unary test that is not a range."""

    operand: Node


@dataclass(slots=True)
class AnyTest(Node):
    """`-`, the unary test that everything meets."""


@dataclass(slots=True)
class UnaryTests(Node):
    """A list of tests, one of which must hold, or none of which may."""

    tests: list[Node]
    negated: bool


@dataclass(slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: FeelType


@dataclass(slots=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(slots=True)
class Steps(Node):
    """`start..end` behind `in`: the values a `for` counts through, downwards too."""

    start: Node
    end: Node


@dataclass(slots=True)
class For(Node):
    """`for name in source, ... return result`."""

    sources: list[tuple[str, Node]]
    result: Node


@dataclass(slots=True)
class Quantified(Node):
    """`some` or `every name in source, ... satisfies condition`."""

    every: bool
    sources: list[tuple[str, Node]]
    condition: Node


@dataclass(slots=True)
class FunctionLiteral(Node):
    """`function(name: type, ...) body`; an external function has no body."""

    parameters: list[tuple[str, FeelType]]
    body: Node | None


@dataclass(slots=True)
class ListLiteral(Node):
    """`[a, b]`."""

    items: list[Node]


@dataclass(slots=True)
class ContextLiteral(Node):
    """`{key: value}`, in order; a key that comes twice makes the context null."""

    entries: list[tuple[str, Node]]


@dataclass(slots=True)
class RangeLiteral(Node):
    """`[start..end)`; a missing end point (None) is unbounded."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
