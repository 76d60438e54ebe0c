"""Regions in words, as a problem names them: `< 0, [10..20), "a"`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.decisions.check.regions import OTHER, Region
from engine.values import format_number, format_temporal


def describe(chosen: list[Region], language: str) -> str:
    """Regions in words, neighbours joined: `< 0、[10..20)`."""
    return ("、" if language == "zh" else ", ").join(_runs(chosen, language))


def _runs(chosen: list[Region], language: str) -> Iterator[str]:
    run: list[Region] = []
    for region in chosen:
        if run and not _adjoin(run[-1], region):
            yield _words(run, language)
            run = []
        run.append(region)
    if run:
        yield _words(run, language)


def _adjoin(left: Region, right: Region) -> bool:
    if left.point == right.point:
        return False
    return left.sample is right.low if left.point else left.high is right.sample


def _words(run: list[Region], language: str) -> str:
    first, last = run[0], run[-1]
    if first is last and first.point:
        return _point(first.sample, language)
    low, high = (first.sample if first.point else first.low), (last.sample if last.point else last.high)
    if low is None and high is None:
        return "任意值" if language == "zh" else "any value"
    if low is None:
        return f"{'<=' if last.point else '<'} {text_of(high)}"
    if high is None:
        return f"{'>=' if first.point else '>'} {text_of(low)}"
    return f"{'[' if first.point else '('}{text_of(low)}..{text_of(high)}{']' if last.point else ')'}"


def _point(value: Any, language: str) -> str:
    if value is OTHER:
        return "其他文本" if language == "zh" else "any other text"
    text = text_of(value)
    return text if value is None or isinstance(value, (str, bool)) else f"[{text}..{text}]"


def text_of(value: Any) -> str:
    """A constant as FEEL writes it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{value}"'
    return format_number(value) if isinstance(value, Decimal) else format_temporal(value)
