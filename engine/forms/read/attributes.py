"""Typed reading of one component's JSON attributes; what does not fit becomes a problem naming the component."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine import feel
from engine.errors import ClauseflowError, Problem
from engine.feel import Expression
from engine.forms.words import Words
from engine.values import Value

FlagOrExpression = bool | Expression
"""Always, never, or when the FEEL expression is true."""

MAX_DIGITS = 34
"""Digits of a FEEL number; a longer literal in a form is a mistake."""


@dataclass(slots=True)
class ComponentAttributes:
    """The attributes of component `where` in `file`, collecting problems and expressions while read."""

    raw: dict[str, Any]
    where: str
    file: str
    problems: list[Problem]
    expressions: list[tuple[str, Expression]] = field(default_factory=list)

    def complain(self, rule: str, zh: str, en: str) -> None:
        """Add a problem at this component."""
        self.problems.append(Problem(f"form.{rule}", self.where, zh, en, file=self.file))

    def _unfit(self, name: str, zh: str, en: str) -> None:
        self.complain("attribute", f"属性 {name} 应为{zh}。", f"The attribute {name} must be {en}.")

    def text(self, name: str) -> str:
        """A text attribute, "" when absent."""
        value = self.raw.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or not _storable(value):
            self._unfit(name, "文字", "text")
            return ""
        return value

    def part(self, name: str) -> ComponentAttributes:
        """The attributes inside the map `name` (`validate`, `layout`...), of the same component."""
        value = self.raw.get(name)
        if value is not None and not isinstance(value, dict):
            self._unfit(name, "一组属性", "a map of attributes")
        inner = value if isinstance(value, dict) else {}
        return ComponentAttributes(inner, self.where, self.file, self.problems, self.expressions)

    def maps(self, name: str) -> list[dict[str, Any]]:
        """A list of maps, empty when absent."""
        value = self.raw.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._unfit(name, "列表", "a list of maps")
            return []
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A yes-or-no attribute."""
        value = self.raw.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._unfit(name, " true 或 false", "true or false")
        return value is True

    def number(self, name: str) -> Decimal | None:
        """A number, also written as text (the editor does that). None when absent."""
        return self._number(name, self.raw.get(name))

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`. None when absent."""
        value = self.number(name)
        if value is None:
            return None
        if value != value.to_integral_value() or not low <= value <= high:
            self._unfit(name, f" {low} 到 {high} 的整数", f"a whole number from {low} to {high}")
            return None
        return int(value)

    def limit(self, name: str) -> Decimal | Expression | None:
        """A number or `=` FEEL giving one. None when absent."""
        value = self.raw.get(name)
        if isinstance(value, str) and value.startswith("="):
            return self.expression(name)
        return self._number(name, value)

    def _number(self, name: str, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = None if isinstance(value, bool) else Decimal(str(value).strip())
        except ArithmeticError:
            number = None
        if number is None or not number.is_finite() or not _sane(number):
            self._unfit(name, "数字", "a number")
            return None
        return number

    def rule(self, name: str) -> FlagOrExpression:
        """true, false, or a FEEL condition that starts with `=`; false when absent."""
        value = self.raw.get(name)
        if value is None or isinstance(value, bool):
            return value is True
        if value in ("", "true", "false"):
            return bool(value == "true")
        if not isinstance(value, str) or not value.startswith("="):
            self._unfit(name, " true、false 或以 = 开头的 FEEL 表达式", "true, false or a FEEL expression after =")
            return False
        return self.expression(name) or False

    def expression(self, name: str, *, marked: bool = True) -> Expression | None:
        """A FEEL expression, behind `=` when `marked`. None when absent or unreadable."""
        text = self.text(name).strip()
        if not text:
            return None
        if text.startswith("="):
            text = text[1:]
        elif marked:
            self._unfit(name, "以 = 开头的 FEEL 表达式", "a FEEL expression after =")
            return None
        return self._compile(name, text)

    def _compile(self, name: str, text: str) -> Expression | None:
        try:
            expression = feel.compile(text)
        except ClauseflowError as error:
            zh, en = error.text("zh"), error.text("en")
            self.complain("expression", f"属性 {name} 的表达式有误：{zh}", f"The expression in {name}: {en}")
            return None
        self.expressions.append((name, expression))
        return expression

    def words(self, name: str, properties: ComponentAttributes) -> Words:
        """Words in both languages: the attribute, and `properties["<name>:en"]`."""
        return Words(self.text(name).strip(), properties.text(f"{name}:en").strip())

    def literal(self, name: str) -> Value:
        """A default value: text, number, true/false or a list of them. None when absent."""
        return self._literal(name, self.raw.get(name))

    def _literal(self, name: str, value: Any) -> Value:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and _storable(value):
            return value
        if isinstance(value, (int, Decimal)):
            return self._number(name, value)
        if isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value):
            return [self._literal(name, item) for item in value]
        self._unfit(name, "文字、数字、true/false 或它们的列表", "text, a number, true/false or a list of them")
        return None


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _sane(number: Decimal) -> bool:
    return len(number.as_tuple().digits) <= MAX_DIGITS and abs(number.adjusted()) <= MAX_DIGITS
