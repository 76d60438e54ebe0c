"""Pages by key: a page knows where the next one begins, however many rows come before."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, String, literal, tuple_
from sqlalchemy.types import TypeEngine

from engine.tables import LARGEST, UtcDateTime
from engine.values import Value, decode, encode

T = TypeVar("T")
LONGEST = 4000
"""Characters of a cursor: the longest keys of a list, encoded, are shorter."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in order, and the cursor behind the last of them; None when there are no more."""

    items: list[T]
    after: str | None


def cursor(key: Sequence[Value]) -> str:
    """A URL-safe text for a sort key."""
    return base64.urlsafe_b64encode(encode(list(key))).decode().rstrip("=")


def behind(columns: Sequence[ColumnElement[Any]], after: str | None, *, descending: bool = False) -> Any:
    """The condition that a row comes behind the cursor in the order of `columns`; true for no or a broken cursor."""
    key = _key(after, columns) if after else None
    if key is None:
        return literal(True)
    place = tuple_(*(literal(value, column.type) for value, column in zip(key, columns, strict=True)))
    return tuple_(*columns) < place if descending else tuple_(*columns) > place


def _key(after: str, columns: Sequence[ColumnElement[Any]]) -> list[Any] | None:
    """The sort key that a cursor stands for; None where `cursor` never wrote it, or for other columns."""
    if len(after) > LONGEST:
        return None
    try:
        found = decode(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if not isinstance(found, list):
            return None
        return [_fitting(value, column.type) for value, column in zip(found, columns, strict=True)]
    except (ValueError, OverflowError, RecursionError):  # binascii.Error and UnicodeError are ValueErrors
        return None


def _fitting(value: Value, kind: TypeEngine[Any]) -> Any:
    """A value as a column of that type may have it. Raises ValueError, OverflowError."""
    if (
        isinstance(kind, Integer)
        and isinstance(value, Decimal)
        and -LARGEST <= value <= LARGEST
        and value == int(value)
    ):
        return int(value)
    if isinstance(kind, UtcDateTime) and isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(kind, String) and isinstance(value, str) and "\0" not in value:
        value.encode()  # half a character is no text
        return value
    raise ValueError(value)
