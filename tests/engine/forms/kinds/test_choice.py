"""Choices, ticks and ratings."""

from __future__ import annotations

from decimal import Decimal

import pytest

VALUES = [{"value": "a", "label": "甲"}, {"value": 2, "label": "乙"}, {"value": True, "label": "丙"}]


@pytest.fixture
def choice(form_of):
    return lambda type_, **more: form_of({"type": type_, "key": "c", "values": VALUES, **more})


@pytest.mark.parametrize("type_", ["select", "radio"])
@pytest.mark.parametrize(
    "sent, value",
    [("a", "a"), ("2", Decimal(2)), (2, Decimal(2)), ("true", True), (True, True), ("", None), (None, None)],
)
def test_one_option_gives_its_own_value(choice, clean, type_, sent, value):
    assert clean(choice(type_), {"c": sent}) == {"c": value}


@pytest.mark.parametrize("type_", ["select", "radio"])
@pytest.mark.parametrize("sent", ["z", "甲", ["a"], {"a": "a"}, False, 3, "A"])
def test_what_is_not_offered_is_refused(choice, refused, type_, sent):
    assert refused(choice(type_), {"c": sent}) == ["not_an_option"]


@pytest.mark.parametrize("type_", ["checklist", "taglist"])
def test_several_come_once_each_in_the_order_of_the_options(choice, clean, refused, type_):
    assert clean(choice(type_), {"c": ["true", "a", "a"]}) == {"c": ["a", True]}
    assert clean(choice(type_), {"c": "a"}) == {"c": ["a"]}
    assert clean(choice(type_), {"c": []}) == {"c": []}
    assert refused(choice(type_), {"c": ["a", "z"]}) == refused(choice(type_), {"c": [["a"]]}) == ["not_an_option"]


def test_a_required_choice_is_asked_for(choice, refused):
    for type_ in ("select", "radio", "checklist", "taglist"):
        assert refused(choice(type_, validate={"required": True}), {}) == ["choose"]


def test_options_may_come_from_a_variable(form_of, clean, refused):
    form = form_of({"type": "select", "key": "c", "valuesKey": "offers"})
    context = {"offers": [{"value": "x", "label": "Ex"}, "y", {"label": "no value"}, None, [], Decimal(3)]}
    assert clean(form, {"c": "x"}, context) == {"c": "x"}
    assert clean(form, {"c": "3"}, context) == {"c": Decimal(3)}
    assert refused(form, {"c": "z"}, context) == refused(form, {"c": "x"}, {"offers": "x"}) == ["not_an_option"]


def test_options_may_be_computed_from_another_field(form_of, clean, refused):
    kinds = {"type": "select", "key": "kind", "values": [{"value": "a"}, {"value": "b"}]}
    form = form_of({"type": "select", "key": "c", "valuesExpression": '=if kind = "a" then ["1"] else ["2"]'}, kinds)
    assert clean(form, {"kind": "a", "c": "1"}) == {"kind": "a", "c": "1"}
    assert refused(form, {"kind": "b", "c": "1"}) == ["not_an_option"]


@pytest.mark.parametrize(
    "sent, value", [("true", True), ("on", True), (True, True), ("false", False), ("", False), (None, False)]
)
def test_a_tick_is_yes_or_no(form_of, clean, sent, value):
    assert clean(form_of({"type": "checkbox", "key": "t"}), {"t": sent}) == {"t": value}


@pytest.mark.parametrize("sent", ["maybe", 1, [], ["true"], {}])
def test_a_tick_is_nothing_else(form_of, refused, sent):
    assert refused(form_of({"type": "checkbox", "key": "t"}), {"t": sent}) == ["not_yes_or_no"]


def test_a_required_tick_must_be_ticked(form_of, refused):
    form = form_of({"type": "checkbox", "key": "t", "validate": {"required": True}})
    assert refused(form, {"t": False}) == ["tick"]
    assert refused(form, {"t": True}) == []


def test_a_rating_is_a_level_from_one(form_of, clean, refused):
    form = form_of({"type": "cf-rating", "key": "r", "properties": {"levels": "3"}})
    assert clean(form, {"r": "3"}) == {"r": Decimal(3)}
    assert refused(form, {"r": "4"}) == refused(form, {"r": "0"}) == refused(form, {"r": "1.5"}) == ["not_an_option"]
    named = form_of(
        {"type": "cf-rating", "key": "r", "values": [{"value": "bad", "label": "差"}, {"value": "good", "label": "好"}]}
    )
    assert clean(named, {"r": "2"}) == {"r": Decimal(2)}
