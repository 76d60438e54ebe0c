"""From the bytes of a `.form` file to a Form; everything that could not be carried out is refused here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from engine.errors import Problem, Refused
from engine.forms.kinds import COMPONENT_KINDS, INSTEAD, ComponentKind
from engine.forms.model import PAGE_NAMES, ROW_NAMES, Component, Form, Level
from engine.forms.read.attributes import ComponentAttributes, FlagOrExpression
from engine.forms.read.markdown import marked_hint
from engine.forms.read.ordering import circle, settled_order
from engine.forms.words import Words

MAX_BYTES = 1_000_000
MAX_COMPONENTS = 2_000
MAX_DEPTH = 12
MAX_FORMULAS = 100_000
"""Characters of all expressions of a form together: as many as one may have. Compiling that many takes a second."""
SCHEMA_VERSIONS = range(1, 20)
"""Versions of the form-js schema whose attributes we know."""

_KEY = re.compile(r"[^\W\d_]\w*")
COLUMNS = 16
"""The grid of form-js: a line is sixteen columns wide."""


def read(data: bytes, file: str) -> Form:
    """The form in a form-js JSON file; `file` names it in problems. Raises Refused with every problem found."""
    reading = _Reading(file)
    root = reading.root(data)
    reading.formulas(root)
    reading.head(root)
    components = reading.components(root.get("components", []), (), 0)
    level = reading.level(components)
    named = ComponentAttributes(root, "properties", file, reading.problems).part("properties")
    title = named.words("title", named)
    if reading.problems:
        raise Refused(reading.problems)
    return Form(file, str(root.get("id", "")), level, title)


class _Reading:
    """One pass over one file, collecting its problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.count = 0

    def complain(self, rule: str, where: str, zh: str, en: str) -> None:
        self.problems.append(Problem(f"form.{rule}", where, zh, en, file=self.file))

    def root(self, data: bytes) -> dict[str, Any]:
        """The file as a map. Raises Refused when it is none."""
        if len(data) > MAX_BYTES:
            raise self._refused(f"表单文件超过 {MAX_BYTES} 字节。", f"The form file exceeds {MAX_BYTES} bytes.")
        try:
            root = json.loads(data, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            raise self._refused("不是有效的 JSON。", f"This is not JSON: {error.msg}.", error) from error
        except (ValueError, RecursionError) as error:
            raise self._refused("不是有效的 JSON。", "This is not JSON.") from error
        if not isinstance(root, dict):
            raise self._refused("表单文件应是一个 JSON 对象。", "A form file must be a JSON object.")
        return root

    def _refused(self, zh: str, en: str, at: json.JSONDecodeError | None = None) -> Refused:
        line, column = (at.lineno, at.colno) if at else (None, None)
        return Refused([Problem("form.file", "", zh, en, file=self.file, line=line, column=column)])

    def formulas(self, root: dict[str, Any]) -> None:
        """Refuse more formulas than one page may have. Raises Refused."""
        total, parts = 0, [root]
        while parts:
            for name, part in parts.pop().items():
                inner = part if isinstance(part, list) else [part]
                total += sum(len(text) for text in inner if isinstance(text, str) and _is_formula(name, text))
                parts.extend(each for each in inner if isinstance(each, dict))
        if total > MAX_FORMULAS:
            raise self._refused(
                f"表单里的表达式共 {total} 个字符，最多 {MAX_FORMULAS} 个。",
                f"The form's expressions have {total} characters together, at most {MAX_FORMULAS} fit.",
            )

    def head(self, root: dict[str, Any]) -> None:
        if root.get("type") != "default":
            self.complain("type", "type", 'type 应为 "default"。', 'The type must be "default".')
        if root.get("schemaVersion") not in SCHEMA_VERSIONS:
            last = SCHEMA_VERSIONS[-1]
            self.complain(
                "version",
                "schemaVersion",
                f"schemaVersion 应为 1 到 {last}。",
                f"The schemaVersion must be 1 to {last}.",
            )

    def components(self, raw: Any, hides: tuple[FlagOrExpression, ...], depth: int) -> tuple[Component, ...]:
        """The components of a list, those that cannot be carried out left out and complained of."""
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
            self.complain(
                "components", "components", "components 应为组件列表。", "components must be a list of components."
            )
            return ()
        if depth > MAX_DEPTH:
            self.complain(
                "depth", "components", f"组件嵌套超过 {MAX_DEPTH} 层。", f"Components nest deeper than {MAX_DEPTH}."
            )
            return ()
        self.count += len(raw)
        if self.count > MAX_COMPONENTS:
            self.complain(
                "size", "components", f"组件超过 {MAX_COMPONENTS} 个。", f"More than {MAX_COMPONENTS} components."
            )
            return ()
        found = (self.component(item, hides, depth) for item in raw)
        return tuple(component for component in found if component)

    def component(self, raw: dict[str, Any], hides: tuple[FlagOrExpression, ...], depth: int) -> Component | None:
        type_, where = raw.get("type"), _name(raw)
        kind = COMPONENT_KINDS.get(type_) if isinstance(type_, str) else None
        if kind is None:
            self._unsupported(str(type_), where)
            return None
        attributes = ComponentAttributes(raw, where, self.file, self.problems)
        properties = attributes.part("properties")
        hide = attributes.part("conditional").rule("hide")
        hides = (*hides, hide) if hide is not False else hides
        inner = () if kind.field else hides
        content = self.components(raw.get("components", []), inner, depth + 1) if kind.holds_components else ()
        return self._built(kind, attributes, properties, hide, hides, content)

    def _unsupported(self, type_: str, where: str) -> None:
        instead = INSTEAD.get(
            type_, Words("可用：" + " ".join(COMPONENT_KINDS), "use one of: " + " ".join(COMPONENT_KINDS))
        )
        self.complain(
            "unsupported",
            where,
            f"不支持组件“{type_}”，{instead.zh}。",
            f"The component “{type_}” is not supported; {instead.en}.",
        )

    def _built(
        self,
        kind: ComponentKind,
        attributes: ComponentAttributes,
        properties: ComponentAttributes,
        hide: FlagOrExpression,
        hides: tuple[FlagOrExpression, ...],
        content: tuple[Component, ...],
    ) -> Component:
        required, layout = properties.rule("required"), attributes.part("layout")
        listed = attributes.raw["type"] == "dynamiclist"
        message = properties.words("check:message", properties)
        row = self.level(content) if listed else None
        if row and not row.fields:
            attributes.complain("rows", "列表里没有字段。", "The list has no fields.")
        readonly = _either(attributes.rule("readonly"), attributes.rule("disabled"))
        if attributes.part("validate").flag("required"):
            required = True
        check = properties.expression("check")
        settings = kind.settings(attributes, properties)
        description = attributes.words("description", properties)
        own = kind.field and not (listed or kind.computed)
        ruled = bool(hides) or readonly is not False or any(name != "check" for name, _ in attributes.expressions)
        return Component(
            id=attributes.text("id") or attributes.where,
            type=attributes.text("type"),
            kind=kind,
            key=self._key(kind, attributes, listed),
            label=_label(attributes, properties),
            description=description,
            hint=marked_hint(description),
            hide=hide,
            hides=hides,
            readonly=readonly,
            required=required,
            check=check,
            check_message=message if message.zh else None,
            default=attributes.literal("defaultValue"),
            fresh=properties.rule("fresh") is True,
            settings=settings,
            quick=kind.quick(settings) if own else None,
            straight=own and not ruled,
            components=() if listed else content,
            row=row,
            line=layout.text("row") or None,
            columns=layout.whole("columns", 1, COLUMNS),
            height=attributes.whole("height", 0, 2_000),
            expressions=tuple(attributes.expressions),
        )

    def _key(self, kind: ComponentKind, attributes: ComponentAttributes, listed: bool) -> str:
        if not kind.field:
            return ""
        name = "path" if listed else "key"
        key = attributes.text(name)
        if not _KEY.fullmatch(key) or key in ROW_NAMES | PAGE_NAMES:
            attributes.complain(
                "key",
                f"{name} 是变量名，应以字母开头，只含字母、数字和下划线，不能是“{key}”"
                "（this、parent、next、csrf_token 另有含义）。",
                f"The {name} names a variable: a letter, then letters, digits, _; not “{key}” "
                "(nor this, parent, next, csrf_token).",
            )
        return key

    def level(self, components: tuple[Component, ...]) -> Level:
        """The fields of these components as one level, in the order in which they are settled."""
        fields = tuple(_fields(components))
        by_key: dict[str, Component] = {}
        for field in fields:
            if field.key in by_key:
                self.complain(
                    "duplicate", field.key, f"key“{field.key}”出现了两次。", f"The key “{field.key}” stands twice."
                )
            by_key[field.key] = field
        round_trip = circle(by_key)
        if round_trip:
            shown = " → ".join(round_trip)
            self.complain(
                "circle", round_trip[0], f"公式互相引用：{shown}。", f"Formulas refer to each other: {shown}."
            )
        every = _inside(components)
        names: frozenset[str] = frozenset().union(*(component.reads() for component in every))
        has_rules = any(component.expressions or (component.row and component.row.has_rules) for component in every)
        seen = frozenset(name for component in every for name in _read_anywhere(component))
        order = settled_order(by_key)
        return Level(components, fields, order, by_key, names - set(by_key) - {"this"}, seen, has_rules)


def _read_anywhere(component: Component) -> frozenset[str]:
    """Every name its expressions read, those that judge and those of its rows included."""
    inner = component.row.names if component.row else frozenset()
    return inner.union(*(expression.names for _, expression in component.expressions))


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _name(raw: dict[str, Any]) -> str:
    """What problems call the component: its key, path or id, else its type."""
    for name in ("key", "path", "id", "type"):
        if isinstance(raw.get(name), str) and raw[name]:
            return str(raw[name])
    return "components"


def _label(attributes: ComponentAttributes, properties: ComponentAttributes) -> Words:
    """The label; a date field of the editor has `dateLabel` or `timeLabel` instead."""
    for name in ("label", "dateLabel", "timeLabel"):
        if attributes.raw.get(name):
            return Words(attributes.text(name).strip(), properties.text("label:en").strip())
    return Words("", properties.text("label:en").strip())


def _either(first: FlagOrExpression, second: FlagOrExpression) -> FlagOrExpression:
    return first if first is not False else second


def _inside(components: Iterable[Component]) -> list[Component]:
    found = []
    for component in components:
        found += [component, *_inside(component.components)]
    return found


def _fields(components: Iterable[Component]) -> list[Component]:
    return [component for component in _inside(components) if component.key]


def _is_formula(name: str, text: str) -> bool:
    return text.startswith("=") or name in ("dataSource", "valuesKey")
