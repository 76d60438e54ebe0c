"""Built-ins on strings (DMN 1.5, table 74). Characters are Unicode code points."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.budget import check_length
from engine.feel.builtins.signature import signature
from engine.feel.errors import NoValue
from engine.feel.evaluate.frames import FeelRun
from engine.feel.numbers import whole
from engine.feel.patterns import compile_pattern, matches, replace, split


def _substring(string: str, start: Decimal, length: Decimal | None = None) -> str:
    first = whole(start)
    if first == 0 or abs(first) > len(string):
        raise NoValue("the start position is outside the string")
    begin = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[begin:]
    count = int(length)
    if count < 1:
        raise NoValue("the length is less than one")
    return string[begin : begin + count]


def _before(string: str, match: str) -> str:
    return string[: string.find(match)] if match in string else ""


def _after(string: str, match: str) -> str:
    return string[string.find(match) + len(match) :] if match in string else ""


def _join(items: list[Any], delimiter: str | None = None) -> str:
    if any(item is not None and type(item) is not str for item in items):
        raise NoValue("only strings can be joined")
    return check_length((delimiter or "").join(item for item in items if item is not None))


def _matches(run: FeelRun, string: str, pattern: str, flags: str | None = None) -> bool:
    return run.match(lambda seconds: matches(compile_pattern(pattern, flags or ""), string, seconds))


def _replace(run: FeelRun, string: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    def step(seconds: float) -> str:
        return replace(compile_pattern(pattern, flags or ""), string, replacement, seconds)

    return check_length(run.match(step))


def _split(run: FeelRun, string: str, delimiter: str) -> list[str]:
    return run.match(lambda seconds: split(compile_pattern(delimiter, ""), string, seconds))


SIGNATURES = {
    "substring": [signature("string: string, start position: number, [length: number?]", _substring)],
    "string length": [signature("string: string", lambda string: Decimal(len(string)))],
    "upper case": [signature("string: string", lambda string: check_length(string.upper()))],
    "lower case": [signature("string: string", lambda string: check_length(string.lower()))],
    "substring before": [signature("string: string, match: string", _before)],
    "substring after": [signature("string: string, match: string", _after)],
    "contains": [signature("string: string, match: string", lambda string, match: match in string)],
    "starts with": [signature("string: string, match: string", str.startswith)],
    "ends with": [signature("string: string, match: string", str.endswith)],
    "matches": [signature("input: string, pattern: string, [flags: string?]", _matches, with_run=True)],
    "replace": [
        signature("input: string, pattern: string, replacement: string, [flags: string?]", _replace, with_run=True)
    ],
    "split": [signature("string: string, delimiter: string", _split, with_run=True)],
    "string join": [signature("list: list, [delimiter: string?]", _join)],
}
