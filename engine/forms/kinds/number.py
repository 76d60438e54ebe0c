"""Numbers and amounts of money, exact decimals as clerks type them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

from typing_extensions import override

from engine.feel import Expression
from engine.forms.formats import CURRENCIES, money
from engine.forms.kinds.base import UNSURE, ComponentKind, Field, LineInput, Quick
from engine.forms.read.attributes import MAX_DIGITS, ComponentAttributes
from engine.forms.scope import FormScope
from engine.forms.words import Words, Wrong
from engine.values import Value, canonical, format_number

_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_EXPONENT = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+")
_QUICK_DIGITS = 15
"""On each side of the point; with a longer number the quick way leaves it to the others."""
_EXACT = Context(prec=MAX_DIGITS)
_TYPED = str.maketrans("０１２３４５６７８９．－−＋，、", "0123456789.--+,,")
"""Full-width digits and signs of Chinese input methods, and what they stand for."""


@dataclass(frozen=True, slots=True)
class NumberSettings:
    """Limits of a number; `digits` after the point, None for any; `currency` only for money."""

    least: Decimal | Expression | None
    most: Decimal | Expression | None
    step: Decimal | None
    digits: int | None
    prefix: Words
    suffix: Words
    currency: str | None


class Number(ComponentKind):
    """`number`: a decimal of at most 34 digits; text of digits only, never rounded."""

    ordered = True
    template = "line"

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> NumberSettings:
        limits, look = attributes.part("validate"), attributes.part("appearance")
        step = attributes.number("increment")
        if step is not None and step <= 0:
            attributes.complain("attribute", "increment 应大于 0。", "increment must be greater than 0.")
            step = None
        return NumberSettings(
            limits.limit("min"),
            limits.limit("max"),
            step,
            attributes.whole("decimalDigits", 0, MAX_DIGITS),
            look.words("prefixAdorner", properties),
            look.words("suffixAdorner", properties),
            None,
        )

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> Decimal | None:
        if raw is None:
            return None
        number = _parsed(raw) if isinstance(raw, str) else _typed(raw)
        if number is None:
            return None
        settings: NumberSettings = component.settings
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int)
        if settings.digits is not None and -exponent > settings.digits:
            raise Wrong("decimal_digits", limit=settings.digits) if settings.digits else Wrong("whole_number")
        return number

    @override
    def judge(self, component: Field, value: Value, scope: FormScope) -> None:
        settings: NumberSettings = component.settings
        least, most = scope.resolved(settings.least), scope.resolved(settings.most)
        if isinstance(least, Decimal) and value < least:
            raise Wrong("too_small", limit=self._limit(least, settings))
        if isinstance(most, Decimal) and value > most:
            raise Wrong("too_large", limit=self._limit(most, settings))
        if settings.step and _remainder(value, settings.step):
            raise Wrong("not_a_step", limit=format_number(settings.step))

    @override
    def quick(self, settings: NumberSettings) -> Quick:
        least, most, digits = settings.least, settings.most, settings.digits
        if isinstance(least, Expression) or isinstance(most, Expression) or settings.step:
            return super().quick(settings)
        decimals = _QUICK_DIGITS if digits is None else min(digits, _QUICK_DIGITS)
        after = f"(?:\\.[0-9]{{1,{decimals}}})?" if decimals else ""
        fits = re.compile(f"[0-9]{{1,{_QUICK_DIGITS}}}{after}").fullmatch
        low, high = Decimal("-Infinity") if least is None else least, Decimal("Infinity") if most is None else most

        def quick(raw: Value) -> Value:
            if type(raw) is not str or not fits(raw):
                return None if raw is None or raw == "" else UNSURE
            number = Decimal(raw).normalize(_EXACT)
            return number if low <= number <= high else UNSURE

        return quick

    def _limit(self, limit: Decimal, settings: NumberSettings) -> str:
        return money(limit, settings.currency) if settings.currency else format_number(limit)

    @override
    def control(self, component: Field, raw: Value, scope: FormScope) -> str:
        return raw if isinstance(raw, str) else super().control(component, raw, scope)

    @override
    def input(self, component: Field, control: str) -> LineInput:
        """Text, not `type=number`: browsers blank what they cannot read, and what was typed must stay."""
        settings: NumberSettings = component.settings
        mode = "numeric" if settings.digits == 0 else "decimal"
        return LineInput("text", mode, "", "off", settings.prefix, settings.suffix)

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        settings: NumberSettings = component.settings
        found: dict[str, Value] = {"type": ["number", "null"]}
        if isinstance(settings.least, Decimal):
            found["minimum"] = settings.least
        if isinstance(settings.most, Decimal):
            found["maximum"] = settings.most
        step = settings.step or (None if settings.digits is None else Decimal((0, (1,), -settings.digits)))
        return found | ({"multipleOf": step} if step else {})


class Money(Number):
    """`cf-money`: a number with a currency (CNY unless said) and two decimals unless said."""

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> NumberSettings:
        plain = super().settings(attributes, properties)
        currency = attributes.text("currency") or properties.text("currency") or "CNY"
        if currency not in CURRENCIES:
            known = " ".join(CURRENCIES)
            attributes.complain(
                "currency", f"不认识货币“{currency}”，可用：{known}。", f"Unknown currency “{currency}”; use {known}."
            )
        digits = 2 if plain.digits is None else plain.digits
        sign = Words(CURRENCIES.get(currency, currency)) if not plain.prefix.zh else plain.prefix
        return NumberSettings(plain.least, plain.most, plain.step, digits, sign, plain.suffix, currency)

    @override
    def text(self, component: Field, value: Value, scope: FormScope, language: str) -> str:
        if not isinstance(value, Decimal):
            return super().text(component, value, scope, language)
        return money(value, component.settings.currency)


def _parsed(typed: str) -> Decimal | None:
    text = typed.strip()
    if not text.isascii():
        text = text.translate(_TYPED)
    if _PLAIN.fullmatch(text):
        if len(text) > 2 * MAX_DIGITS:
            raise Wrong("number_too_long", limit=MAX_DIGITS)
        return _sized(Decimal(text))
    if not text:
        return None
    if "," in text and _PLAIN.fullmatch(text.replace(",", "")[: 2 * MAX_DIGITS]):
        raise Wrong("number_comma")
    raise Wrong("number_exponent" if _EXPONENT.fullmatch(text) else "not_a_number")


def _typed(raw: Value) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)):
        raise Wrong("not_a_number")
    number = Decimal(raw)
    if not number.is_finite():
        raise Wrong("not_a_number")
    return _sized(number)


def _sized(number: Decimal) -> Decimal:
    """The number in canonical form. Raises Wrong when FEEL's 34 digits cannot hold it."""
    if abs(number.adjusted()) > MAX_DIGITS and number:
        raise Wrong("number_too_long", limit=MAX_DIGITS)
    found: Decimal = canonical(number)
    if len(found.as_tuple().digits) > MAX_DIGITS:
        raise Wrong("number_too_long", limit=MAX_DIGITS)
    return found


def _remainder(value: Decimal, step: Decimal) -> int:
    """Nonzero when `value` is no multiple of `step`; in whole numbers, so that no context rounds."""
    (above, below), (step_above, step_below) = value.as_integer_ratio(), step.as_integer_ratio()
    return above * step_below % (below * step_above)
