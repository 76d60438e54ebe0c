"""The short way of judging: most of what is sent is right, and most fields have no rule that reads another.

Such a *straight* field is read and judged by one function made from its settings when the form was read
(`Component.quick`), without a State, a scope or a sentence; its check waits until all values are there. Fields with
other rules are settled and judged like everywhere. At the first doubt this gives up with Wrong, and `validate` looks
at every field for all problems.
"""

from __future__ import annotations

from engine.forms.context import FormEnvironment
from engine.forms.judge.judging import judge
from engine.forms.judge.settling import (
    FieldState,
    FieldValues,
    Settled,
    as_many,
    opening,
    opening_scope,
    ours_to_store,
    settle_field,
    stored,
)
from engine.forms.kinds.base import UNSURE
from engine.forms.model import Component, Level
from engine.forms.scope import FormScope
from engine.forms.words import Wrong
from engine.values import Value


def accept(level: Level, raw: FieldValues, context: FieldValues, environment: FormEnvironment) -> dict[str, Value]:
    """What may be stored of values without any problem. Raises Wrong when there may be one."""
    settled = Settled(level, raw, opening_scope(level, context, environment))
    if _fill(settled, context):
        raise Wrong("required")
    _judge_rules(settled, settled.scope)
    states = settled.states
    return {
        key: stored(states[key]) if key in states else value
        for key, value in settled.values.items()
        if key not in states or ours_to_store(states[key], context)
    }


def _fill(settled: Settled, ours: FieldValues) -> bool:
    """Settle a level; whether a straight field is empty that must not be. Raises Wrong."""
    level, raw, values, scope = settled.level, settled.raw, settled.values, settled.scope
    if not raw.keys() <= level.by_key.keys():
        raise Wrong("undeclared")
    seen, missing = scope.values, False
    has_rules = level.has_rules
    for key, quick, component in level.plan:
        if quick is not None:
            sent = raw[key] if key in raw else opening(component, ours)
            value = quick(sent)
            if value is UNSURE:
                value = _read(component, sent, scope)
            if not value and component.required and component.kind.empty(value):
                missing = True
        elif component.kind.computed and not component.hides and key not in raw:
            value = component.kind.read(component, None, scope)
        else:
            value = _with_rules(component, settled, ours)
        values[key] = value
        if has_rules:
            seen[key] = value
    return missing


def _read(component: Component, sent: Value, scope: FormScope) -> Value:
    value = component.kind.read(component, sent, scope)
    if not component.kind.empty(value):
        component.kind.judge(component, value, scope)
    return value


def _with_rules(component: Component, settled: Settled, ours: FieldValues) -> Value:
    """The value of a field that must be judged when all are settled; its state says how it stands."""
    scope, key = settled.scope, component.key
    hidden = component.hides and any(map(scope.holds, component.hides))
    if hidden or scope.holds(component.readonly) or (component.kind.computed and key in settled.raw):
        state = settle_field(component, settled, ours)
        if state.wrong:
            raise state.wrong
    elif component.row:
        state = _list(component, settled, ours)
    elif component.kind.computed:
        state = FieldState(component, readonly=True, value=component.kind.read(component, None, scope))
    else:
        sent = settled.raw[key] if key in settled.raw else opening(component, ours)
        value = component.quick(sent) if component.quick else UNSURE
        state = FieldState(component, value=component.kind.read(component, sent, scope) if value is UNSURE else value)
    settled.states[key] = state
    return state.value


def _list(component: Component, settled: Settled, ours: FieldValues) -> FieldState:
    """A list people may change, its rows settled the short way too."""
    level, key, scope = component.row, component.key, settled.scope
    assert level is not None
    sent = settled.raw[key] if key in settled.raw else opening(component, ours)
    rows = component.kind.read(component, sent, scope)
    fixed = not component.settings.open
    if fixed and not as_many(component, rows, ours):
        raise Wrong("fixed_rows", limit=0)
    held = ours.get(key) if fixed else None
    before = held if isinstance(held, list) else []
    state, inner = FieldState(component), scope.rows(level)
    for position, raw in enumerate(rows):
        values: dict[str, Value] = {}
        row = Settled(level, raw, inner(values), values=values)
        of = before[position] if position < len(before) else {}
        missing = _fill(row, of if isinstance(of, dict) else {})
        row.blank = not fixed and _blank(row)
        if missing and not row.blank:
            raise Wrong("required")
        state.rows.append(row)
    state.value = [row.values for row in state.rows if not row.blank]
    return state


def _blank(row: Settled) -> bool:
    """As `settling` has it: every field asked is empty or holds its default, and one is empty."""
    if all(row.values.values()):
        return False
    some_empty = False
    for component in row.level.order:
        state, value = row.states.get(component.key), row.values[component.key]
        if component.kind.computed or (state and (state.hidden or state.readonly)):
            continue
        if component.kind.empty(value):
            some_empty = True
        elif component.default is None or value != component.default:
            return False
    return some_empty


def _judge_rules(settled: Settled, scope: FormScope) -> None:
    """Hold the fields with rules against them, now that all values are settled. Raises Wrong."""
    for component, check in settled.level.checked:
        if not (component.kind.empty(settled.values[component.key]) or scope.holds(check)):
            raise Wrong("check", component.check_message)
    for state in settled.states.values():
        if state.hidden or state.readonly:
            continue
        judge(state, scope)
        level = state.component.row
        if level is None or not (level.checked or any(row.states for row in state.rows)):
            continue
        # Rules that read nothing outside their row see what they saw when it was settled.
        inner = scope.rows(level) if level.names - level.by_key.keys() else None
        for row in state.rows:
            if not row.blank:
                _judge_rules(row, inner(row.values) if inner else row.scope)
