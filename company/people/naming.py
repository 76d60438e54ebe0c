"""What the things administrators make up have in common: a key that programs use and a name that people read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from company.keys import key_problems
from engine.errors import Problem

LONGEST_NAME = 60
_KEY = re.compile(r"[a-z][a-z0-9_]{1,59}", re.ASCII)


class Named(Protocol):
    """A role, a department."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def name_problems(new: Named, known: Iterable[Named]) -> list[Problem]:
    """What is wrong with the key and names of `new`, which is to stand beside `known`."""
    found = list(key_problems(new.key, "key"))
    if not found and not _KEY.fullmatch(new.key):
        zh = "标识由小写字母、数字和下划线组成，以字母开头。"
        en = "A key has lower-case letters, digits and underscores and begins with a letter."
        found.append(Problem("key_shape", "key", zh, en))
    fitting = (new.name + new.name_en).isprintable() and max(len(new.name), len(new.name_en)) <= LONGEST_NAME
    if not new.name or not fitting:
        zh = f"请填写 1 至 {LONGEST_NAME} 个字的名称，不含控制字符。"
        en = f"Please give a name of 1 to {LONGEST_NAME} characters, control characters excluded."
        found.append(Problem("name_length", "name", zh, en))
    others = list(known)
    if new.key in {other.key for other in others}:
        found.append(Problem("key_taken", "key", "这个标识已经有了。", "This key is taken."))
    if new.name in {other.name for other in others}:
        found.append(Problem("name_taken", "name", "这个名称已经有了。", "This name is taken."))
    return found
