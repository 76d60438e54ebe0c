"""What a form is at this moment: which fields are hidden or read-only, and the value of each.

Both ways of using a form stand on this: drawing it, and judging what was sent. Fields are settled in
the level's order, so a condition always sees the values it reads; a hidden field reads as null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.forms.context import FormEnvironment
from engine.forms.kinds.rows import MAX_ROWS
from engine.forms.model import Component, Level
from engine.forms.scope import FormScope
from engine.forms.words import Words, Wrong
from engine.values import Value

FieldValues = Mapping[str, Value]


@dataclass(slots=True)
class FieldState:
    """One field as it stands. `raw` is what a control shows; `wrong` is why it has no value."""

    component: Component
    hidden: bool = False
    readonly: bool = False
    raw: Value = None
    value: Value = None
    wrong: Wrong | None = None
    rows: list[Settled] = field(default_factory=list)


@dataclass(slots=True)
class Settled:
    """One level as it stands. `values` holds what expressions see; a `blank` row is not part of the list."""

    level: Level
    raw: FieldValues
    scope: FormScope
    states: dict[str, FieldState] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    blank: bool = False


def settle(level: Level, raw: FieldValues, context: FieldValues, environment: FormEnvironment) -> Settled:
    """The form's own level: `raw` is what was sent, `context` the variables of the case.

    A field that was not sent has the value the form opens with.
    """
    return _level(Settled(level, raw, opening_scope(level, context, environment)), context)


def opening_scope(level: Level, context: FieldValues, environment: FormEnvironment) -> FormScope:
    """What expressions see before anything was typed; what is asked anew has no value yet."""
    scope = FormScope(dict(context), environment)
    for component in level.fields:
        if component.fresh:
            scope.values[component.key] = None
    return scope


def _level(settled: Settled, ours: FieldValues) -> Settled:
    for component in settled.level.order:
        key = component.key
        state = settle_field(component, settled, ours)
        settled.states[key] = state
        settled.values[key] = settled.scope.values[key] = state.value
    return settled


def settle_field(component: Component, settled: Settled, ours: FieldValues) -> FieldState:
    """One field of a level, in its turn; why it has no value is in the state."""
    state, scope, key = FieldState(component), settled.scope, component.key
    state.raw = settled.raw[key] if key in settled.raw else opening(component, ours)
    try:
        state.hidden = any(map(scope.holds, component.hides)) if component.hides else False
        state.readonly = component.kind.computed or scope.holds(component.readonly)
        if state.hidden:
            return state
        if state.readonly:
            _ours(state, settled, ours)
        else:
            _theirs(state, settled, ours)
    except Wrong as wrong:
        state.wrong = wrong
    return state


def opening(component: Component, ours: FieldValues) -> Value:
    """What the field shows before anybody typed: the variable, else the default."""
    before = None if component.fresh else ours.get(component.key)
    if before is None and component.row:
        return [{} for _ in range(component.settings.first)] if component.key not in ours else []
    return component.default if before is None else before


def _ours(state: FieldState, settled: Settled, ours: FieldValues) -> None:
    """A read-only or computed field: its value is ours, and anything else that was sent is refused."""
    component, scope, opens_with = state.component, settled.scope, opening(state.component, ours)
    state.value = component.kind.read(component, None, scope) if component.kind.computed else opens_with
    state.raw = state.value
    key = component.key
    if key in settled.raw and not _same(settled.raw[key], state, scope):
        state.wrong = Wrong("computed" if component.kind.computed else "read_only")
    if component.row and isinstance(opens_with, list):
        rows: list[FieldValues] = [row for row in opens_with[:MAX_ROWS] if isinstance(row, dict)]
        state.rows = settle_rows(component, rows, opens_with, scope)


def _same(sent: Value, state: FieldState, scope: FormScope) -> bool:
    """Whether what was sent for a field of ours says the same as we do."""
    kind, component = state.component.kind, state.component
    if sent == state.value or (sent == "" and state.value is None):
        return True
    if kind.computed:
        return bool(sent == kind.control(component, state.value, scope))
    try:
        return bool(kind.read(component, sent, scope) == kind.read(component, state.value, scope))
    except Wrong:
        return False


def _theirs(state: FieldState, settled: Settled, ours: FieldValues) -> None:
    """An editable field: its value is what was sent, as far as it can be read."""
    component, scope = state.component, settled.scope
    value = component.kind.read(component, state.raw, scope)
    if component.row is None:
        state.value = value
        return
    before = ours.get(component.key)
    state.rows = settle_rows(component, value, before if isinstance(before, list) else [], scope)
    state.value = [row.values for row in state.rows if not row.blank]
    if not component.settings.open and not as_many(component, value, ours):
        raise Wrong("fixed_rows", limit=len(opening(component, ours)))


def as_many(component: Component, rows: list[FieldValues], ours: FieldValues) -> bool:
    """Whether a list nobody may lengthen has the rows it opens with."""
    return len(rows) == len(opening(component, ours))


def settle_rows(component: Component, rows: list[FieldValues], ours: list[Value], scope: FormScope) -> list[Settled]:
    """The rows of a list as they stand: `rows` as sent, `ours` as the variable held them before."""
    assert component.row is not None
    found, inner = [], scope.rows(component.row)
    for position, raw in enumerate(rows):
        values: dict[str, Value] = {}
        settled = Settled(component.row, raw, inner(values), values=values)
        before = ours[position] if position < len(ours) and not component.settings.open else {}
        _level(settled, before if isinstance(before, dict) else {})
        settled.blank = component.settings.open and _blank(settled)
        found.append(settled)
    return found


def _blank(row: Settled) -> bool:
    """Whether nobody wrote anything in it: every field is empty or holds its default, and one is empty."""
    asked = [state for state in row.states.values() if not state.hidden and not state.readonly]
    empty = [state for state in asked if state.wrong is None and state.component.kind.empty(state.value)]
    untouched = (state for state in asked if state not in empty)
    return bool(empty) and all(_untouched(state) for state in untouched)


def _untouched(state: FieldState) -> bool:
    return state.wrong is None and state.component.default is not None and state.value == state.component.default


def ours_to_store(state: FieldState, context: FieldValues) -> bool:
    """Whether the field's value goes to the variables: not when it is hidden, nor when only somebody else writes it."""
    if state.hidden:
        return False
    return not state.readonly or state.component.kind.computed or state.component.key not in context


def stored(state: FieldState) -> Value:
    """The value as variables hold it: rows without those left blank, and without their hidden fields."""
    return [_stored_row(row) for row in state.rows if not row.blank] if state.rows else state.value


def _stored_row(row: Settled) -> dict[str, Value]:
    states = row.states
    if not states:
        return row.values
    return {
        key: stored(states[key]) if key in states else value
        for key, value in row.values.items()
        if key not in states or not states[key].hidden
    }


def row_label(component: Component, position: int, label: Words) -> Words:
    """How a sentence names a field of a row; people count rows from 1."""
    name = component.label
    return Words(
        f"{name.zh}第 {position + 1} 行 {label.zh}".strip(),
        f"{name.en or name.zh} row {position + 1} {label.en or label.zh}".strip(),
    )
