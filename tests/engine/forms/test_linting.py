"""What a lint finds in a form that reads well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine import forms

ROOT = Path(__file__).parents[3]
GOOD = {"type": "textfield", "key": "a", "label": "名称", "properties": {"label:en": "Name"}}


def rules(form, known=None):
    return [(problem.rule, problem.where, problem.severity) for problem in forms.lint(form, known)]


def test_a_complete_field_has_no_problem(form_of):
    assert rules(form_of(GOOD), set()) == []


def test_missing_words_are_found(form_of):
    choice = {"type": "radio", "key": "r", "label": "", "values": [{"value": "x", "label": "甲"}]}
    assert rules(form_of({**GOOD, "properties": {}}, choice)) == [
        ("form.english", "a", "warning"),
        ("form.label", "r", "error"),
        ("form.english", "r", "warning"),
    ]


def test_a_name_no_field_and_no_process_sets_is_found(form_of):
    form = form_of({**GOOD, "conditional": {"hide": "=stranger = 1 or friend = 2"}})
    assert rules(form, {"friend"}) == [("form.unknown_name", "a", "error")]
    assert "stranger" in forms.lint(form, {"friend"})[0].en
    assert rules(form) == [], "without knowing the process, names are not judged"


def test_a_name_inside_a_filter_may_be_an_entry_of_the_elements(form_of):
    form = form_of({**GOOD, "conditional": {"hide": "=count(offers[price > 3]) = 0"}})
    assert rules(form, {"offers"}) == [("form.unknown_name", "a", "warning")]


def test_a_row_may_read_its_own_fields_and_the_form_around_it(form_of):
    row = {"type": "expression", "key": "sum", "expression": "=n * rate + this.n + parent.rate + lost"}
    amount = {"type": "number", "key": "n", "label": "数量", "properties": {"label:en": "Quantity"}}
    parts = {
        "type": "dynamiclist",
        "path": "parts",
        "label": "零件",
        "properties": {"label:en": "Parts"},
        "components": [amount, {**row, "label": ""}],
    }
    found = forms.lint(form_of({**GOOD, "key": "rate"}, parts), set())
    assert [(problem.rule, problem.where) for problem in found] == [("form.unknown_name", "sum")]
    assert "lost" in found[0].en


def test_a_read_only_field_of_a_variable_nobody_sets_is_found(form_of):
    form = form_of({**GOOD, "readonly": True})
    assert rules(form, {"b"}) == [("form.never_set", "a", "error")]
    assert rules(form, {"a"}) == []


def test_a_read_only_field_in_changing_rows_is_found(form_of):
    parts = {
        "type": "dynamiclist",
        "path": "parts",
        "label": "零件",
        "properties": {"label:en": "Parts"},
        "components": [{**GOOD, "readonly": True}],
    }
    assert rules(form_of(parts)) == [("form.read_only_row", "a", "error")]
    assert rules(form_of({**parts, "allowAddRemove": False})) == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("forms/*/*.form")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_the_forms_of_the_product_have_no_problem(path):
    assert forms.lint(forms.read(path.read_bytes(), path.name)) == []


CONDITIONAL = [
    pytest.param(form, component, id=f"{path.parent.name}/{path.stem}/{component.key}")
    for path in sorted(ROOT.glob("forms/*/*.form"))
    for form in [forms.read(path.read_bytes(), path.name)]
    for component in form.fields
    if not isinstance(component.required, bool)
]


@pytest.mark.parametrize(("form", "component"), CONDITIONAL)
def test_what_is_not_filled_in_makes_nothing_else_required(form, component):
    assert_only_what_is_said_makes_it_required(form, component)


def test_a_condition_that_meets_nothing_where_it_expects_a_date_is_found(form_of):
    """The fault that the test above is for: without the day of return there is nothing to explain."""
    day = {"type": "datetime", "subtype": "date", "label": "日期", "properties": {"label:en": "Day"}}
    note = {**GOOD, "key": "note", "properties": {"label:en": "Note", "required": "=returned_on != returns_on"}}
    planned = {**day, "key": "returns_on", "readonly": True}
    form = form_of({**day, "key": "returned_on"}, planned, note)
    with pytest.raises(AssertionError, match="returned_on"):
        assert_only_what_is_said_makes_it_required(form, form.fields[-1])


def assert_only_what_is_said_makes_it_required(form, component):
    """`a != b` is true where either is empty: a condition that wants to know of what is missing names null itself."""
    condition = component.required
    said = set(re.findall(r"(\w+) !?= null", condition.text))
    entered = {field.key for field in form.fields if not field.readonly}
    for name in condition.names & entered - said:
        filled_in = dict.fromkeys(condition.names, "something") | {name: None}
        assert condition.evaluate(filled_in) is not True, name
