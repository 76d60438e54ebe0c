"""A form as read from its file: components in the order they are drawn, and levels of fields.

A *component* is anything the file draws; a component with a key is a *field* and its key is the
variable's name. A *level* is the set of fields that share one map of values: the form itself, or one
row of a dynamic list. Groups only draw; their fields belong to the level around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel import Expression
from engine.forms.kinds.base import ComponentKind, Quick
from engine.forms.read.attributes import FlagOrExpression
from engine.forms.words import Words
from engine.values import Value

JUDGING = frozenset({"required", "check", "min", "max", "minLength", "maxLength"})
"""Attributes whose expressions judge a value when all values are settled."""

ROW_NAMES = frozenset({"this", "parent"})
"""In a row's expressions: the row itself, and the values around it."""

PAGE_NAMES = frozenset({"csrf_token", "next"})
"""What the page around a form posts with it."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the file. `settings` is its kind's own; `row` is the level of a dynamic list's rows."""

    id: str
    type: str
    kind: ComponentKind
    key: str
    """The variable's name; "" for a component that only shows."""
    label: Words
    description: Words
    hint: Words
    """The description as HTML."""
    hide: FlagOrExpression
    hides: tuple[FlagOrExpression, ...]
    """Its own `hide` behind those of the groups around it."""
    readonly: FlagOrExpression
    required: FlagOrExpression
    check: Expression | None
    check_message: Words | None
    default: Value
    fresh: bool
    """Asked anew each time: what the variable held before is not offered again."""
    settings: Any
    quick: Quick | None
    """Its kind's quick function; None when its value is not simply what was sent."""
    straight: bool
    """Whether what was sent is its value: it is never hidden or read-only, and only a check may read other fields."""
    components: tuple[Component, ...]
    row: Level | None
    line: str | None
    """Components of one `line` (form-js `layout.row`) stand beside each other."""
    columns: int | None
    """Its width in sixteenths of the line; None shares the line evenly."""
    height: int | None
    """Of a spacer, in pixels."""
    expressions: tuple[tuple[str, Expression], ...]
    """Every FEEL expression with the attribute it stands in."""

    def reads(self) -> frozenset[str]:
        """The variables that decide what it is and holds, those its rows read included (row keys apart).

        Rules that judge a finished value are left out: two fields may well be checked against each other.
        """
        names = (expression.names for name, expression in self.expressions if name not in JUDGING)
        return (self.row.reads if self.row else frozenset()).union(*names)


@dataclass(frozen=True, slots=True)
class Level:
    """Fields sharing one map of values. `order` settles what a field's rules read before the field."""

    components: tuple[Component, ...]
    fields: tuple[Component, ...]
    order: tuple[Component, ...]
    by_key: Mapping[str, Component]
    reads: frozenset[str]
    """Variables from outside that its expressions read."""
    names: frozenset[str]
    """Every name its expressions read, those of its rows included."""
    has_rules: bool
    """Whether any expression of it must see the values."""
    plan: tuple[tuple[str, Quick | None, Component], ...] = field(init=False)
    """The order once more: each field's key, and its quick function if it is straight."""
    checked: tuple[tuple[Component, Expression], ...] = field(init=False)
    """Straight fields with their check."""

    def __post_init__(self) -> None:
        plan = tuple((each.key, each.quick if each.straight else None, each) for each in self.order)
        checked = tuple((each, each.check) for each in self.order if each.straight and each.check)
        object.__setattr__(self, "plan", plan)
        object.__setattr__(self, "checked", checked)

    def walk(self) -> Iterator[Component]:
        """Every component of the level as drawn, groups before their content; rows are another level."""
        waiting = list(reversed(self.components))
        while waiting:
            component = waiting.pop()
            yield component
            waiting.extend(reversed(component.components))


@dataclass(frozen=True, slots=True)
class Form:
    """A form that `read` accepted."""

    file: str
    id: str
    level: Level
    title: Words = Words()  # noqa: RUF009  # immutable
    """What the paper is called, "" when the regulation names none."""

    @property
    def fields(self) -> tuple[Component, ...]:
        """The fields that carry variables, in the order of the file."""
        return self.level.fields

    @property
    def keys(self) -> tuple[str, ...]:
        """The variables this form declares, in the order of the file."""
        return tuple(self.level.by_key)


EMPTY = Form("", "", Level((), (), (), {}, frozenset(), frozenset(), has_rules=False))
"""The form of a task that asks nothing: only confirming is left."""
