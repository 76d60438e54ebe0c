"""The judge: what was sent against the form, giving the values that may be stored and every problem."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from engine.errors import Problem
from engine.forms.context import FormEnvironment
from engine.forms.judge.accepting import accept
from engine.forms.judge.judging import judge
from engine.forms.judge.settling import FieldState, Settled, ours_to_store, row_label, settle, stored
from engine.forms.model import Component, Form
from engine.forms.scope import FormScope
from engine.forms.words import SENTENCES, Words, Wrong
from engine.values import Value


def validate(
    form: Form,
    values: Mapping[str, Value],
    context: Mapping[str, Value],
    environment: FormEnvironment = FormEnvironment(),  # noqa: B008  # immutable
) -> tuple[dict[str, Value], list[Problem]]:
    """What may be stored of `values`, and why the rest may not; never raises for anything sent.

    `values` maps field keys to raw values (from `parse_post`, or typed ones from the API), `context` holds
    the variables the form sees. A field that was not sent keeps the value it opens with. `clean` leaves out
    hidden fields, fields with a problem, and read-only fields whose variable exists already.
    A problem's `where` is the field's key; in a row `parts[2].name`, rows counted from 0.
    """
    try:
        return accept(form.level, values, context, environment), []
    except Wrong:
        return _every_problem(form, values, context, environment)


def _every_problem(
    form: Form, values: Mapping[str, Value], context: Mapping[str, Value], environment: FormEnvironment
) -> tuple[dict[str, Value], list[Problem]]:
    """The long way: each field on its own, with a sentence for whatever is wrong with it."""
    settled = settle(form.level, values, context, environment)
    problems = _judged(settled, settled.scope, "", None)
    bad = {problem.where.partition("[")[0] for problem in problems}
    clean = {
        key: stored(state) for key, state in settled.states.items() if key not in bad and ours_to_store(state, context)
    }
    return clean, problems


MAX_UNDECLARED = 20
"""Undeclared keys named one by one; a flood of them is refused by the first ones."""

RowPlace = tuple[Component, int]
"""The list and the position of the row a field stands in."""


def _judged(settled: Settled, scope: FormScope, path: str, place: RowPlace | None) -> list[Problem]:
    strange = (key for key in settled.raw if key not in settled.level.by_key)
    problems = [_undeclared(str(key), path) for key in islice(strange, MAX_UNDECLARED)]
    bad = {key for key, state in settled.states.items() if state.wrong}
    for key in settled.level.by_key:
        state = settled.states[key]
        if state.hidden and not state.wrong:
            continue
        try:
            judge(state, scope, bad)
        except Wrong as wrong:
            problems.append(wrong.problem(path + key, _named(state.component, place)))
        if state.rows and not state.readonly:
            problems += _judged_rows(state, scope, path + key)
    return problems


def _named(component: Component, place: RowPlace | None) -> Words:
    """How sentences call a field: its label, behind its row's, or its key for want of one."""
    label = row_label(*place, component.label) if place else component.label
    return Words(label.zh or component.key, label.en or label.zh or component.key)


def _undeclared(key: str, path: str) -> Problem:
    said = SENTENCES["undeclared"]
    name = repr(key[:100])[1:-1]
    return Problem("form.undeclared", path + name, said.zh.replace("{key}", name), said.en.replace("{key}", name))


def _judged_rows(state: FieldState, scope: FormScope, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for position, row in enumerate(state.rows):
        if not row.blank:
            inner = scope.inner(row.level, row.values)
            problems += _judged(row, inner, f"{path}[{position}].", (state.component, position))
    return problems
