"""A value the server computes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from typing_extensions import override

from engine.feel import Expression
from engine.forms.formats import CURRENCIES, money, own_half, plain
from engine.forms.kinds.base import ComponentKind, Field
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.scope import FormScope
from engine.values import Value


@dataclass(frozen=True, slots=True)
class ComputedSettings:
    """The formula, and the currency when it gives money (`properties.currency`)."""

    formula: Expression | None
    currency: str


class Computed(ComponentKind):
    """`expression`: the value of its FEEL expression; it is shown when it has a label."""

    template = "computed"
    computed = True

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> ComputedSettings:
        formula = attributes.expression("expression")
        if not attributes.raw.get("expression"):
            attributes.complain("expression", "缺少 expression。", "The expression is missing.")
        currency = properties.text("currency")
        if currency and currency not in CURRENCIES:
            known = " ".join(CURRENCIES)
            attributes.complain(
                "currency", f"不认识货币“{currency}”，可用：{known}。", f"Unknown currency “{currency}”; use {known}."
            )
        return ComputedSettings(formula, currency)

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> Value:
        """The computed value; what was sent is not looked at."""
        formula = component.settings.formula
        return scope.evaluate(formula) if formula else None

    @override
    def text(self, component: Field, value: Value, scope: FormScope, language: str) -> str:
        currency = component.settings.currency
        if currency and isinstance(value, Decimal):
            return money(value, currency)
        return own_half(plain(value, language, scope.environment.zone), language)

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        return {"readOnly": True}
