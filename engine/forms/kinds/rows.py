"""A list of rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from typing_extensions import override

from engine.forms.kinds.base import ComponentKind, Field
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.scope import FormScope
from engine.forms.words import Wrong, say
from engine.values import Value

MAX_ROWS = 500
"""Rows of one list whose form states no limit, and the most a form may allow."""


@dataclass(frozen=True, slots=True)
class RowsSettings:
    """How many rows there may be, how many a new list shows, and whether people add and remove them."""

    least: int
    most: int
    first: int
    open: bool


class Rows(ComponentKind):
    """`dynamiclist`: a list of maps, one per row; rows in which nothing was filled in are dropped."""

    template = "rows"
    holds_components = True

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> RowsSettings:
        least = properties.whole("minRows", 0, MAX_ROWS) or 0
        most = properties.whole("maxRows", 1, MAX_ROWS) or MAX_ROWS
        if least > most:
            attributes.complain("rows", "minRows 大于 maxRows。", "minRows is greater than maxRows.")
        first = attributes.whole("defaultRepetitions", 0, MAX_ROWS)
        shown = max(least, 1 if first is None else first)
        return RowsSettings(least, most, min(shown, most), attributes.flag("allowAddRemove", True))

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> list[dict[str, Value]]:
        """The rows as sent, each a map; their fields are read one level down."""
        if raw is None or raw == "":
            return []
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise Wrong("not_a_list")
        if len(raw) > MAX_ROWS:
            raise Wrong("too_many_rows", limit=component.settings.most)
        return raw

    @override
    def judge(self, component: Field, value: Value, scope: FormScope) -> None:
        settings: RowsSettings = component.settings
        if len(value) > settings.most:
            raise Wrong("too_many_rows", limit=settings.most)
        if len(value) < settings.least:
            raise Wrong("too_few_rows", limit=settings.least)

    @override
    def text(self, component: Field, value: Value, scope: FormScope, language: str) -> str:
        rows = value if isinstance(value, list) else []
        unit = "{count} 行" if language.startswith("zh") else "{count} row(s)"
        return unit.format(count=len(rows)) if rows else say("none", language)

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        settings: RowsSettings = component.settings
        return {"type": "array", "minItems": Decimal(settings.least), "maxItems": Decimal(settings.most)}
