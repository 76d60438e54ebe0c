"""What a form file may hold, and how the rest is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine import forms
from engine.errors import Refused
from engine.forms.kinds import COMPONENT_KINDS, INSTEAD

ROOT = Path(__file__).parents[3]


def problems_of(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        forms.read(data, "forms/p/t.form")
    assert all(problem.file == "forms/p/t.form" and problem.zh and problem.en for problem in caught.value.problems)
    return [(problem.rule, problem.where) for problem in caught.value.problems]


def file_of(*components: object, **root: object) -> bytes:
    return json.dumps({"type": "default", "schemaVersion": 18, "components": components, **root}).encode()


def test_its_keys_are_the_variables_in_the_order_of_the_file(form_of):
    form = form_of(
        {"type": "textfield", "key": "b"},
        {"type": "group", "components": [{"type": "number", "key": "a"}]},
        {"type": "dynamiclist", "path": "parts", "components": [{"type": "textfield", "key": "name"}]},
    )
    assert form.keys == ("b", "a", "parts")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"1", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000])
def test_it_refuses_what_is_no_json_object(data):
    assert [rule for rule, _ in problems_of(data)] == ["form.file"]


def test_a_syntax_error_is_named_with_its_line():
    with pytest.raises(Refused) as caught:
        forms.read(b'{\n  "type": oops}', "x.form")
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 11)


def test_it_refuses_a_file_that_is_too_large():
    assert problems_of(file_of(text="x" * 1_000_001)) == [("form.file", "")]


def test_it_refuses_another_kind_of_schema():
    assert problems_of(json.dumps({"type": "other", "schemaVersion": 99, "components": []}).encode()) == [
        ("form.type", "type"),
        ("form.version", "schemaVersion"),
    ]


@pytest.mark.parametrize("type_", [*INSTEAD, "carousel", 7, None])
def test_an_unsupported_component_is_refused_by_name_with_what_to_use_instead(type_):
    with pytest.raises(Refused) as caught:
        forms.read(file_of({"type": type_, "id": "x1"}), "x.form")
    (problem,) = caught.value.problems
    assert (problem.rule, problem.where) == ("form.unsupported", "x1")
    assert str(type_) in problem.en
    instead = INSTEAD.get(type_)
    assert problem.en.endswith(f"; {instead.en}." if instead else f"; use one of: {' '.join(COMPONENT_KINDS)}.")


@pytest.mark.parametrize(
    "component, rule, where",
    [
        ({"type": "textfield"}, "form.key", "textfield"),
        ({"type": "textfield", "key": "a.b"}, "form.key", "a.b"),
        ({"type": "textfield", "key": "_own"}, "form.key", "_own"),
        ({"type": "textfield", "key": "a-b"}, "form.key", "a-b"),
        ({"type": "dynamiclist", "path": "k", "components": []}, "form.rows", "k"),
        ({"type": "dynamiclist", "components": []}, "form.key", "dynamiclist"),
        ({"type": "group", "path": "x", "components": []}, "form.path", "x"),
        ({"type": "textfield", "key": "k", "label": 3}, "form.attribute", "k"),
        ({"type": "textfield", "key": "k", "validate": []}, "form.attribute", "k"),
        ({"type": "textfield", "key": "k", "validate": {"required": "maybe"}}, "form.attribute", "k"),
        ({"type": "textfield", "key": "k", "validate": {"pattern": "("}}, "form.pattern", "k"),
        ({"type": "textfield", "key": "k", "validate": {"validationType": "iban"}}, "form.attribute", "k"),
        ({"type": "textfield", "key": "k", "readonly": "yes"}, "form.attribute", "k"),
        ({"type": "textfield", "key": "k", "conditional": {"hide": "a = 1"}}, "form.attribute", "k"),
        ({"type": "textfield", "key": "k", "conditional": {"hide": "=a ="}}, "form.expression", "k"),
        ({"type": "textfield", "key": "k", "defaultValue": {"a": 1}}, "form.attribute", "k"),
        ({"type": "textfield", "key": "k", "defaultValue": "\x00"}, "form.attribute", "k"),
        ({"type": "number", "key": "k", "validate": {"min": "low"}}, "form.attribute", "k"),
        ({"type": "number", "key": "k", "decimalDigits": 2.5}, "form.attribute", "k"),
        ({"type": "number", "key": "k", "increment": 0}, "form.attribute", "k"),
        ({"type": "number", "key": "k", "validate": {"min": "1e999999999"}}, "form.attribute", "k"),
        ({"type": "cf-money", "key": "k", "currency": "XXX"}, "form.currency", "k"),
        ({"type": "datetime", "key": "k", "subtype": "year"}, "form.attribute", "k"),
        ({"type": "radio", "key": "k"}, "form.options", "k"),
        ({"type": "radio", "key": "k", "values": [{"label": "A"}]}, "form.options", "k"),
        ({"type": "radio", "key": "k", "values": [{"value": "a"}, {"value": "a"}]}, "form.options", "k"),
        ({"type": "cf-record", "key": "k"}, "form.source", "k"),
        ({"type": "expression", "key": "k"}, "form.expression", "k"),
        ({"type": "image", "id": "i", "source": "https://elsewhere.example/x.png"}, "form.image", "i"),
        ({"type": "image", "id": "i", "source": "javascript:alert(1)"}, "form.image", "i"),
        ({"type": "image", "id": "i", "source": "data:image/svg+xml;base64,AAAA"}, "form.image", "i"),
        ({"type": "text", "id": "t", "text": "Hello {{name}}"}, "form.template", "t"),
        ({"type": "table", "id": "t", "dataSource": "=x"}, "form.columns", "t"),
        (
            {"type": "dynamiclist", "path": "k", "components": [], "properties": {"minRows": "3", "maxRows": "2"}},
            "form.rows",
            "k",
        ),
    ],
)
def test_it_refuses_what_it_could_not_carry_out(component, rule, where):
    assert (rule, where) in problems_of(file_of(component))


def test_it_refuses_a_key_that_stands_twice():
    field = {"type": "textfield", "key": "k"}
    assert problems_of(file_of(field, {"type": "group", "components": [field]})) == [("form.duplicate", "k")]


def test_a_row_may_use_a_key_of_the_form(form_of):
    form = form_of(
        {"type": "textfield", "key": "name"},
        {"type": "dynamiclist", "path": "parts", "components": [{"type": "textfield", "key": "name"}]},
    )
    assert form.keys == ("name", "parts")


def test_it_refuses_formulas_that_refer_to_each_other():
    a = {"type": "expression", "key": "a", "expression": "=b + 1"}
    b = {"type": "expression", "key": "b", "expression": "=a + 1"}
    assert [rule for rule, _ in problems_of(file_of(a, b))] == ["form.circle"]


def test_it_refuses_components_nested_too_deep():
    component: dict[str, object] = {"type": "textfield", "key": "k"}
    for _ in range(20):
        component = {"type": "group", "components": [component]}
    assert ("form.depth", "components") in problems_of(file_of(component))


def test_it_refuses_more_components_than_a_page_can_hold():
    many = [{"type": "textfield", "key": f"k{number}"} for number in range(2_001)]
    assert problems_of(file_of(*many)) == [("form.size", "components")]


def test_a_chain_of_a_thousand_formulas_is_read(form_of, clean):
    chain = [{"type": "expression", "key": f"k{n}", "expression": f"=k{n + 1} + 1"} for n in range(1000)]
    last = {"type": "expression", "key": "k1000", "expression": "=0"}
    assert clean(form_of(*chain, last), {})["k0"] == 1000


def test_every_problem_of_a_file_is_reported_at_once():
    wrong = {"type": "textfield", "key": "k", "label": 3, "validate": {"pattern": "("}}
    assert len(problems_of(file_of(wrong, {"type": "html", "id": "h"}))) == 3


def test_every_component_type_has_a_template():
    templates = {kind.template for kind in COMPONENT_KINDS.values()}
    from engine.forms.draw.rendering import template_names

    assert templates <= set(template_names())


def test_the_editor_offers_our_own_kinds_and_leaves_out_those_we_refuse():
    script = (ROOT / "web/design/assets/form_editor/fields.js").read_text("utf-8")
    assert set(re.findall(r'"(cf-[a-z]+)"', script)) == {kind for kind in COMPONENT_KINDS if kind.startswith("cf-")}
    refused = set(json.loads(re.search(r"REFUSED = (\[.*\]);", script)[1]))
    assert refused == INSTEAD.keys() - {"multipage", "page"}, "all of INSTEAD that form-js draws"


def test_every_kind_is_documented():
    page = (ROOT / "docs/forms.md").read_text("utf-8")
    assert COMPONENT_KINDS.keys() <= set(re.findall(r"`([a-z-]+)`", page))
