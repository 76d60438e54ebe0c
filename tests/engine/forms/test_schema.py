"""The form as JSON Schema."""

from __future__ import annotations

from decimal import Decimal

from engine import forms
from engine.values import decode, encode


def test_it_says_what_the_api_takes(form_of):
    form = form_of(
        {
            "type": "textfield",
            "key": "a",
            "label": "名称",
            "properties": {"label:en": "Name"},
            "validate": {"required": True, "maxLength": 9},
        },
        {"type": "number", "key": "b", "validate": {"min": 0}, "decimalDigits": 1, "readonly": True},
        {
            "type": "dynamiclist",
            "path": "rows",
            "components": [{"type": "checkbox", "key": "ok"}],
            "properties": {"maxRows": "4"},
        },
    )
    schema = forms.json_schema(form)
    assert schema["required"] == ["a"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["a"] == {
        "title": "名称",
        "x-title-en": "Name",
        "type": ["string", "null"],
        "maxLength": Decimal(9),
    }
    assert schema["properties"]["b"]["readOnly"] is True
    assert schema["properties"]["b"]["multipleOf"] == Decimal("0.1")
    assert schema["properties"]["rows"]["maxItems"] == 4
    assert schema["properties"]["rows"]["items"]["properties"]["ok"] == {"title": "ok", "type": "boolean"}


def test_every_kind_has_a_schema_that_can_be_written(form_of):
    values = [{"value": "a"}]
    form = form_of(
        *(
            {"type": kind, "key": f"k{number}", "values": values}
            for number, kind in enumerate(("select", "radio", "checklist", "taglist", "cf-rating"))
        ),
        *(
            {"type": kind, "key": f"t{number}"}
            for number, kind in enumerate(("textarea", "cf-money", "datetime", "cf-person", "filepicker", "cf-photo"))
        ),
        {"type": "expression", "key": "e", "expression": "=1"},
    )
    assert set(decode(encode(forms.json_schema(form)))["properties"]) == set(form.keys)
