"""The one rule for keys that become addresses: of records, roles, departments, accounts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from engine.errors import Problem

LONGEST: Final = 60
"""Characters of a key."""

RESERVED: Final = frozenset({".", "..", "evaluate", "export", "import", "new"})
"""What means something else in an address where a key may stand."""

_OF_ADDRESSES: Final = re.compile(r"[/\\?#%]")
_UNSEEN: Final = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Characters that show nothing though Unicode calls them letters, marks or symbols."""


def tidied(text: str) -> str:
    """A key as it is kept: full-width and other compatible forms made plain (NFKC), nothing blank around it."""
    return unicodedata.normalize("NFKC", text).strip()


def key_problems(key: str, where: str) -> Iterator[Problem]:
    """What is wrong with a tidied key that was given in the field `where`."""
    if len(key) > LONGEST:
        yield Problem("key.long", where, f"最多 {LONGEST} 个字符。", f"Give at most {LONGEST} characters.")
    if any(map(_is_unseen, key)) or _OF_ADDRESSES.search(key):
        zh = "编号和标识里不能有空格、看不见的字符和 / \\ ? # %。"
        yield Problem("key.address", where, zh, "Leave out blanks, characters nobody sees, and / \\ ? # %.")
    if key.casefold() in RESERVED:
        zh = f"“{key}”在网址里另有用处，请换一个。"
        yield Problem("key.reserved", where, zh, f"“{key}” means something else in addresses; choose another.")


def _is_unseen(character: str) -> bool:
    """Whether a character is blank, a control character, or shows nothing."""
    return unicodedata.category(character)[0] in "CZ" or bool(_UNSEEN.match(character))
