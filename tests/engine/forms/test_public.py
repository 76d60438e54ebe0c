"""The customer's part of a form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import forms
from engine.errors import Refused
from engine.forms.kinds import COMPONENT_KINDS
from engine.forms.public import public_form


def field(key: str, type_: str = "textfield", **properties: str) -> dict[str, Any]:
    return {"type": type_, "id": key, "key": key, "label": f"“{key}”", "properties": {"label:en": key, **properties}}


def form(*components: dict[str, Any], **properties: str) -> bytes:
    root = {"type": "default", "schemaVersion": 18, "id": "f", "components": list(components), "properties": properties}
    return json.dumps(root).encode()


def test_a_form_without_public_fields_is_no_customers_form() -> None:
    assert public_form(form(field("a"), field("b", public="false")), "f") is None


def test_only_public_fields_are_asked_also_inside_groups() -> None:
    group = {
        "type": "group",
        "label": "组",
        "properties": {"label:en": "Group"},
        "components": [field("b", public="true"), field("c")],
    }
    whole = {**group, "components": [field("d")]}
    public = public_form(form(field("a"), group, whole), "f")
    assert public
    assert public.form.keys == ("b",)
    clean, problems = forms.validate(public.form, {"b": "x", "c": "y"}, {})
    assert [problem.where for problem in problems] == ["c"]
    assert clean == {"b": "x"}


def test_it_is_worded_for_customers_in_both_languages() -> None:
    asked = field("a", **{"public": "true", "public:label": "您的姓名", "public:label:en": "Your name"})
    public = public_form(form(asked, **{"public:title": "报修", "public:title:en": "Report a fault"}), "f")
    assert public
    (label,) = (component.label for component in public.form.fields)
    assert (label.text("zh"), label.text("en")) == ("您的姓名", "Your name")
    assert (public.title.text("zh"), public.title.text("en")) == ("报修", "Report a fault")


def test_what_is_not_asked_may_be_given() -> None:
    public = public_form(form(field("a", public="true"), field("b", **{"public:value": "web"}), field("c")), "f")
    assert public
    assert public.given == {"b": "web"}


@pytest.mark.parametrize("type_", [name for name, kind in COMPONENT_KINDS.items() if kind.for_staff])
def test_what_needs_a_log_in_cannot_be_public(type_: str) -> None:
    with pytest.raises(Refused) as refused:
        public_form(form(field("a", type_, public="true")), "forms/x/y.form")
    (problem,) = refused.value.problems
    assert (problem.where, problem.file) == ("a", "forms/x/y.form")
