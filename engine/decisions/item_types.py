"""Item definitions as FEEL types (DMN 1.5, 7.3.2), and how values are made to conform to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine import feel
from engine.feel.types import ANY, ContextType, FeelType, ListType


@dataclass(frozen=True, slots=True)
class Constrained(FeelType):
    """A type whose values must also meet unary tests: `allowedValues` or `typeConstraint`."""

    name: str = ""
    base: FeelType = ANY
    tests: str = "-"

    def matches(self, value: Any) -> bool:
        return self.base.matches(value) and self.allows(value)

    def allows(self, value: Any) -> bool:
        """Whether the tests hold; tests that do not parse allow everything, since the check reports them."""
        try:
            return feel.unary_tests(self.tests, value) is True
        except feel.FeelSyntaxError:
            return True

    def accepts(self, other: FeelType) -> bool:
        return self.base.accepts(bare(other))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Recursive(FeelType):
    """A type that is named inside its own definition; it is looked up when a value comes along."""

    name: str = ""
    look_up: Callable[[], FeelType] = field(default=lambda: ANY, compare=False, repr=False)

    def matches(self, value: Any) -> bool:
        return self.look_up().matches(value)

    def accepts(self, other: FeelType) -> bool:
        return self == other or other.name in ("Any", "Null")


def bare(kind: FeelType) -> FeelType:
    """The type without its constraints."""
    while isinstance(kind, (Constrained, Recursive)):
        kind = kind.base if isinstance(kind, Constrained) else kind.look_up()
    return kind


def conform(value: Any, wanted: FeelType | None) -> Any:
    """`value` as a `wanted`, converted as DMN 1.5, 10.3.2.9.4 allows; null where it does not conform."""
    if value is None or wanted is None:
        return value
    if isinstance(wanted, Recursive):
        return conform(value, wanted.look_up())
    if isinstance(wanted, Constrained):
        found = conform(value, wanted.base)
        return found if found is not None and wanted.allows(found) else None
    if type(value) is list and len(value) == 1 and type(value[0]) is list and not isinstance(wanted, ListType):
        # A list of one gives up its element, but only once.
        return value if wanted.matches(value) else None
    return feel.coerce(value, wanted)


def plain_type(kind: FeelType | None, level: int = 0) -> FeelType | None:
    """The type as the analysis of expressions wants it: without constraints, recursion cut off. None stays None."""
    if kind is None or level > 20:
        return None
    if isinstance(kind, Constrained):
        return plain_type(kind.base, level)
    if isinstance(kind, Recursive):
        return plain_type(kind.look_up(), level + 1)
    if isinstance(kind, ListType):
        return ListType(element=plain_type(kind.element, level + 1) or ANY)
    if isinstance(kind, ContextType):
        return ContextType(entries=tuple((name, plain_type(part, level + 1) or ANY) for name, part in kind.entries))
    return kind
