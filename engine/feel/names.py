"""Names may hold spaces, operators and any script, so only the names in scope tell where one ends.

A name is a row of fragments: runs of name characters, and single additional symbols (`. / - ' + *`).
Known names win by length; without one, words are joined as long as no keyword comes between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
WORD = re.compile(f"[{_START}][{_PART}]*")
"""One word of a name, as FEEL's grammar (rules 27 to 30) spells it."""
PART = re.compile(f"[{_PART}]+")
FRAGMENT = re.compile(f"[{_PART}]+|[./\\-'+*]")
SPACE = re.compile(r"(?:[\s\u0085\u180E\u200B\uFEFF]|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)*")
"""Whitespace (rules 62 and 63) and comments."""

LOOSE = PART.pattern[1:-2] + r"./\-'+*\s"
"""The inside of a character class: what a name may hold where punctuation tells its end."""
KEY = re.compile(rf"([{LOOSE}]+):")
"""A name and the colon behind it, as before a context's value or a named argument."""

INFIX_WORDS = frozenset({"and", "or", "in", "between", "then", "else", "return", "satisfies", "instance"})
"""Keywords that can follow an operand; they end a name nobody knows."""
KEYWORDS = INFIX_WORDS | {"of", "if", "for", "some", "every", "function", "true", "false", "null"}

Fragments = tuple[str, ...]
NameEntry = tuple[Fragments, str]
"""The fragments of a name and the name as it is read."""


def split(name: str) -> Fragments:
    """The fragments of a name; a single space stands between two words that were apart."""
    return tuple(FRAGMENT.findall(name))


def normalise(name: str) -> str:
    """A name with every run of whitespace as one space."""
    return " ".join(name.split())


class KnownNames:
    """The names a parser knows at a place: `known` for all of the text, and local ones that come and go."""

    def __init__(self, known: Iterable[str], below: Mapping[str, Sequence[NameEntry]] | None = None) -> None:
        self._by_first: dict[str, list[NameEntry]] = {first: [*names] for first, names in (below or {}).items()}
        for name in known:
            self.add(name)

    def within(self, known: Iterable[str]) -> KnownNames:
        """A scope that knows more; this one stays as it is, for the next text."""
        return KnownNames(known, self._by_first)

    def add(self, name: str) -> None:
        """Make a name known. Names that hold anything but name characters cannot be written and stay unknown."""
        fragments = split(name)
        if fragments and FRAGMENT.sub("", name).strip() == "":
            self._by_first.setdefault(fragments[0], []).insert(0, (fragments, normalise(name)))

    def remove(self, name: str) -> None:
        """Forget one `add` of a name."""
        fragments = split(name)
        entries = self._by_first.get(fragments[0] if fragments else "", [])
        if (fragments, normalise(name)) in entries:
            entries.remove((fragments, normalise(name)))

    def longest(self, text: str, at: int) -> tuple[str, int] | None:
        """The longest known name that stands in `text` at `at`, with the offset behind it."""
        first = PART.match(text, at)
        best: tuple[str, int] | None = None
        for fragments, name in self._by_first.get(first.group(), ()) if first else ():
            end = _end_of(text, at, fragments, name)
            if end is not None and (best is None or end > best[1]):
                best = name, end
        return best


def _end_of(text: str, at: int, fragments: Fragments, name: str) -> int | None:
    """Where the name ends in the text, if it stands there. Words need space between them where the name has it."""
    seen = 0
    for index, fragment in enumerate(fragments):
        start = name.index(fragment, seen)
        if index and name[seen:start]:
            at, before = SPACE.match(text, at).end(), at  # type: ignore[union-attr]
            if at == before:
                return None
        found = FRAGMENT.match(text, at)
        if not found or found.group() != fragment:
            return None
        at, seen = found.end(), start + len(fragment)
    return at
