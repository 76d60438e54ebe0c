"""Built-ins that make one type of value from another (DMN 1.5, table 73)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel.builtins.signature import signature
from engine.feel.comparison import order
from engine.feel.errors import NoValue
from engine.feel.numbers import read_number
from engine.feel.parse.scanner import STRING, unescape
from engine.feel.ranges import Range
from engine.feel.temporal_text import read_temporal
from engine.feel.text import to_text

_RANGE = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*)([\])\[])\s*", re.DOTALL)
_TEMPORAL = re.compile(r'(?:@|(?:date|time|date and time|duration)\s*\(\s*)"([^"]*)"\s*\)?')


def _number(text: str, grouping: str | None = None, decimal: str | None = None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", "."):
        raise NoValue("the separators are not allowed")
    if grouping is not None and grouping == decimal:
        raise NoValue("the two separators are the same")
    if grouping:
        text = text.replace(grouping, "")
    if decimal == ",":
        text = text.replace(".", "?").replace(",", ".")
    return read_number(text)


def _range(text: str) -> Range:
    found = _RANGE.fullmatch(text)
    if not found:
        raise NoValue(f"{text[:40]!r} is not a range")
    opening, low, high, closing = found.groups()
    start, end = _end_point(low.strip()), _end_point(high.strip())
    made = Range(start, end, opening == "[", closing == "]")
    if made.sample is None or (start is None and made.start_included) or (end is None and made.end_included):
        raise NoValue("an end point is missing")
    if start is not None and end is not None and order(start, end) not in (-1, 0):
        raise NoValue("the end points are not in order")
    return made


def _end_point(text: str) -> Any:
    if not text:
        return None
    temporal = _TEMPORAL.fullmatch(text)
    if temporal:
        value = read_temporal(temporal.group(1))
        if value is None:
            raise NoValue(f"{text[:40]!r} is no end point")
        return value
    string = STRING.fullmatch(text)
    return unescape(string.group(1)) if string else read_number(text)


SIGNATURES = {
    "number": [
        signature("from: string, grouping separator: string?, decimal separator: string?", _number),
        signature("from: string", _number),
        signature("from: number", lambda value: value),
    ],
    "string": [signature("from: any", to_text)],
    "range": [signature("from: string", _range)],
}
