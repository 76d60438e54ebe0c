"""Texts as they are searched: in their plain form, so that a word is found however it was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from engine.values import Value, format_number

LONGEST_SEARCH = 100
"""Characters of a search that count."""
LONGEST_TEXT = 20_000
"""Characters of one entry that are searched."""


def plain(text: str) -> str:
    """Full-width and other compatible forms made plain (NFKC), letters without their case."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(search: str) -> list[str]:
    """The words of a search, each once; whatever is found holds all of them, in any order and place."""
    return list(dict.fromkeys(plain(search[:LONGEST_SEARCH].replace("\0", " ")).split()))


def searched(values: Iterable[Value]) -> str:
    """What can be found of values: their texts and numbers and the names of files, a line each."""
    return plain("\n".join(dict.fromkeys(filter(None, _said(values)))))[:LONGEST_TEXT]


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
