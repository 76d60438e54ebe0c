"""What the page is told while somebody types."""

from __future__ import annotations

import json

from engine import forms


def test_it_tells_conditions_requirements_totals_and_texts(form_of):
    form = form_of(
        {"type": "checkbox", "key": "free"},
        {"type": "textfield", "key": "why", "conditional": {"hide": "=not(free)"}, "properties": {"required": "=free"}},
        {
            "type": "group",
            "id": "g",
            "conditional": {"hide": "=free"},
            "components": [{"type": "text", "id": "t", "text": '="共 " + string(total)'}],
        },
        {
            "type": "dynamiclist",
            "path": "parts",
            "components": [
                {"type": "number", "key": "n"},
                {"type": "expression", "key": "twice", "expression": "=n * 2", "label": "×2"},
            ],
        },
        {
            "type": "expression",
            "key": "total",
            "label": "合计",
            "expression": "=sum(parts.twice)",
            "properties": {"currency": "CNY"},
        },
    )
    found = forms.evaluate(form, {"free": "true", "parts": [{"n": "2"}, {"n": "3"}]}, {}, language="zh")
    assert found["hidden"] == {
        "free": False, "why": False, "@g": True, "@t": True, "parts": False, "total": False,
        "parts-0-n": False, "parts-0-twice": False, "parts-1-n": False, "parts-1-twice": False,
    }  # fmt: skip
    assert found["required"]["why"] is True
    assert found["values"] == {"parts-0-twice": "4", "parts-1-twice": "6", "total": "¥10.00"}
    assert found["texts"] == {"@t": ["共 10"]}
    json.dumps(found)


def test_half_typed_values_do_not_disturb_it(form_of):
    form = form_of(
        {"type": "number", "key": "n"}, {"type": "expression", "key": "twice", "label": "×2", "expression": "=n * 2"}
    )
    assert forms.evaluate(form, {"n": "1,"}, {}, language="en")["values"] == {"twice": "To be computed"}
