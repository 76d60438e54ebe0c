"""The text of a value, as `string()` gives it: readable back as FEEL for numbers, lists, contexts and ranges."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.budget import MAX_CHARACTERS, check_length, exceeded
from engine.feel.names import PART, WORD
from engine.feel.ranges import Range
from engine.values import YearsMonths, format_temporal

_TEMPORAL = (date, time, datetime, timedelta, YearsMonths)
_PLAIN_KEY = re.compile(WORD.pattern + rf"(?: {PART.pattern})*")


def to_text(value: Any) -> str:
    """The text of any value but null; a string is its own text."""
    return value if type(value) is str else check_length("".join(_Writer().parts(value)))


def number_text(value: Decimal) -> str:
    """The digits of a number without exponent and without zeros at the end of the fraction."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


class _Writer:
    """Writes nested values and counts characters, since shared parts can make a small value a huge text."""

    def __init__(self) -> None:
        self._left = MAX_CHARACTERS

    def parts(self, value: Any) -> list[str]:
        out: list[str] = []
        self._write(value, out)
        return out

    def _put(self, text: str, out: list[str]) -> None:
        # Parts cost time of their own, however short they are.
        self._left -= len(text) + 8
        if self._left < 0:
            raise exceeded("characters of a string")
        out.append(text)

    def _write(self, value: Any, out: list[str]) -> None:
        if type(value) is list:
            self._row("[", [("", item) for item in value], "]", out)
        elif type(value) is dict:
            self._row("{", [(_key(key) + ": ", part) for key, part in value.items()], "}", out)
        elif type(value) is Range:
            self._range(value, out)
        else:
            self._put(_scalar(value), out)

    def _row(self, opening: str, items: list[tuple[str, Any]], closing: str, out: list[str]) -> None:
        self._put(opening, out)
        for index, (label, item) in enumerate(items):
            self._put((", " if index else "") + label, out)
            self._write(item, out)
        self._put(closing, out)

    def _range(self, value: Range, out: list[str]) -> None:
        self._put("[" if value.start_included else "(", out)
        if value.start is not None:
            self._write(value.start, out)
        self._put("..", out)
        if value.end is not None:
            self._write(value.end, out)
        self._put("]" if value.end_included else ")", out)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is Decimal:
        return number_text(value)
    if type(value) is str:
        return _quoted(value)
    return format_temporal(value) if isinstance(value, _TEMPORAL) else "function"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _quoted(key)
