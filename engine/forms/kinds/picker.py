"""Picking a record, or a person, from a list the application registers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from engine.forms.context import Option, RecordSource
from engine.forms.formats import plain
from engine.forms.kinds.base import ComponentKind, Field, wrong_character
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.scope import FormScope
from engine.forms.words import Wrong
from engine.values import Value

MAX_SHOWN = 100
"""Suggestions a page carries; more are found by typing."""
MAX_TYPED = 200

_NAMED = re.compile(r"(?s).*\((.+)\)")


@dataclass(frozen=True, slots=True)
class PickerSettings:
    """The registered list it searches."""

    source: str


class Picker(ComponentKind):
    """`cf-record` (`properties.source` names the list) and `cf-person` (the list "people"): the record's id as text.

    What is typed may be the id, the whole label, or words that find exactly one record.
    """

    template = "picker"
    for_staff = True
    missing = "choose"

    def __init__(self, source: str = "") -> None:
        self.source = source

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> PickerSettings:
        source = properties.text("source") or self.source
        if not source:
            attributes.complain(
                "source",
                "cf-record 要在 properties.source 写明名单。",
                "cf-record needs the list in properties.source.",
            )
        return PickerSettings(source)

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> Value:
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise Wrong("not_text")
        typed = raw.strip()
        if wrong_character(typed) or len(typed) > MAX_TYPED:
            raise Wrong("record_not_found")
        return _found(typed, _source(component, scope)) if typed else None

    @override
    def control(self, component: Field, raw: Value, scope: FormScope) -> str:
        if not isinstance(raw, str) or not raw:
            return plain(raw, "zh")
        return _shown(raw, component, scope)

    @override
    def text(self, component: Field, value: Value, scope: FormScope, language: str) -> str:
        option = _record(value, component, scope) if isinstance(value, str) else None
        return option.label.text(language) if option else plain(value, language)

    def suggestions(self, component: Field, scope: FormScope) -> list[str]:
        """The labels offered before anything is typed, each as it may be posted."""
        source = scope.environment.sources.get(component.settings.source)
        return [option.label.zh for option in source("")[:MAX_SHOWN]] if source else []

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        return {"type": ["string", "null"], "description": f"id in {component.settings.source}"}


def _source(component: Field, scope: FormScope) -> RecordSource:
    name = component.settings.source
    if name not in scope.environment.sources:
        raise Wrong("source_missing", source=name)
    return scope.environment.sources[name]


def _found(typed: str, source: RecordSource) -> Value:
    """The id of the one record meant: by id, by whole label, by `label (id)`, or as the only one found."""
    options = source(typed)
    exact = _by_id(typed, options) or _by_label(typed, options)
    named = _NAMED.fullmatch(typed)
    if exact is None and named:
        exact = _by_id(named.group(1), source(named.group(1)))
    if exact is None and len(options) == 1:
        exact = options[0]
    if exact is None:
        raise Wrong("record_ambiguous", count=len(options)) if options else Wrong("record_not_found")
    return exact.value


def _by_id(typed: str, options: Sequence[Option]) -> Option | None:
    return next((option for option in options if option.value == typed), None)


def _by_label(typed: str, options: Sequence[Option]) -> Option | None:
    matching = [option for option in options if typed in option.label]
    return matching[0] if len(matching) == 1 else None


def _record(value: str, component: Field, scope: FormScope) -> Option | None:
    source = scope.environment.sources.get(component.settings.source)
    return _by_id(value, source(value)) if source else None


def _shown(raw: str, component: Field, scope: FormScope) -> str:
    """The label of a record's id if that label alone finds it again, else with the id; other text as typed."""
    option = _record(raw, component, scope)
    if option is None:
        return raw
    label = option.label.zh
    try:
        sure = label == label.strip() and _found(label, _source(component, scope)) == raw
    except Wrong:
        sure = False
    return label if sure else f"{label} ({raw})"
