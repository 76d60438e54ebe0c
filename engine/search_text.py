"""Texts as they are searched: in their plain form, so that a word is found however it was typed.

Both databases have an index of three characters in a row. A Chinese word has two, often one: what is indexed has a
GAP around every character that is not plain Latin, and so every word of it has three.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from engine.values import Value, format_number

LONGEST_SEARCH = 100
"""Characters of a search that count."""
LONGEST_TEXT = 20_000
"""Characters of one entry that are searched."""
GRAM = 3
"""Characters in a row that are indexed together; what is shorter is looked for text by text."""
GAP = "\x1f"
"""White space to `words`: no word holds one."""

_wide = re.compile(r"[^\x00-\x7f]+")


def plain(text: str) -> str:
    """Full-width and other compatible forms made plain (NFKC), letters without their case."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(search: str) -> list[str]:
    """The words of a search, each once; whatever is found holds all of them, in any order and place."""
    return list(dict.fromkeys(plain(search[:LONGEST_SEARCH].replace("\0", " ")).split()))


def searched(values: Iterable[Value]) -> str:
    """What can be found of values: their texts and numbers and the names of files, a line each, spaced."""
    return spaced(plain("\n".join(dict.fromkeys(filter(None, _said(values)))))[:LONGEST_TEXT])


def spaced(text: str) -> str:
    """The text with a GAP around every character that is not plain Latin."""
    return _wide.sub(lambda found: GAP + GAP.join(found[0]) + GAP, text)


def sought(word: str) -> str:
    """What a spaced text that holds the word holds: its outer gaps only where it would be too short without them."""
    text = spaced(word)
    return text.strip(GAP) if len(word) > 1 else text


def grams(text: str) -> set[str]:
    """Every GRAM characters in a row of a spaced text."""
    return {text[at : at + GRAM] for at in range(len(text) - GRAM + 1)}


def _said(values: Iterable[Value]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Decimal):
            yield format_number(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            yield str(value)
        elif isinstance(value, dict):
            yield from _said([value["name"]] if "sha256" in value and "name" in value else value.values())
        elif isinstance(value, list):
            yield from _said(value)
