"""Titles of cases as lists show them: with the words of choices where the formula put their codes.

The state keeps what the formula gave, since hashes cover it; what people read is made of it here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.bpmn import INSTANCE_SCOPE, Definition, State
from engine.forms import Option

LONGEST = 500
"""Characters of a title."""


def titles(definition: Definition, state: State) -> dict[str, str]:
    """The columns `title`, in Chinese, and `title_en`, which is "" where English readers see the same."""
    choices = definition.title_choices
    if not choices:
        return {"title": state.title[:LONGEST], "title_en": ""}
    zh, en = (_worded(state, choices, language)[:LONGEST] for language in ("zh", "en"))
    return {"title": zh, "title_en": en if en != zh else ""}


def _worded(state: State, choices: Mapping[str, Mapping[str, Option]], language: str) -> str:
    title = state.title
    for name, offered in choices.items():
        code = state.variables.get(INSTANCE_SCOPE, {}).get(name)
        if isinstance(code, str) and code in offered:
            title = _replaced(title, code, offered[code].label.text(language))
    return title


def _replaced(title: str, code: str, words: str) -> str:
    """The title with the code's words, where it stands as a word of its own: it may be a part of somebody's name."""
    return re.sub(rf"(?<![A-Za-z0-9_]){re.escape(code)}(?![A-Za-z0-9_])", lambda _found: words, title)
