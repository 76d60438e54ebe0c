"""The customer's part of a form: the fields a designer opened to people without a log-in.

`properties.public` is "true" on a field that customers see: a start form asks them for it, a later form tells them what
was entered. `public:label` and `public:description` (`:en` too) word it for them. On another field of a start form
`public:value` is what the case is given instead of asking. The start form's own `public:title` and `public:text` say
what it is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Problem, Refused
from engine.forms.kinds import COMPONENT_KINDS
from engine.forms.model import Form
from engine.forms.read.form_file import read
from engine.forms.words import Words


@dataclass(frozen=True, slots=True)
class PublicForm:
    """What customers see of a form, what the fields they do not see are given, and what it is called."""

    form: Form
    given: Mapping[str, str]
    title: Words
    text: Words


def public_form(data: bytes, file: str) -> PublicForm | None:
    """The customer's part of a form file that `read` accepts; None when no field of it is public.

    Raises Refused naming a public field of a kind that needs a log-in.
    """
    root = json.loads(data)
    shown = list(_shown(root["components"]))
    if not shown:
        return None
    for_staff = [field for field in _fields(shown) if _for_staff(field)]
    if for_staff:
        raise Refused([_problem(field, file) for field in for_staff])
    given = {
        field["key"]: value
        for field in _fields(root["components"])
        if (value := _properties(field).get("public:value")) is not None and not _is_public(field)
    }
    form = read(json.dumps({**root, "components": shown}).encode(), file)
    return PublicForm(form, given, _words(root, "public:title"), _words(root, "public:text"))


def _shown(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The public components, worded for customers; a group stays while anything in it does."""
    for component in components:
        if component.get("type") == "group":
            inner = list(_shown(component.get("components", ())))
            if inner:
                yield {**component, "components": inner}
        elif _is_public(component):
            yield _worded(component)


def _worded(component: dict[str, Any]) -> dict[str, Any]:
    properties = dict(_properties(component))
    worded = {**component, "properties": properties}
    for name in ("label", "description"):
        if text := properties.get(f"public:{name}"):
            worded[name] = text
            properties[f"{name}:en"] = properties.get(f"public:{name}:en", "")
    return worded


def _fields(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The components with those inside groups and rows."""
    for component in components:
        yield component
        yield from _fields(component.get("components", ()))


def _for_staff(component: dict[str, Any]) -> bool:
    kind = COMPONENT_KINDS.get(component.get("type", ""))
    return kind is not None and kind.for_staff


def _words(component: dict[str, Any], name: str) -> Words:
    properties = _properties(component)
    return Words(properties.get(name, ""), properties.get(f"{name}:en", ""))


def _properties(component: dict[str, Any]) -> dict[str, Any]:
    return component.get("properties") or {}


def _is_public(component: dict[str, Any]) -> bool:
    return _properties(component).get("public") == "true"


def _problem(field: dict[str, Any], file: str) -> Problem:
    where = str(field.get("key") or field.get("id") or field["type"])
    return Problem(
        "form.public",
        where,
        f"“{field['type']}”要登录才能用，不能对客户公开。",
        f"“{field['type']}” needs a log-in and cannot be public.",
        file=file,
    )
