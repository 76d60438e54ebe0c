"""How fields are named in a browser's post, and the way from a post to raw values.

A field's control is named by its key. In a list, row 2's field `name` is `parts-2-name`, and lists in
rows go on so: `days-0-trips-1-km`. Each row posts the marker `parts-2-_row`, so that a row of unticked
boxes exists; each list posts `parts` itself with an empty value, so that a list can become empty; choices
post an empty value ahead of what is chosen. Names starting with `_` (and Flask's `csrf_token`) belong to
the page. Submit buttons named `_row` change rows without JavaScript: `add:parts`, `remove:parts-2`,
`up:parts-2`, `down:parts-2`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.forms.kinds.rows import MAX_ROWS
from engine.forms.model import PAGE_NAMES, Component, Form, Level
from engine.values import Value

ROW_BUTTON = "_row"
ROW_MARKER = "_row"

_NUMBERED = re.compile(r"([0-9]{1,6})-(.+)", re.DOTALL)
_ACTION = re.compile(r"(add|remove|up|down):(.+)", re.DOTALL)

Post = Mapping[str, Sequence[str]]
"""What `request.form.to_dict(flat=False)` gives: every name with its texts in order."""


def parse_post(form: Form, post: Post) -> dict[str, Value]:
    """The raw values of a browser's post, for `validate` and `render`; unknown names are kept to be refused.

    Stored uploads are added to the post by whoever stored them, as their SHA-256 under the field's name.
    """
    own = {name: texts for name, texts in post.items() if texts and not name.startswith("_") and name not in PAGE_NAMES}
    return _level(form.level, own)


def _level(level: Level, post: Post) -> dict[str, Value]:
    raw: dict[str, Value] = {}
    rows: dict[str, dict[int, dict[str, Sequence[str]]]] = {}
    for name, texts in post.items():
        component = level.by_key.get(name)
        if component is not None:
            raw[name] = component.kind.take(list(texts))
        elif not _in_row(level, name, texts, rows) and name != ROW_MARKER:
            raw[name] = texts[-1]
    for key, numbered in rows.items():
        raw[key] = _rows(level.by_key[key], numbered)
    return raw


def _in_row(
    level: Level, name: str, texts: Sequence[str], rows: dict[str, dict[int, dict[str, Sequence[str]]]]
) -> bool:
    """Put a name like `parts-2-name` to its row; False when it belongs to none."""
    key, _, rest = name.partition("-")
    component = level.by_key.get(key)
    match = _NUMBERED.fullmatch(rest)
    if component is None or component.row is None or match is None:
        return False
    rows.setdefault(key, {}).setdefault(int(match[1]), {})[match[2]] = texts
    return True


def _rows(component: Component, numbered: dict[int, dict[str, Sequence[str]]]) -> list[dict[str, Value]]:
    assert component.row is not None
    return [_level(component.row, numbered[number]) for number in sorted(numbered)]


def apply_row_button(form: Form, raw: Mapping[str, Value], button: str) -> dict[str, Value]:
    """The raw values after the row button `button` was pressed; unchanged when it means nothing here."""
    match = _ACTION.fullmatch(button)
    values = _copied(raw)
    if match:
        _apply(form.level, values, match[1], match[2])
    return values


def _apply(level: Level, values: dict[str, Value], action: str, name: str) -> None:
    key, _, rest = name.partition("-")
    component = level.by_key.get(key)
    if component is None or component.row is None or not component.settings.open:
        return
    rows = values.get(key)
    rows = rows if isinstance(rows, list) else []
    values[key] = rows
    deeper = _NUMBERED.fullmatch(rest)
    if deeper and int(deeper[1]) < len(rows):
        _apply(component.row, rows[int(deeper[1])], action, deeper[2])
    elif action == "add" and not rest:
        rows += [{}] if len(rows) < min(component.settings.most, MAX_ROWS) else []
    elif rest.isascii() and rest.isdigit() and int(rest[:6]) < len(rows):
        _change(rows, action, int(rest[:6]))


def _change(rows: list[Any], action: str, position: int) -> None:
    if action == "remove":
        del rows[position]
    elif action == "up" and position:
        rows[position - 1 : position + 1] = reversed(rows[position - 1 : position + 1])
    elif action == "down":
        rows[position : position + 2] = reversed(rows[position : position + 2])


def _copied(raw: Mapping[str, Value]) -> dict[str, Value]:
    return {
        key: [_copied(row) if isinstance(row, dict) else row for row in value] if isinstance(value, list) else value
        for key, value in raw.items()
    }


def field_at(form: Form, name: str) -> tuple[Component, str] | None:
    """The field a control's name belongs to, and its place in problems: `parts-2-name` is at `parts[2].name`."""
    level, path = form.level, ""
    while True:
        component = level.by_key.get(name)
        if component is not None:
            return component, path + name
        key, _, rest = name.partition("-")
        inner, match = level.by_key.get(key), _NUMBERED.fullmatch(rest)
        if inner is None or inner.row is None or match is None:
            return None
        level, path, name = inner.row, f"{path}{key}[{int(match[1])}].", match[2]


def control_name(where: str) -> str:
    """The name of the control at a problem's `where`: `parts[2].name` is `parts-2-name`."""
    return where.replace("[", "-").replace("].", "-").replace("]", "")
