"""Built-ins on lists (DMN 1.5, table 75): looking, cutting and rearranging."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.budget import MAX_ITEMS, check_items, exceeded
from engine.feel.builtins import aggregates
from engine.feel.builtins.signature import signature
from engine.feel.comparison import equal, identity, order
from engine.feel.errors import NoValue
from engine.feel.numbers import whole


def _position(items: list[Any], position: Decimal) -> int:
    """The Python index of a FEEL position, which counts from 1, or from -1 at the end."""
    index = whole(position)
    if not 1 <= abs(index) <= len(items):
        raise NoValue("the position is outside the list")
    return index - 1 if index > 0 else len(items) + index


def _sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any]:
    first = _position(items, start)
    if length is None:
        return items[first:]
    count = whole(length)
    if count < 0 or first + count > len(items):
        raise NoValue("the list has not that many elements")
    return items[first : first + count]


def _concatenate(lists: list[list[Any]]) -> list[Any]:
    return check_items([item for one in lists for item in one])


def _insert(items: list[Any], position: Decimal, item: Any) -> list[Any]:
    at = _position(items, position)
    return check_items([*items[:at], item, *items[at:]])


def _remove(items: list[Any], position: Decimal) -> list[Any]:
    at = _position(items, position)
    return [*items[:at], *items[at + 1 :]]


def _replace_at(items: list[Any], position: Decimal, item: Any) -> list[Any]:
    at = _position(items, position)
    return [*items[:at], item, *items[at + 1 :]]


def _replace_where(run: Any, items: list[Any], match: Any, new: Any) -> list[Any]:
    return [new if match.positional([item, new], run) is True else item for item in items]


def _contains(items: list[Any], element: Any) -> bool:
    return any(equal(item, element) is True for item in items)


def _index_of(items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(index) for index, item in enumerate(items, 1) if equal(item, match) is True]


def _first_of_each(items: list[Any]) -> list[Any]:
    firsts: dict[Any, Any] = {}
    for item in items:
        firsts.setdefault(identity(item), item)
    return list(firsts.values())


def _duplicates(items: list[Any]) -> list[Any]:
    seen: dict[Any, list[Any]] = {}
    for item in items:
        seen.setdefault(identity(item), []).append(item)
    return [same[0] for same in seen.values() if len(same) > 1]


def _flatten(items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    waiting = [iter(items)]
    steps = 0
    while waiting:
        steps += 1
        if steps > 2 * MAX_ITEMS:
            raise exceeded("list elements")
        item = next(waiting[-1], _END)
        if item is _END:
            waiting.pop()
        elif type(item) is list:
            waiting.append(iter(item))
        else:
            flat.append(item)
    return check_items(flat)


_END = object()


def _sort(run: Any, items: list[Any], precedes: Any = None) -> list[Any]:
    def compare(left: Any, right: Any) -> int:
        run.spend(1)
        if precedes is None:
            found = order(left, right)
            if found is None:
                raise NoValue("the elements have no order")
            return found
        if precedes.positional([left, right], run) is True:
            return -1
        return 1 if precedes.positional([right, left], run) is True else 0

    return sorted(items, key=cmp_to_key(compare))


SIGNATURES = {
    **aggregates.SIGNATURES,
    "list contains": [signature("list: list, element: any?", _contains)],
    "count": [signature("list: list", lambda items: Decimal(len(items)))],
    "sublist": [signature("list: list, start position: number, [length: number]", _sublist)],
    "append": [signature("list: list, item...: any?", lambda items, more: check_items([*items, *more]))],
    "concatenate": [signature("list...: list", _concatenate)],
    "insert before": [signature("list: list, position: number, newItem: any?", _insert)],
    "remove": [signature("list: list, position: number", _remove)],
    "list replace": [
        signature("list: list, position: number, newItem: any?", _replace_at),
        signature("list: list, match: function, newItem: any?", _replace_where, with_run=True),
    ],
    "reverse": [signature("list: list", lambda items: items[::-1])],
    "index of": [signature("list: list, match: any?", _index_of)],
    "union": [signature("list...: list", lambda lists: _first_of_each(_concatenate(lists)))],
    "distinct values": [signature("list: list", _first_of_each)],
    "duplicate values": [signature("list: list", _duplicates)],
    "flatten": [signature("list: list", _flatten)],
    "sort": [signature("list: list, [precedes: function?]", _sort, with_run=True)],
}
