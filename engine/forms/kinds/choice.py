"""Choosing from options: one of them, several of them, or a level of a rating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from typing_extensions import override

from engine.feel import Expression
from engine.forms.context import Option
from engine.forms.formats import joined, plain
from engine.forms.kinds.base import UNSURE, ComponentKind, Field, Quick
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.scope import FormScope
from engine.forms.words import Words, Wrong
from engine.values import Value

MAX_OPTIONS = 1_000
"""Options of one field; a longer list is a record source."""

_STARS = 5


@dataclass(frozen=True, slots=True)
class ChoiceSettings:
    """The options by the text a browser posts: fixed ones, or an expression that gives them."""

    fixed: Mapping[str, Option]
    given: Expression | None

    def offered(self, scope: FormScope) -> Mapping[str, Option]:
        """The options as they stand now."""
        return self.fixed if self.given is None else _given(scope.evaluate(self.given))


class Choice(ComponentKind):
    """What fields of options share."""

    boxes = "options"
    missing = "choose"

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> ChoiceSettings:
        given = attributes.expression("valuesExpression") or attributes.expression("valuesKey", marked=False)
        fixed = _fixed(attributes, properties) if given is None else {}
        named = any(attributes.raw.get(name) for name in ("valuesExpression", "valuesKey", "values"))
        if not named:
            attributes.complain(
                "options",
                "没有选项：请写 values、valuesKey 或 valuesExpression。",
                "There are no options; give values, valuesKey or valuesExpression.",
            )
        return ChoiceSettings(fixed, given)

    @override
    def written(self, component: Field, text: str) -> Value:
        """By the value or by the words of an option, in either language."""
        options = component.settings.fixed.items()
        words = {word: posted for posted, option in options for word in (option.label.zh, option.label.en)}
        return words.get(text.strip(), text.strip())

    @override
    def text(self, component: Field, value: Value, scope: FormScope, language: str) -> str:
        offered = component.settings.offered(scope)
        chosen = value if isinstance(value, list) else [value]
        return joined([_label(item, offered, language) for item in chosen], language)


class Single(Choice):
    """`select` and `radio`: the value of one option, of its own type."""

    control_type = "radio"

    def __init__(self, template: str) -> None:
        self.template = template  # type: ignore[misc]  # one class draws both

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> Value:
        if raw is None or raw == "":
            return None
        return _one(raw, component.settings.offered(scope)).value

    @override
    def quick(self, settings: ChoiceSettings) -> Quick:
        if settings.given is not None:
            return super().quick(settings)
        values = {text: option.value for text, option in settings.fixed.items()} | {"": None, None: None}
        return lambda raw: values.get(raw, UNSURE) if raw is None or type(raw) is str else UNSURE

    @override
    def control(self, component: Field, raw: Value, scope: FormScope) -> list[str]:
        return [] if raw is None or raw == "" else [_posted(raw)]

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        values = [option.value for option in component.settings.fixed.values()]
        return {"enum": [*values, None]} if values else {}


class Several(Choice):
    """`checklist` and `taglist`: the values of the options chosen, in the options' order."""

    printed_wide = True
    template = "options"
    control_type = "checkbox"

    @override
    def take(self, texts: list[str]) -> Value:
        return [text for text in texts if text]

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> list[Value]:
        if raw is None or raw == "":
            return []
        offered = component.settings.offered(scope)
        chosen = {_one(item, offered).text for item in (raw if isinstance(raw, list) else [raw])}
        return [option.value for text, option in offered.items() if text in chosen]

    @override
    def control(self, component: Field, raw: Value, scope: FormScope) -> list[str]:
        return [_posted(item) for item in (raw if isinstance(raw, list) else [raw]) if item is not None]

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        values = [option.value for option in component.settings.fixed.values()]
        return {"type": "array", "uniqueItems": True, "items": {"enum": values} if values else {}}


class Rating(Single):
    """`cf-rating`: a whole number from 1; its levels are `values` in order, or as many stars as `properties.levels`."""

    levels = True

    def __init__(self) -> None:
        super().__init__("options")

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> ChoiceSettings:
        if attributes.raw.get("values"):
            named = list(_fixed(attributes, properties).values())
            labels = [option.label for option in named]
        else:
            levels = properties.whole("levels", 2, 10) or _STARS
            labels = [Words(f"{level} 星", f"{level} of {levels} stars") for level in range(1, levels + 1)]
        options = [Option(Decimal(level), label) for level, label in enumerate(labels, 1)]
        return ChoiceSettings({option.text: option for option in options}, None)


def _fixed(attributes: ComponentAttributes, properties: ComponentAttributes) -> dict[str, Option]:
    found: dict[str, Option] = {}
    for item in attributes.maps("values"):
        part = ComponentAttributes(item, attributes.where, attributes.file, attributes.problems)
        value = part.literal("value")
        if value is None or isinstance(value, list) or value == "":
            attributes.complain("options", "有一个选项没有 value。", "An option has no value.")
            continue
        option = Option(value, Words(part.text("label").strip()))
        english = properties.text(f"option:{option.text}:en").strip()
        option = Option(value, Words(option.label.zh or option.text, english))
        if option.text in found:
            attributes.complain(
                "options", f"选项值“{option.text}”重复。", f"The option value “{option.text}” stands twice."
            )
        found[option.text] = option
    return found


def _given(value: Value) -> dict[str, Option]:
    """Options out of a variable: plain values, or maps with `value`, `label` and `label_en`; others are left out."""
    found = {}
    for item in value[:MAX_OPTIONS] if isinstance(value, list) else []:
        entry: dict[str, Any] = item if isinstance(item, dict) else {"value": item}
        of = entry.get("value")
        if isinstance(of, (bool, Decimal)) or (isinstance(of, str) and of):
            label = plain(entry.get("label"), "zh") or plain(of, "zh")
            option = Option(of, Words(label, plain(entry.get("label_en"), "en")))
            found[option.text] = option
    return found


def _posted(raw: Value) -> str:
    if isinstance(raw, (bool, str)):
        return Option(raw, Words()).text
    return plain(raw, "en")


def _one(raw: Value, offered: Mapping[str, Option]) -> Option:
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = Decimal(raw)
    option = offered.get(_posted(raw)) if isinstance(raw, (bool, str, Decimal)) else None
    if option is None:
        raise Wrong("not_an_option")
    return option


def _label(value: Value, offered: Mapping[str, Option], language: str) -> str:
    option = offered.get(_posted(value)) if value is not None else None
    return option.label.text(language) if option else plain(value, language)
