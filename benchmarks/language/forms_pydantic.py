"""The same posts judged by pydantic, written as its users would and in its quickest way.

Typed dicts instead of models, so that plain dicts come out as `forms.validate` gives them. Types, limits, trimmed
texts, refused control characters and undeclared keys are pydantic's own, compiled; what depends on other fields
(hidden, required, read-only, computed, cross-field) is Python in validators that run after them. `main` of
`benchmarks/language/forms.py` asserts that both give the same values.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pydantic
from typing_extensions import TypedDict  # pydantic needs it below Python 3.12

from benchmarks.language.forms import CHECKED, DATED, FIELDS, HIDDEN, HIDDEN_NOW, LOCKED, NEEDED, ROWS_KEY, TYPES

_STRICT = pydantic.ConfigDict(extra="forbid", str_strip_whitespace=True)
_TEXT = Annotated[str, pydantic.Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
_OF = {
    "textfield": _TEXT,
    "number": Annotated[Decimal, pydantic.Field(ge=0, le=100000, max_digits=34)],
    "cf-money": Annotated[Decimal, pydantic.Field(ge=0, le=100000, decimal_places=2)],
    "select": Literal["a", "b", "c"],
    "datetime": date,
}
_FIELDS = {f"f{number}": TYPES[number % len(TYPES)] for number in range(FIELDS)}
_ROW = {f"r{number}": _OF[type_] for number, type_ in enumerate(TYPES)}


def plain() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Judges a post of the form without rules."""
    row = _typed("Row", _ROW)
    fields: dict[str, Any] = {key: _OF[type_] for key, type_ in _FIELDS.items()}
    return pydantic.TypeAdapter(_typed("Post", fields | {ROWS_KEY: list[row]})).validate_python


def ruled(context: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Judges a post of the form with rules; `context` holds the variables it sees."""
    optional = {f"f{number}" for number in (*HIDDEN, *HIDDEN_NOW, *NEEDED)}
    row = Annotated[_typed("RuledRow", _ROW), pydantic.AfterValidator(_row)]
    fields: dict[str, Any] = {
        key: (Annotated[_OF[type_] | None, pydantic.Field()] if key in optional else _OF[type_])
        for key, type_ in _FIELDS.items()
    }
    post = Annotated[_typed("RuledPost", fields | {ROWS_KEY: list[row]}), pydantic.AfterValidator(_post)]
    judge = pydantic.TypeAdapter(post).validate_python
    return lambda raw: judge(raw, context=context)


def _typed(name: str, fields: dict[str, Any]) -> Any:
    made = TypedDict(name, fields)  # type: ignore[operator]
    return pydantic.with_config(_STRICT)(made)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    if row["r2"] < row["r1"]:
        raise ValueError("r2 must not be below r1")
    row["amount"] = row["r1"] * row["r2"]
    return row


def _post(post: dict[str, Any], info: pydantic.ValidationInfo) -> dict[str, Any]:
    chosen, count = post["f3"], post["f1"]
    for numbers, hidden in ((HIDDEN, chosen == "a"), (HIDDEN_NOW, chosen == "b")):
        for number in numbers:
            _present(post, number, hidden)
    for number in NEEDED:
        if count > 10 and post[f"f{number}"] is None:
            raise ValueError(f"f{number} is missing")
    for number in LOCKED:
        if chosen == "b" and post.pop(f"f{number}") != info.context[f"f{number}"]:
            raise ValueError(f"f{number} is read-only")
    _check(post, count)
    post["both"] = post["f2"] + post["f7"]
    post["total"] = sum(row["amount"] for row in post[ROWS_KEY])
    return post


def _present(post: dict[str, Any], number: int, hidden: bool) -> None:
    if hidden:
        del post[f"f{number}"]
    elif post[f"f{number}"] is None:
        raise ValueError(f"f{number} is missing")


def _check(post: dict[str, Any], count: Decimal) -> None:
    for number in CHECKED:
        if post[f"f{number}"] > count * 1000:
            raise ValueError(f"f{number} is too much")
    for number in DATED:
        if post[f"f{number}"] < date(2026, 1, 1):
            raise ValueError(f"f{number} is too early")
