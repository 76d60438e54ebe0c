"""From a browser's post to raw values, and row buttons without a script."""

from __future__ import annotations

import pytest

from engine import forms

PARTS = {
    "type": "dynamiclist",
    "path": "parts",
    "properties": {"maxRows": "3"},
    "components": [
        {"type": "textfield", "key": "name"},
        {"type": "checkbox", "key": "spare"},
        {"type": "dynamiclist", "path": "lots", "components": [{"type": "number", "key": "no"}]},
    ],
}


@pytest.fixture
def form(form_of):
    return form_of(
        {"type": "textfield", "key": "title"}, {"type": "checklist", "key": "tags", "values": [{"value": "a"}]}, PARTS
    )


def test_a_field_has_the_last_text_posted_under_its_key(form):
    assert forms.parse_post(form, {"title": ["a", "b"]}) == {"title": "b"}


def test_a_field_that_was_not_posted_is_missing(form):
    assert forms.parse_post(form, {}) == {}


def test_a_marker_alone_means_nothing_chosen(form):
    assert forms.parse_post(form, {"tags": [""], "parts": [""]}) == {"tags": [], "parts": ""}


def test_rows_come_in_the_order_of_their_numbers_gaps_included(form):
    post = {"parts-12-name": ["third"], "parts-0-name": ["first"], "parts-3-name": ["second"]}
    assert [row["name"] for row in forms.parse_post(form, post)["parts"]] == ["first", "second", "third"]


def test_a_row_of_unticked_boxes_exists_by_its_marker(form):
    assert forms.parse_post(form, {"parts": [""], "parts-0-_row": [""]})["parts"] == [{}]


def test_rows_hold_lists_of_their_own(form):
    assert forms.parse_post(form, {"parts-0-lots-1-no": ["7"], "parts-0-lots-0-no": ["5"]})["parts"] == [
        {"lots": [{"no": "5"}, {"no": "7"}]}
    ]


def test_names_of_the_page_are_not_fields(form):
    assert forms.parse_post(form, {"csrf_token": ["x"], "_row": ["add:parts"], "_version": ["3"]}) == {}


@pytest.mark.parametrize(
    "name", ["stranger", "parts-x-name", "parts-1", "parts--name", "title-0-name", "parts-1234567-name"]
)
def test_unknown_names_are_kept_to_be_refused(form, name, refused):
    raw = forms.parse_post(form, {name: ["1"]})
    assert raw == {name: "1"}
    assert refused(form, raw) == ["undeclared"]


def test_an_unknown_name_in_a_row_is_refused_with_its_place(form):
    _, problems = forms.validate(form, forms.parse_post(form, {"parts-0-name": ["a"], "parts-0-price": ["1"]}), {})
    assert [(problem.rule, problem.where) for problem in problems] == [("form.undeclared", "parts[0].price")]


ROWS = {"parts": [{"name": "a"}, {"name": "b"}]}


@pytest.mark.parametrize(
    "button, names",
    [
        ("add:parts", ["a", "b", None]),
        ("remove:parts-0", ["b"]),
        ("up:parts-1", ["b", "a"]),
        ("up:parts-0", ["a", "b"]),
        ("down:parts-0", ["b", "a"]),
        ("down:parts-1", ["a", "b"]),
        ("remove:parts-9", ["a", "b"]),
        ("remove:parts-99999999999", ["a", "b"]),
        ("remove:parts-²", ["a", "b"]),
        ("explode:parts-0", ["a", "b"]),
        ("add:title", ["a", "b"]),
        ("add:parts-0", ["a", "b"]),
        ("", ["a", "b"]),
    ],
)
def test_a_row_button_changes_rows(form, button, names):
    after = forms.apply_row_button(form, ROWS, button)
    assert [row.get("name") for row in after["parts"]] == names
    assert ROWS == {"parts": [{"name": "a"}, {"name": "b"}]}


def test_a_row_button_changes_a_list_in_a_row(form):
    after = forms.apply_row_button(form, ROWS, "add:parts-1-lots")
    assert after["parts"] == [{"name": "a"}, {"name": "b", "lots": [{}]}]
    assert forms.apply_row_button(form, after, "remove:parts-1-lots-0")["parts"][1]["lots"] == []


def test_no_row_is_added_beyond_the_most(form):
    full = {"parts": [{}, {}, {}]}
    assert forms.apply_row_button(form, full, "add:parts") == full
