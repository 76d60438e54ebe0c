"""The limits that keep a stranger's expression from taking the process along.

Every limit is a count, so the same expression meets the same limit on every run and machine; only
regular expressions are also limited in time, because their cost cannot be counted beforehand.
"""

from __future__ import annotations

from time import thread_time
from typing import Any

from engine.feel.errors import BudgetExceeded

MAX_TEXT = 100_000
"""Characters of one expression."""
MAX_NESTING = 100
"""Brackets, `if` and other constructs that stand inside each other."""
MAX_TREE = 200
"""Levels of the syntax tree, which long chains of operators deepen without any bracket."""
MAX_STEPS = 200_000
"""Syntax nodes evaluated inside loops and functions, plus what built-ins go through. One takes about 0.3 µs."""
MAX_CALLS = 600
"""Tree levels of the functions that are active at the same time."""
MAX_ITEMS = 100_000
"""Elements of one list, and of a whole result counted through all its levels."""
MAX_CHARACTERS = 1_000_000
"""Characters of one string."""
MAX_PATTERN = 500
"""Characters of one regular expression."""
MAX_PATTERN_SIZE = 5_000
"""Characters of one regular expression once its counted repetitions are written out."""
REGEX_SECONDS = 0.05
"""Time of all regular expressions of one evaluation."""


REQUEST_SECONDS = 3.0
"""Processor time after which an answer evaluates no further expression: many costly ones add up."""


class Allowance:
    """What all expressions behind one answer may take together, above the budget each has of its own.

    It is a time and no count, for drawing what they gave costs too; so it has no part in what is recorded: `advance`
    knows the budget of each expression alone.
    """

    __slots__ = ("_ends",)

    def __init__(self, seconds: float = REQUEST_SECONDS) -> None:
        self._ends = thread_time() + seconds

    def check(self) -> None:
        """Raise BudgetExceeded once the thread that began it has used it up."""
        if thread_time() > self._ends:
            raise exceeded("seconds for one page")


def exceeded(what: str) -> BudgetExceeded:
    """The error for the budget called `what` (a key of the table below)."""
    zh, limit = _BUDGETS[what]
    return BudgetExceeded(what=what, what_zh=zh, limit=limit)


_BUDGETS: dict[str, tuple[str, Any]] = {
    "characters of text": ("表达式字符数", MAX_TEXT),
    "nested levels": ("嵌套层数", MAX_NESTING),
    "chained levels": ("运算链层数", MAX_TREE),
    "steps": ("计算步数", MAX_STEPS),
    "levels of function calls": ("函数调用层数", MAX_CALLS),
    "list elements": ("列表元素", MAX_ITEMS),
    "characters of a string": ("字符串字符数", MAX_CHARACTERS),
    "characters of a pattern": ("正则表达式字符数", MAX_PATTERN),
    "characters of a pattern written out": ("正则表达式展开后的字符数", MAX_PATTERN_SIZE),
    "seconds in a pattern": ("正则匹配秒数", REGEX_SECONDS),
    "seconds for one page": ("一个页面的计算秒数", f"{REQUEST_SECONDS:g}"),
    "powers of ten": ("数的十进制指数", 6144),
}


def check_length(text: str) -> str:
    """`text` itself, if a string may be that long."""
    if len(text) > MAX_CHARACTERS:
        raise exceeded("characters of a string")
    return text


def check_items(items: list[Any]) -> list[Any]:
    """`items` itself, if a list may be that long."""
    if len(items) > MAX_ITEMS:
        raise exceeded("list elements")
    return items


def deep_size(value: Any) -> int:
    """The elements of a value on all its levels. Raises BudgetExceeded when they are too many.

    Lists that share parts are small in memory but not to whoever goes through them, so parts count every time.
    """
    size, levels = 0, [value]
    while levels:
        items = levels.pop()
        size += len(items)
        if size > MAX_ITEMS:
            raise exceeded("list elements")
        parts = items if type(items) is list else items.values()
        levels.extend([part for part in parts if type(part) is list or type(part) is dict])
    return size


def check_result(value: Any) -> Any:
    """`value` itself, if all its levels together hold few enough elements."""
    if type(value) is list or type(value) is dict:
        deep_size(value)
    return value
