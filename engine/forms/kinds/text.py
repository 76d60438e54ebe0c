"""Text of one line and of several."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import regex
from typing_extensions import override

from engine.feel import Expression
from engine.forms.context import Option
from engine.forms.kinds.base import UNSURE, ComponentKind, Field, LineInput, Quick, Suggestions, wrong_character
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.scope import FormScope
from engine.forms.words import Words, Wrong
from engine.values import Value

MAX_SUGGESTED = 100
"""Suggestions a page carries; more are found by typing."""
MAX_LENGTH = 10_000
"""Characters of a text whose form states no limit; also the most a form may allow is MAX_ALLOWED."""
MAX_ALLOWED = 100_000
PATTERN_SECONDS = 0.05
"""A pattern that takes longer on one text counts as not matched: a hostile text must not stop a server."""

_SUSPECT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9０-９ ()\-]{5,25}")


@dataclass(frozen=True, slots=True)
class TextSettings:
    """Limits of a text; lengths in characters."""

    least: Decimal | Expression | None
    most: Decimal | Expression | None
    pattern: regex.Pattern[str] | None
    pattern_message: Words | None
    content: str
    prefix: Words
    suffix: Words
    autocomplete: str
    suggest: str
    """The registered list whose texts are offered, "" for none."""
    by: str
    """Whether a record is offered by its "label" or its "id"."""


def offered(option: Option, by: str) -> tuple[str, str]:
    """The text that a suggestion puts into the field, and what else is said of the record."""
    return (option.text, option.label.zh) if by == "id" else (option.label.zh, option.more.zh if option.more else "")


class Line(ComponentKind):
    """`textfield`: one line, surrounding blanks dropped, an empty one is null."""

    template = "line"

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> TextSettings:
        limits, look = attributes.part("validate"), attributes.part("appearance")
        content = limits.text("validationType")
        if content not in ("", "custom", "email", "phone"):
            limits.complain(
                "attribute",
                f"不支持 validationType“{content}”，请用 email、phone 或 pattern。",
                f"validationType “{content}” is not supported; use email, phone or a pattern.",
            )
        message = properties.words("pattern:message", properties)
        return TextSettings(
            limits.limit("minLength"),
            limits.limit("maxLength"),
            _pattern(limits),
            message if message.zh else None,
            content,
            look.words("prefixAdorner", properties),
            look.words("suffixAdorner", properties),
            properties.text("autocomplete") or "off",
            properties.text("suggest"),
            _offered_by(properties),
        )

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> str | None:
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise Wrong("not_text")
        text = raw.strip()
        if _SUSPECT.search(text):
            raise (
                Wrong("one_line") if "\n" in text or "\r" in text else wrong_character(text, "\t") or Wrong("one_line")
            )
        return text or None

    @override
    def judge(self, component: Field, value: Value, scope: FormScope) -> None:
        settings: TextSettings = component.settings
        least, most = scope.resolved(settings.least), scope.resolved(settings.most)
        if len(value) > min(MAX_LENGTH if most is None else most, MAX_ALLOWED):
            raise Wrong("too_long", limit=min(MAX_LENGTH if most is None else most, MAX_ALLOWED), length=len(value))
        if least is not None and len(value) < least:
            raise Wrong("too_short", limit=least)
        if settings.content in _CONTENTS and not _CONTENTS[settings.content].fullmatch(value):
            raise Wrong(settings.content)
        if settings.pattern and not _matches(settings.pattern, value):
            raise Wrong("pattern", settings.pattern_message)

    @override
    def quick(self, settings: TextSettings) -> Quick:
        least, most, pattern = settings.least, settings.most, settings.pattern
        if isinstance(least, Expression) or isinstance(most, Expression) or settings.content in _CONTENTS:
            return super().quick(settings)
        low, high = least or 0, min(MAX_LENGTH if most is None else int(most), MAX_ALLOWED)

        def quick(raw: Value) -> Value:
            if type(raw) is not str or not raw.isprintable():
                return None if raw is None else UNSURE
            text = raw.strip()
            if not text:
                return None
            return text if low <= len(text) <= high and (not pattern or _matches(pattern, text)) else UNSURE

        return quick

    @override
    def control(self, component: Field, raw: Value, scope: FormScope) -> str:
        return raw if isinstance(raw, str) else super().control(component, raw, scope)

    @override
    def offers(self, component: Field, scope: FormScope) -> Suggestions | None:
        settings: TextSettings = component.settings
        source = scope.environment.sources.get(settings.suggest)
        if source is None:
            return None
        first = [offered(option, settings.by) for option in source("")[:MAX_SUGGESTED]]
        return Suggestions(settings.suggest, settings.by, first)

    @override
    def input(self, component: Field, control: str) -> LineInput:
        settings: TextSettings = component.settings
        mode = {"email": "email", "phone": "tel"}.get(settings.content, "")
        return LineInput("text", mode, "", settings.autocomplete, settings.prefix, settings.suffix)

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        settings: TextSettings = component.settings
        found: dict[str, Value] = {"type": ["string", "null"], "maxLength": Decimal(MAX_LENGTH)}
        if isinstance(settings.most, Decimal):
            found["maxLength"] = settings.most
        if isinstance(settings.least, Decimal):
            found["minLength"] = settings.least
        if settings.pattern:
            found["pattern"] = settings.pattern.pattern
        return found


def _offered_by(properties: ComponentAttributes) -> str:
    by = properties.text("suggest:by") or "label"
    if by not in ("label", "id"):
        zh, en = "suggest:by 应为 label 或 id。", "suggest:by must be label or id."
        properties.complain("suggest", zh, en)
    return by


_CONTENTS = {"email": _EMAIL, "phone": _PHONE}


class Area(Line):
    """`textarea`: several lines, line ends as `\\n`; one of blanks alone is null."""

    printed_wide = True
    template = "area"

    @override
    def quick(self, settings: TextSettings) -> Quick:
        """Blanks around several lines are kept, unlike those around one."""
        return ComponentKind.quick(self, settings)

    @override
    def written(self, component: Field, text: str) -> Value:
        return text

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> str | None:
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise Wrong("not_text")
        text = raw.replace("\r\n", "\n").replace("\r", "\n")
        found = wrong_character(text, "\n\t") if _SUSPECT.search(text) else None
        if found:
            raise found
        return text if text.strip() else None


def _pattern(limits: ComponentAttributes) -> regex.Pattern[str] | None:
    text = limits.text("pattern")
    if not text:
        return None
    try:
        return regex.compile(text, regex.ASCII)
    except regex.error as error:
        limits.complain(
            "pattern",
            f"validate.pattern 不是正则表达式：{error}",
            f"validate.pattern is no regular expression: {error}",
        )
        return None


def _matches(pattern: regex.Pattern[str], text: str) -> bool:
    try:
        return pattern.search(text, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        return False
