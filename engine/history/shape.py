"""Parts of stored values by their shape. What has another shape raises TypeError, ValueError or KeyError."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from engine.bpmn import WaitId
from engine.values import Value

T = TypeVar("T")


def text(value: Value) -> str:
    """A text."""
    if isinstance(value, str):  # asked most often, so without a further call
        return value
    raise _other(str, value)


def number(value: Value) -> int:
    """A whole number."""
    if not isinstance(value, Decimal) or value % 1:
        raise _other(int, value)
    return int(value)


def moment(value: Value) -> datetime:
    """A point in time."""
    return _of(datetime, value)


def mapping(value: Value) -> dict[str, Value]:
    """A map of anything."""
    return _of(dict, value)


def optional(read: Callable[[Value], T], value: Value) -> T | None:
    """What `read` returns; None for null."""
    return None if value is None else read(value)


def each(read: Callable[[Value], T], value: Value) -> tuple[T, ...]:
    """The items of a list."""
    return tuple([read(item) for item in _of(list, value)])


def wait_id(value: Value) -> WaitId:
    """The identity of a wait: the entry that opened it, and which of its waits."""
    seq, k = _of(list, value)
    return WaitId(number(seq), number(k))


def one_of(known: frozenset[T], value: Value) -> T:
    """A word out of those that are known."""
    if value not in known:
        raise ValueError(value)
    return value  # type: ignore[no-any-return]


def _of(kind: type[T], value: Value) -> T:
    if isinstance(value, kind):
        return value
    raise _other(kind, value)


def _other(kind: type, value: Value) -> TypeError:
    return TypeError(f"{type(value).__name__}, not {kind.__name__}")
