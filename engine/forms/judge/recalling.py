"""What a browser posted, in the form's words, for whoever typed it: nothing of the case is known or read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from engine.forms.context import FormEnvironment
from engine.forms.formats import joined, plain
from engine.forms.judge.posting import Post, parse_post
from engine.forms.model import Component, Form, Level
from engine.forms.scope import FormScope
from engine.forms.words import Wrong
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Recalled:
    """One field that says something: its label and text, or the rows of a list, "" each row that says nothing."""

    label: str
    text: str
    rows: list[list[Recalled]] = field(default_factory=list)


def recalled(form: Form, post: Post, *, language: str, zone: tzinfo | None = None) -> list[Recalled]:
    """The fields in the form's order, as far as something was filled in; what cannot be read stays as it was typed.

    A field is left out when what was typed hides it; conditions that ask the case are not asked.
    """
    return list(
        _level(form.level, parse_post(form, post), FormScope({}, FormEnvironment(zone=zone)), frozenset(), language)
    )


def _level(
    level: Level, raw: Mapping[str, Value], scope: FormScope, around: frozenset[str], language: str
) -> Iterator[Recalled]:
    known = around | raw.keys()
    hidden = set()
    for component in level.order:
        if _hidden(component, scope, known):
            hidden.add(component.key)
        else:
            scope.values[component.key] = _value(component, raw.get(component.key), scope)
    for component in level.fields:
        if component.key in raw and component.key not in hidden and not component.kind.computed:
            one = _field(component, raw[component.key], scope, known, language)
            if one.text or any(one.rows):
                yield one


def _hidden(component: Component, scope: FormScope, known: frozenset[str]) -> bool:
    """Whether what was typed alone hides it."""
    rules = (rule for rule in component.hides if isinstance(rule, bool) or rule.names <= known)
    try:
        return any(map(scope.holds, rules))
    except Wrong:
        return False


def _value(component: Component, raw: Value, scope: FormScope) -> Value:
    """What conditions see of it; nothing where it cannot be read."""
    try:
        return None if component.kind.computed else component.kind.read(component, raw, scope)
    except Wrong:
        return None


def _field(component: Component, raw: Value, scope: FormScope, known: frozenset[str], language: str) -> Recalled:
    label = component.label.text(language) or component.key
    if component.row and isinstance(raw, list):
        rows = (row for row in raw if isinstance(row, dict))
        return Recalled(label, "", [_row(component.row, row, scope, known, language) for row in rows])
    return Recalled(label, _text(component, raw, scope, language))


def _row(level: Level, raw: dict[str, Value], scope: FormScope, known: frozenset[str], language: str) -> list[Recalled]:
    """A row's fields; none when nothing in it was filled in, whatever its boxes say."""
    found = list(_level(level, raw, scope.inner(level, {}), known, language))
    ticks = {one.label.text(language) or one.key for one in level.fields if raw.get(one.key) == "false"}
    return found if any(one.label not in ticks for one in found) else []


def _text(component: Component, raw: Value, scope: FormScope, language: str) -> str:
    if component.kind.holds_files:
        sent = raw if isinstance(raw, list) else []
        return joined([str(one).partition("/")[2] for one in sent], language)
    try:
        value = component.kind.read(component, raw, scope)
        return "" if value is None else component.kind.text(component, value, scope, language)
    except Wrong:
        return plain(raw, language)
