"""What can go wrong with an expression: its text does not parse, or it asks for more than it may use."""

from __future__ import annotations

from engine.errors import ClauseflowError


class FeelError(ClauseflowError):
    """An expression that cannot be used."""

    zh = "表达式有误。"
    en = "The expression is wrong."


class FeelSyntaxError(FeelError):
    """A text that is not FEEL.

    Facts: `line` and `column` (from 1), `expected` and `found` in English, `expected_zh` and `found_zh`.
    """

    zh = "第 {line} 行第 {column} 列：此处应为{expected_zh}，实际为{found_zh}。"
    en = "Line {line}, column {column}: expected {expected}, found {found}."


class BudgetExceeded(FeelError):
    """An expression that is too large, too deep or too expensive.

    Facts: `what` and `what_zh` name the budget, `limit` is its size.
    """

    zh = "表达式超出限额：{what_zh}最多 {limit}。"
    en = "The expression exceeds its budget: at most {limit} {what}."


class NoValue(Exception):
    """A step of an evaluation that FEEL defines as null; the text says why, for the warnings."""
