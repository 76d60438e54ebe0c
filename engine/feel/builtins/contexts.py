"""Built-ins on contexts (DMN 1.5, table 81)."""

from __future__ import annotations

from typing import Any

from engine.feel.budget import check_items
from engine.feel.builtins.signature import signature
from engine.feel.errors import NoValue

_Context = dict[str, Any]


def _get(m: _Context, key: str) -> Any:
    return m.get(key)


def _get_deep(m: _Context, keys: list[Any]) -> Any:
    found: Any = m
    for key in keys:
        if type(found) is not dict or type(key) is not str:
            raise NoValue("there is no such entry")
        found = found.get(key)
    return found


def _entries(m: _Context) -> list[_Context]:
    return [{"key": key, "value": value} for key, value in m.items()]


def _from_entries(entries: list[Any]) -> _Context:
    made: _Context = {}
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            raise NoValue("an entry needs a key and a value")
        if entry["key"] in made:
            raise NoValue("a key comes twice")
        made[entry["key"]] = entry["value"]
    return made


def _put(m: _Context, key: str, value: Any) -> _Context:
    return {**m, key: value}


def _put_deep(m: _Context, keys: list[Any], value: Any) -> _Context:
    if not keys or type(keys[0]) is not str:
        raise NoValue("the keys are not strings")
    if len(keys) == 1:
        return _put(m, keys[0], value)
    inner = m.get(keys[0])
    if type(inner) is not dict:
        raise NoValue("there is no context to put the value into")
    return _put(m, keys[0], _put_deep(inner, keys[1:], value))


def _merge(contexts: list[Any]) -> _Context:
    if any(type(one) is not dict for one in contexts):
        raise NoValue("only contexts can be merged")
    merged: _Context = {}
    for one in contexts:
        merged.update(one)
    check_items(list(merged))
    return merged


SIGNATURES = {
    "get value": [
        signature("m: context, key: string", _get),
        signature("m: context, keys: list", _get_deep),
    ],
    "get entries": [signature("m: context", _entries)],
    "context": [signature("entries: list", _from_entries)],
    "context put": [
        signature("context: context, key: string, value: any?", _put),
        signature("context: context, keys: list, value: any?", _put_deep),
    ],
    "context merge": [signature("contexts: list", _merge)],
}
