"""Picking records and people."""

from __future__ import annotations

import pytest

from engine import forms
from engine.forms import Option
from engine.forms.words import Words

PEOPLE = [
    Option("p1", Words("林一凡")),
    Option("p2", Words("林一帆")),
    Option("p3", Words("周会计")),
    Option("p4", Words("周会计")),
]


def people(query: str) -> list[Option]:
    id_ = query.rpartition("(")[2].rstrip(")")
    return [one for one in PEOPLE if query in one.label.zh or one.value == query or one.value == id_]


@pytest.fixture
def form(form_of):
    return form_of({"type": "cf-person", "key": "who", "label": "负责人"})


@pytest.mark.parametrize(
    "typed, id_", [("p1", "p1"), ("林一凡", "p1"), ("帆", "p2"), ("周会计 (p4)", "p4"), ("", None), (None, None)]
)
def test_an_id_a_label_or_words_that_find_one_record_give_its_id(form, clean, typed, id_):
    assert clean(form, {"who": typed}, sources={"people": people}) == {"who": id_}


@pytest.mark.parametrize(
    "typed, rule",
    [
        ("林", "record_ambiguous"),
        ("周会计", "record_ambiguous"),
        ("nobody", "record_not_found"),
        ("\ud800", "record_not_found"),
        ("x" * 999, "record_not_found"),
        (3, "not_text"),
    ],
)
def test_what_finds_none_or_several_is_refused(form, refused, typed, rule):
    assert refused(form, {"who": typed}, sources={"people": people}) == [rule]


def test_a_list_nobody_registered_is_said(form, refused):
    assert refused(form, {"who": "p1"}) == ["source_missing"]


def test_a_record_is_shown_by_a_label_that_finds_it_again(form, clean, post_of):
    environment = forms.FormEnvironment(sources={"people": people})
    for id_, shown in (("p1", "林一凡"), ("p4", "周会计 (p4)")):
        page = forms.render(form, {"who": id_}, {}, language="zh", environment=environment)
        assert post_of(page)["who"] == [shown]
        assert clean(form, forms.parse_post(form, post_of(page)), sources={"people": people}) == {"who": id_}


def test_a_record_field_names_its_list(form_of, clean):
    form = form_of({"type": "cf-record", "key": "customer", "properties": {"source": "customers"}})
    assert clean(form, {"customer": "p3"}, sources={"customers": people}) == {"customer": "p3"}
