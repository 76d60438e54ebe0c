"""Reads tokens where the parser stands. Names are the parser's business, because only it knows the scope."""

from __future__ import annotations

import re
from typing import NoReturn

from engine.feel.errors import FeelSyntaxError, NoValue
from engine.feel.names import SPACE, WORD

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?", re.ASCII)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
SYMBOL = re.compile(r"\.\.|\*\*|!=|<=|>=|->|[-+*/=<>()\[\]{},:.@|]")

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Scanner:
    """A position in a text, always before a token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.skip()

    def skip(self) -> None:
        """Move over whitespace and comments."""
        self.at = SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]

    def move(self, to: int) -> None:
        """Stand before the token that follows offset `to`."""
        self.at = to
        self.skip()

    @property
    def done(self) -> bool:
        """Whether the text is used up."""
        return self.at >= len(self.text)

    def symbol(self) -> str:
        """The symbol here, or ''. It is not taken."""
        found = SYMBOL.match(self.text, self.at)
        return found.group() if found else ""

    def take(self, symbol: str) -> bool:
        """Take `symbol` if it stands here."""
        if self.symbol() != symbol:
            return False
        self.move(self.at + len(symbol))
        return True

    def word(self) -> str:
        """The word here, or ''. It is not taken."""
        found = WORD.match(self.text, self.at)
        return found.group() if found else ""

    def take_word(self, word: str) -> bool:
        """Take the keyword `word` if it stands here."""
        if self.word() != word:
            return False
        self.move(self.at + len(word))
        return True

    def expect(self, symbol: str) -> None:
        """Take `symbol`, or fail."""
        if not self.take(symbol):
            self.fail(f'"{symbol}"', f"“{symbol}”")

    def expect_word(self, word: str) -> None:
        """Take the keyword `word`, or fail."""
        if not self.take_word(word):
            self.fail(f'"{word}"', f"“{word}”")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what `pattern` matches here."""
        found = pattern.match(self.text, self.at)
        if found:
            self.move(found.end())
        return found

    def string(self) -> str | None:
        """Take the string literal here, if there is one."""
        at, found = self.at, self.match(STRING)
        try:
            return unescape(found.group(1)) if found else None
        except NoValue:
            self.fail("both halves of a surrogate pair", "完整的代理对", at)

    def fail(self, expected: str, expected_zh: str, at: int | None = None) -> NoReturn:
        """Raise FeelSyntaxError for the place `at` (here, if not given)."""
        at = self.at if at is None else at
        rest = self.text[at : at + 20].split("\n")[0]
        line, column = position(self.text, at)
        raise FeelSyntaxError(
            line=line,
            column=column,
            expected=expected,
            expected_zh=expected_zh,
            found=f'"{rest}"' if rest else "the end",
            found_zh=f"“{rest}”" if rest else "表达式结尾",
        )


def position(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")


def unescape(body: str) -> str:
    """The string that a literal's body writes; surrogate pairs become one character. Raises NoValue for a lone half."""
    if "\\" not in body:
        return body
    text = _ESCAPE.sub(_character, body)
    text = _PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)
    if _SURROGATE.search(text):
        raise NoValue("half of a surrogate pair")
    return text


def _character(escape: re.Match[str]) -> str:
    short, long, simple = escape.groups()
    if short or long:
        code = int(short or long, 16)
        return chr(code) if code <= 0x10FFFF else escape.group()
    return _SIMPLE.get(simple, escape.group())
