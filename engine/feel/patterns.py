"""Regular expressions in the flavour FEEL refers to (XPath functions, 5.6), carried out by `regex` with a time limit.

A pattern is read character by character: what means the same goes through, what means something else is
rewritten, and what only Python knows (look-arounds, named groups, inline flags) is refused.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from engine.feel.budget import MAX_ITEMS, MAX_PATTERN, MAX_PATTERN_SIZE, exceeded
from engine.feel.errors import NoValue

_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0, "q": 0}
_NAME_START = r"\p{L}_:"
_NAME = r"\p{L}\p{M}\p{Nd}_:.\-\u00B7"
_CLASSES = {"i": _NAME_START, "c": _NAME}
_PLAIN_ESCAPES = frozenset("nrtdDsSwW\\|.?*+(){}-[]^$")


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str) -> regex.Pattern[str]:
    """The compiled pattern. Raises NoValue for one that is wrong, BudgetExceeded for one that is too long."""
    if len(pattern) > MAX_PATTERN:
        raise exceeded("characters of a pattern")
    if set(flags) - set(_FLAGS):
        raise NoValue(f"the flags {flags!r} are unknown")
    source = regex.escape(pattern) if "q" in flags else _Translation(pattern, "x" in flags, "m" in flags).text()
    options = regex.VERSION1 | regex.UNICODE
    for flag in flags:
        options |= _FLAGS[flag]
    try:
        return regex.compile(source, options)
    except (regex.error, OverflowError, RecursionError, ValueError):
        raise NoValue(f"{pattern[:40]!r} is not a regular expression") from None


class _Translation:
    """One pass over a pattern."""

    def __init__(self, pattern: str, spaced: bool, lines: bool) -> None:
        self._pattern = pattern
        self._spaced = spaced
        self._lines = lines
        self._at = 0
        # The sizes of the open groups and of the last part, with repetitions written out as the engine does.
        self._sizes = [0]
        self._last = 0

    def text(self) -> str:
        out = []
        while self._at < len(self._pattern):
            out.append(self._next())
        return "".join(out)

    def _grow(self, size: int) -> None:
        self._last = size
        self._sizes[-1] += size
        if sum(self._sizes) > MAX_PATTERN_SIZE:
            raise exceeded("characters of a pattern written out")

    def _next(self) -> str:
        char = self._take()
        if char == ")" and len(self._sizes) > 1:
            self._grow(self._sizes.pop())
        elif char not in "()*+?{":
            self._grow(1)
        if char == "\\":
            return self._escape(in_class=False)
        if char == "[":
            return self._character_class()
        if char == "(":
            return self._group()
        if char == "$" and not self._lines:
            return r"\Z"
        if char == "{":
            return self._quantity()
        if self._spaced and char in " \t\r\n":
            return ""
        if char in "*+?}" and self._pattern[self._at : self._at + 1] == "+":
            raise NoValue("possessive quantifiers are not known")
        return char

    def _take(self) -> str:
        char = self._pattern[self._at]
        self._at += 1
        return char

    def _group(self) -> str:
        self._sizes.append(1)
        if self._pattern[self._at : self._at + 1] != "?":
            return "("
        if self._pattern[self._at : self._at + 2] != "?:":
            raise NoValue("only plain and (?:...) groups are known")
        self._at += 2
        return "(?:"

    def _quantity(self) -> str:
        found = regex.match(r"(\d{1,4})(?:,(\d{0,4}))?\}", self._pattern, pos=self._at)
        if not found:
            raise NoValue("a quantity is wrong")
        self._at = found.end()
        self._grow(self._last * max(int(part or 0) for part in found.groups()))
        return f"{{{found.group()}"

    def _escape(self, in_class: bool) -> str:
        if self._at == len(self._pattern):
            raise NoValue("a pattern ends in a backslash")
        char = self._take()
        if char in _PLAIN_ESCAPES or (char.isdigit() and char != "0" and not in_class):
            return "\\" + char
        if char in "pP":
            return "\\" + char + self._property()
        if char.lower() in _CLASSES:
            body = _CLASSES[char.lower()]
            if in_class:
                if char.isupper():
                    raise NoValue(f"\\{char} is not known inside brackets")
                return body
            return f"[{'^' if char.isupper() else ''}{body}]"
        raise NoValue(f"\\{char} is not known")

    def _property(self) -> str:
        found = regex.match(r"\{(Is)?([A-Za-z0-9\-]+)\}", self._pattern, pos=self._at)
        if not found:
            raise NoValue("a character property is wrong")
        self._at = found.end()
        name: str = found.group(2)
        return f"{{In{name}}}" if found.group(1) else f"{{{name}}}"

    def _character_class(self) -> str:
        out = ["["]
        if self._pattern[self._at : self._at + 1] == "^":
            out.append(self._take())
        start = self._at
        while self._at < len(self._pattern):
            char = self._take()
            if char == "]":
                if self._at - 1 == start:
                    raise NoValue("a character class is empty")
                return "".join(out) + "]"
            out.append(self._class_part(char, self._at - 1 == start))
        raise NoValue("a character class is not closed")

    def _class_part(self, char: str, first: bool) -> str:
        if char == "\\":
            return self._escape(in_class=True)
        if char == "-" and not first and self._pattern[self._at : self._at + 1] == "[":
            self._at += 1
            return "--" + self._character_class()
        if char == "[":
            raise NoValue("a bracket inside brackets needs a backslash")
        if self._spaced and char in " \t\r\n":
            return ""
        # VERSION1 gives doubled symbols a meaning that the flavour here does not have.
        return "\\" + char if char in "&|~^" or (char == "-" and first) else char


def matches(pattern: regex.Pattern[str], string: str, seconds: float) -> bool:
    """Whether the pattern is found anywhere in the string. Like all here, raises TimeoutError after `seconds`."""
    return pattern.search(string, timeout=seconds) is not None


def replace(pattern: regex.Pattern[str], string: str, replacement: str, seconds: float) -> str:
    """The string with every match replaced; `$1` in the replacement is the first group."""
    _refuse_empty(pattern, seconds)
    parts = _replacement(replacement, pattern.groups)
    replaced: str = pattern.sub(
        lambda found: "".join(part if isinstance(part, str) else found.group(part) or "" for part in parts),
        string,
        timeout=seconds,
    )
    return replaced


def split(pattern: regex.Pattern[str], string: str, seconds: float) -> list[str]:
    """The parts of the string between the matches."""
    _refuse_empty(pattern, seconds)
    found = list(pattern.finditer(string, timeout=seconds))
    if len(found) >= MAX_ITEMS:
        raise exceeded("list elements")
    starts = [0, *(one.end() for one in found)]
    ends = [*(one.start() for one in found), len(string)]
    return [string[start:end] for start, end in zip(starts, ends, strict=True)]


def _refuse_empty(pattern: regex.Pattern[str], seconds: float) -> None:
    if pattern.search("", timeout=seconds):
        raise NoValue("the pattern matches the empty string")


def _replacement(text: str, groups: int) -> list[str | int]:
    """Literal parts and group numbers. As many digits belong to a number as there are groups for."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        char, following = text[at], text[at + 1 : at + 2]
        if char == "\\" and following in ("\\", "$"):
            parts.append(following)
            at += 2
        elif char == "$" and following.isdigit():
            number, at = int(following), at + 2
            while text[at : at + 1].isdigit() and number * 10 + int(text[at]) <= groups:
                number, at = number * 10 + int(text[at]), at + 1
            parts.append(number if number <= groups else "")
        elif char in "\\$":
            raise NoValue("a replacement has a lone \\ or $")
        else:
            parts.append(char)
            at += 1
    return parts
