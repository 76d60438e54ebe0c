"""Forms written in a test, and what a browser would post of a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from lxml import html as lxml_html

from engine import forms


def written(*components: dict[str, Any], **root: Any) -> bytes:
    """The bytes of a form file with these components; an id and a label are given to those without."""
    for number, component in enumerate(components):
        component.setdefault("id", f"c{number}")
        if component["type"] not in ("separator", "spacer", "text", "image"):
            component.setdefault("label", component.get("key") or component.get("path") or "标签")
    return json.dumps({"type": "default", "schemaVersion": 18, "id": "f", "components": components, **root}).encode()


@pytest.fixture(scope="session")
def form_of() -> Callable[..., forms.Form]:
    return lambda *components: forms.read(written(*components), "test.form")


@pytest.fixture(scope="session")
def refused() -> Callable[..., list[str]]:
    """The rules for which `validate` refuses the values, without the `form.` before them."""

    def judge(
        form: forms.Form, values: dict[str, Any], context: dict[str, Any] | None = None, **environment: Any
    ) -> list[str]:
        _, problems = forms.validate(form, values, context or {}, forms.FormEnvironment(**environment))
        return [problem.rule.removeprefix("form.") for problem in problems]

    return judge


@pytest.fixture(scope="session")
def clean() -> Callable[..., dict[str, Any]]:
    """What `validate` lets through; it must have nothing to complain about."""

    def judge(
        form: forms.Form, values: dict[str, Any], context: dict[str, Any] | None = None, **environment: Any
    ) -> dict[str, Any]:
        found, problems = forms.validate(form, values, context or {}, forms.FormEnvironment(**environment))
        assert problems == []
        return found

    return judge


@pytest.fixture(scope="session")
def post_of() -> Callable[[str], dict[str, list[str]]]:
    """The successful controls of a page, as a browser posts them (line ends included)."""

    def read(page: str) -> dict[str, list[str]]:
        root = lxml_html.fragment_fromstring(f"<form>{page}</form>")
        for template in list(root.iter("template")):
            template.getparent().remove(template)
        posted: dict[str, list[str]] = {}
        for control in root.iter("input", "select", "textarea"):
            for text in _texts(control):
                posted.setdefault(control.get("name"), []).append(text)
        return posted

    return read


def _texts(control: Any) -> list[str]:
    kind = control.get("type", "text")
    if kind == "file" or (kind in ("radio", "checkbox") and control.get("checked") is None):
        return []
    if control.tag == "textarea":
        text = (control.text or "").removeprefix("\n")
        return [text.replace("\n", "\r\n")]
    if control.tag == "select":
        return [option.get("value") for option in control.iter("option") if option.get("selected") is not None] or [""]
    return [control.get("value", "")]
