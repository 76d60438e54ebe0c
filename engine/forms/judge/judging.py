"""One field held against its rules, when the values of all fields are settled."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from engine.forms.judge.settling import FieldState
from engine.forms.model import Component
from engine.forms.scope import FormScope
from engine.forms.words import Wrong


def judge(state: FieldState, scope: FormScope, bad: AbstractSet[str] = frozenset()) -> None:
    """Hold one field against its rules; `bad` are the fields that have a problem already. Raises Wrong."""
    if state.wrong:
        raise state.wrong
    if state.readonly:
        return
    component = state.component
    if component.kind.empty(state.value):
        if scope.holds(component.required):
            raise Wrong(component.kind.missing)
        if component.row is None:
            return
    component.kind.judge(component, state.value, scope)
    _check(component, scope, bad)


def _check(component: Component, scope: FormScope, bad: AbstractSet[str]) -> None:
    """The cross-field rule must be true; it waits while a field it reads has a problem of its own."""
    if component.check is None or component.check.names & bad:
        return
    if not scope.holds(component.check):
        raise Wrong("check", component.check_message)
