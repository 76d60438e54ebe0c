"""Components that only show: texts, tables, images, lines and gaps, and groups of components."""

from __future__ import annotations

import re
from dataclasses import dataclass

from typing_extensions import override

from engine.feel import Expression
from engine.forms.kinds.base import ComponentKind, Field
from engine.forms.kinds.rows import MAX_ROWS
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.read.markdown import marked
from engine.forms.scope import FormScope
from engine.forms.words import Words, say
from engine.values import Value

_IMAGE = re.compile(r"(?:/(?!/)|data:image/(?:png|jpeg|gif|webp);base64,)[^\s\"'<>]*")
"""Images of our own host, and pictures inside the form; an outside address would tell others who reads it."""


class Shown(ComponentKind):
    """A component without a variable."""

    printed = ""
    field = False

    def __init__(self, template: str) -> None:
        self.template = template  # type: ignore[misc]  # one class draws several


class Group(ComponentKind):
    """`group`: components under one legend."""

    printed = "group"
    field = False
    template = "group"
    holds_components = True

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> None:
        if attributes.text("path"):
            attributes.complain(
                "path",
                "分组不支持 path：字段的 key 就是变量名，请删除 path。",
                "A group takes no path: a field's key is the variable's name; remove the path.",
            )


@dataclass(frozen=True, slots=True)
class ShownTextSettings:
    """HTML in both languages, or the formula that gives them (one for English too, if it has one)."""

    words: Words
    formula: Expression | None
    formula_en: Expression | None


class Text(ComponentKind):
    """`text`: Markdown, or the value of an `=` expression, which may hold what anybody typed: plain paragraphs."""

    printed = "text"
    field = False
    template = "text"

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> ShownTextSettings:
        words = attributes.words("text", properties)
        if words.zh.startswith("="):
            english = properties.expression("text:en") if words.en.startswith("=") else None
            return ShownTextSettings(Words(), attributes.expression("text"), english)
        if "{{" in words.zh + words.en:
            attributes.complain(
                "template",
                "不支持 {{ }} 模板：整段文字请写成以 = 开头的 FEEL 表达式。",
                "{{ }} templates are not supported; write the whole text as a FEEL expression after =.",
            )
        return ShownTextSettings(marked(words), None, None)

    def paragraphs(self, component: Field, scope: FormScope, language: str) -> list[str] | None:
        """The paragraphs its formula gives now; None without one. Raises Wrong when it cannot be computed."""
        settings: ShownTextSettings = component.settings
        if settings.formula is None:
            return None
        chosen = settings.formula if language.startswith("zh") else settings.formula_en or settings.formula
        found = self.text(component, scope.evaluate(chosen), scope, language)
        return [part.strip() for part in re.split(r"\n\s*\n", found) if part.strip()]


@dataclass(frozen=True, slots=True)
class TableSettings:
    """Where the rows come from, and the columns: key and heading."""

    rows: Expression | None
    columns: tuple[tuple[str, Words], ...]


class Table(ComponentKind):
    """`table`: rows of a variable or expression, read-only."""

    printed = "table"
    field = False
    template = "table"

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> TableSettings:
        columns = []
        for item in attributes.maps("columns"):
            part = ComponentAttributes(item, attributes.where, attributes.file, attributes.problems)
            key = part.text("key")
            columns.append((key, Words(part.text("label") or key, properties.text(f"column:{key}:en"))))
        if not columns:
            attributes.complain("columns", "表格要写 columns。", "A table needs columns.")
        if not attributes.raw.get("dataSource"):
            attributes.complain("source", "表格要写 dataSource。", "A table needs a dataSource.")
        return TableSettings(attributes.expression("dataSource", marked=False), tuple(columns))

    def cells(self, component: Field, scope: FormScope, language: str) -> list[list[str]]:
        """Its cells as they stand now, row by row. Raises Wrong when its source cannot be computed."""
        settings: TableSettings = component.settings
        found = scope.evaluate(settings.rows) if settings.rows else None
        rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        cells = [
            [self.text(component, row.get(key), scope, language) for key, _ in settings.columns]
            for row in rows[:MAX_ROWS]
        ]
        if len(rows) > MAX_ROWS:
            rest = say("cut_rows", language, count=len(rows), shown=MAX_ROWS)
            cells.append([rest, *[""] * (len(settings.columns) - 1)])
        return cells


@dataclass(frozen=True, slots=True)
class ImageSettings:
    """Where the picture comes from, and what it shows in words."""

    formula: Expression | None
    source: str
    words: Words


class Image(ComponentKind):
    """`image`: a picture from this host or inside the form."""

    field = False
    printed = ""
    template = "image"

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> ImageSettings:
        source, words = attributes.text("source").strip(), attributes.words("alt", properties)
        formula = attributes.expression("source") if source.startswith("=") else None
        if not source.startswith("=") and not _IMAGE.fullmatch(source):
            attributes.complain(
                "image",
                "图片只能来自本站（以 / 开头）或内嵌的 PNG、JPEG、GIF、WebP。",
                "An image must come from this site (a path after /) or be an embedded PNG, JPEG, GIF or WebP.",
            )
        return ImageSettings(formula, source, words)

    def address(self, component: Field, scope: FormScope) -> str:
        """The picture's address, "" when its expression gives none that is allowed."""
        settings: ImageSettings = component.settings
        found: Value = scope.evaluate(settings.formula) if settings.formula else settings.source
        return found if isinstance(found, str) and _IMAGE.fullmatch(found) else ""
