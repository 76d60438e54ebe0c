"""Pages by key: a page knows where the next one begins, however many rows come before."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, literal, tuple_

from engine.values import Value, decode, encode

T = TypeVar("T")


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
    key = _key(after, len(columns)) if after else None
    if key is None:
        return literal(True)
    place = tuple_(*(literal(value, column.type) for value, column in zip(key, columns, strict=True)))
    return tuple_(*columns) < place if descending else tuple_(*columns) > place


def _key(after: str, length: int) -> list[Any] | None:
    try:
        found = decode(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(found, list) or len(found) != length:
        return None
    return [int(value) if hasattr(value, "as_tuple") else value for value in found]
