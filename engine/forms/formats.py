"""How values are written for people to read: numbers, money, dates and times, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from engine.forms.words import say
from engine.values import Value, YearsMonths, format_duration, format_number

CURRENCIES = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$"}
"""ISO 4217 codes a money field may use, with the sign people read before the amount."""

MOST_WRITTEN = 100_000
"""Characters of one text that are shown: as many as a form may let anybody type."""
MOST_LISTED = 10_000
"""Characters of a list or context that are shown; people read no longer one in a line."""

_CHINESE, _ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z][\x20-\x7e–’“”]*")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def money(value: Decimal, currency: str) -> str:
    """An amount with its sign, thousands grouped, at least two decimals and never rounded: `¥1,000.50`."""
    exponent = value.as_tuple().exponent
    digits = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{'-' if value < 0 else ''}{CURRENCIES.get(currency, currency)}{abs(value):,.{digits}f}"


def day(value: date, language: str) -> str:
    """A date as people write it: `2026年3月2日`, `2 Mar 2026`."""
    if language.startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def clock(value: time | datetime) -> str:
    """A time of day on 24 hours, seconds only when there are any."""
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"


def moment(value: datetime, language: str, zone: tzinfo | None) -> str:
    """A date and time in `zone`, as people write it."""
    if value.tzinfo and zone:
        value = local(value, zone)
    return f"{day(value, language)} {clock(value)}"


def local(value: datetime, zone: tzinfo) -> datetime:
    """The same instant on the clock of `zone`; an instant at the very end of time stays as it is."""
    try:
        return value.astimezone(zone)
    except OverflowError:
        return value


def own_half(text: str, language: str) -> str:
    """Of a text that a diagram or formula wrote for all readers, `中文 · English`, the half in this language."""
    zh, mark, en = text.partition(" · ")
    both = mark and text.count("·") == 1 and _CHINESE.search(zh) and _ENGLISH.fullmatch(en)
    return (zh if language.startswith("zh") else en) if both else text


def plain(value: Value, language: str, zone: tzinfo | None = None) -> str:
    """Any value as people read it, "" for nothing; of a context `{zh, en}` what is in their language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("yes" if value else "no", language)
    if isinstance(value, Decimal):
        return format_number(value) if value.is_finite() else str(value)
    if isinstance(value, datetime):
        return moment(value, language, zone)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, YearsMonths):
        return str(value)
    return _composed(value, language, zone)


def _composed(value: Value, language: str, zone: tzinfo | None) -> str:
    if isinstance(value, list):
        return joined((plain(item, language, zone) for item in value), language)
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        return plain(value["zh" if language.startswith("zh") else "en"], language, zone)
    if isinstance(value, dict):
        return joined((f"{key}: {plain(item, language, zone)}" for key, item in value.items()), language)
    return cut(str(value), MOST_WRITTEN, language)


def joined(texts: Iterable[str], language: str) -> str:
    """Several texts in one line, with the language's own list mark; a very long line ends with a sentence."""
    found, length = [], 0
    for text in filter(None, texts):
        found.append(text)
        length += len(text)
        if length > MOST_LISTED:
            break
    return cut(("、" if language.startswith("zh") else ", ").join(found), MOST_LISTED, language)


def cut(text: str, most: int, language: str) -> str:
    """The text, or its beginning and a sentence that says so."""
    return text if len(text) <= most else text[:most] + say("cut", language, count=most)
