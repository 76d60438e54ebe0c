"""A single yes or no."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from engine.forms.formats import plain
from engine.forms.kinds.base import UNSURE, ComponentKind, Field, Quick
from engine.forms.scope import FormScope
from engine.forms.words import Wrong
from engine.values import Value

YES, NO = ("是", "yes", "true", "1"), ("否", "no", "false", "0")
"""How a cell of a workbook says it; the first of each in Chinese, the second in English."""


class Tick(ComponentKind):
    """`checkbox`: true or false, never null; required means ticked."""

    boxes = "yes"
    template = "tick"
    missing = "tick"

    @override
    def written(self, component: Field, text: str) -> Value:
        word = text.strip().lower()
        return True if word in YES else False if word in NO else word

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> bool:
        if isinstance(raw, bool):
            return raw
        if raw is None or raw in ("false", ""):
            return False
        if raw in ("true", "on"):
            return True
        raise Wrong("not_yes_or_no")

    @override
    def quick(self, settings: Any) -> Quick:
        return lambda raw: _POSTED.get(raw, UNSURE) if type(raw) is str else UNSURE

    @override
    def empty(self, value: Value) -> bool:
        return value is not True

    @override
    def control(self, component: Field, raw: Value, scope: FormScope) -> bool:
        return raw is True or raw in ("true", "on")

    @override
    def text(self, component: Field, value: Value, scope: FormScope, language: str) -> str:
        return plain(value is True if value is None else value, language)

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        return {"type": "boolean"}


_POSTED = {"true": True, "on": True, "false": False, "": False}
