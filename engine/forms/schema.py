"""The JSON Schema of what a form takes, for the API's description."""

from __future__ import annotations

from engine.forms.model import Component, Form, Level
from engine.values import Value


def json_schema(form: Form) -> dict[str, Value]:
    """JSON Schema (2020-12) of the values of `form`; conditions in FEEL are not in it, the server judges those.

    Money and numbers are JSON numbers, temporal values their ISO texts. Computed and read-only fields are marked
    `readOnly`.
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": form.id, **_object(form.level)}


def _object(level: Level) -> dict[str, Value]:
    required = [key for key, component in level.by_key.items() if _always_asked(component)]
    properties = {key: _field(component) for key, component in level.by_key.items()}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required}


def _always_asked(component: Component) -> bool:
    return (
        component.required is True and not component.hides and component.readonly is False and component.default is None
    )


def _field(component: Component) -> dict[str, Value]:
    found = {"title": component.label.zh or component.key, **component.kind.schema(component)}
    if component.label.en:
        found["x-title-en"] = component.label.en
    if component.description.zh:
        found["description"] = component.description.zh
    if component.readonly is True:
        found["readOnly"] = True
    if component.row:
        found["items"] = _object(component.row)
    return found
