"""What history keeps of an evaluation, so that an auditor sees why: plain values only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import Function, Range
from engine.values import format_number, format_temporal

MAX_STEPS = 500
"""Decisions and tables told per evaluation; a table called in a loop would otherwise fill the history."""
MAX_WEIGHT = 20_000
"""Values told per evaluation, every element of lists and contexts and every hundred characters counted."""


class Trace:
    """The steps of an evaluation in the order they ended.

    A decision: `{"decision": id, "name": ..., "inputs": {name: value}, "value": ...}`. A table, before the
    decision it belongs to: `{"table": id, "inputs": {column: value}, "rules": [{"index": 1, "id": ...}]}`
    with the rules that matched. A last `{"more": True}` says that there was too much to tell.
    """

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self._weight = 0

    def decision(self, decision_id: str, name: str, inputs: dict[str, Any], value: Any) -> None:
        """Tell what a decision saw and came to."""
        seen = {key: found for key, found in inputs.items() if not _is_function(found)}
        self._add({"decision": decision_id, "name": name, "inputs": seen, "value": value})

    def table(self, table_id: str, inputs: dict[str, Any], rules: list[tuple[int, str]]) -> None:
        """Tell which rules of a table matched, and on what."""
        self._add(
            {"table": table_id, "inputs": inputs, "rules": [{"index": index, "id": rule} for index, rule in rules]}
        )

    def _add(self, step: dict[str, Any]) -> None:
        if self._weight > MAX_WEIGHT:
            return
        self._weight += _weight(step)
        full = len(self.steps) == MAX_STEPS or self._weight > MAX_WEIGHT
        self._weight = MAX_WEIGHT + 1 if full else self._weight
        self.steps.append({"more": True} if full else {key: plain(value) for key, value in step.items()})


def _weight(value: Any) -> int:
    if isinstance(value, (list, dict)):
        parts = value.values() if isinstance(value, dict) else value
        return 1 + sum(map(_weight, parts))
    return 1 + (len(value) // 100 if isinstance(value, str) else 0)


def _is_function(value: Any) -> bool:
    return isinstance(value, Function) or hasattr(value, "positional")


def plain(value: Any) -> Any:
    """A value as history can store it: ranges as FEEL text, functions by their name."""
    if type(value) is list:
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if type(value) is Range:
        return _range_text(value)
    return f"function {getattr(value, 'name', '')}".strip() if _is_function(value) else value


def _range_text(value: Range) -> str:
    ends = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{ends[0]}{_point(value.start)}..{_point(value.end)}{ends[1]}"


def _point(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'"{value}"'
    return format_number(value) if isinstance(value, Decimal) else format_temporal(value)
