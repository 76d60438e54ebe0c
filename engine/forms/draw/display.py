"""What was filled in, as people read it later: labelled texts for a case, sentences for its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.forms.context import FormEnvironment
from engine.forms.draw.rendering import linked
from engine.forms.formats import plain
from engine.forms.judge.settling import row_label
from engine.forms.kinds.files import kept
from engine.forms.kinds.rows import MAX_ROWS
from engine.forms.model import Component, Form, Level
from engine.forms.scope import FormScope
from engine.forms.words import SAID, Wrong, say
from engine.values import Value

ValueChange = tuple[Value, Value]
"""A variable's value before and after."""


def display(
    form: Form,
    values: Mapping[str, Value],
    *,
    language: str,
    environment: FormEnvironment = FormEnvironment(),  # noqa: B008  # immutable
    links: bool = False,
) -> list[tuple[str, str]]:
    """The label and the text of every field in `values`, in the form's order; rows field by field.

    Fields that are not in `values` (hidden when it was submitted) and unlabelled formulas are left out. With `links`
    stored files are HTML that opens them, by the addresses of the environment; everything else stays plain text.
    """
    scope = FormScope(dict(values), environment)
    return list(_Telling(language, links).level(form.level, values, scope))


@dataclass(frozen=True, slots=True)
class _Telling:
    """How values are told: in which language, and whether files can be opened."""

    language: str
    links: bool

    def level(self, level: Level, values: Mapping[str, Value], scope: FormScope) -> Iterator[tuple[str, str]]:
        for component in level.fields:
            if component.key not in values or (component.kind.computed and not component.label.zh):
                continue
            value = values[component.key]
            yield component.label.text(self.language), self._value(component, value, scope)
            if component.row and isinstance(value, list):
                yield from self._rows(component, value, scope)

    def _rows(self, component: Component, rows: Sequence[Value], scope: FormScope) -> Iterator[tuple[str, str]]:
        assert component.row is not None
        for position, row in enumerate(rows[:MAX_ROWS]):
            if not isinstance(row, dict):
                continue
            inner = scope.inner(component.row, row)
            for field in component.row.fields:
                if field.key in row:
                    label = row_label(component, position, field.label)
                    yield label.text(self.language), self._value(field, row[field.key], inner)
        if len(rows) > MAX_ROWS:
            rest = say("cut_rows", self.language, count=len(rows), shown=MAX_ROWS)
            yield component.label.text(self.language), rest

    def _value(self, component: Component, value: Value, scope: FormScope) -> str:
        if self.links and component.kind.holds_files and (files := kept(value)):
            return linked(files, scope.environment)
        return shown(component, value, scope, self.language)


def shown(component: Component, value: Value, scope: FormScope, language: str) -> str:
    """One value as people read it; an empty one says so."""
    try:
        text = "" if value is None else component.kind.text(component, value, scope, language)
    except Wrong:
        text = plain(value, language)
    return text or say("none", language)


def describe(
    changes: Mapping[str, ValueChange],
    form: Form,
    language: str,
    environment: FormEnvironment = FormEnvironment(),  # noqa: B008  # immutable
) -> list[str]:
    """A sentence for each change of a field: `changes` maps keys to the values before and after.

    Equal values and variables of other forms say nothing.
    """
    scope = FormScope({key: after for key, (_, after) in changes.items()}, environment)
    return [
        _sentence(component, *changes[component.key], scope, language)
        for component in form.fields
        if component.key in changes and changes[component.key][0] != changes[component.key][1]
    ]


def _sentence(component: Component, before: Value, after: Value, scope: FormScope, language: str) -> str:
    empty = component.kind.empty
    name = "cleared" if after is None or after == [] else "filled" if before is None or empty(before) else "changed"
    return (
        SAID[name]
        .text(language)
        .format(
            label=component.label.text(language) or component.key,
            before=shown(component, before, scope, language),
            after=shown(component, after, scope, language),
        )
    )
