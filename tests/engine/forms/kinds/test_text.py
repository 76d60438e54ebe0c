"""Text of one line and of several."""

from __future__ import annotations

import pytest
from lxml import html

from engine import forms
from engine.errors import Refused
from engine.forms.words import Words


@pytest.fixture
def line(form_of):
    return lambda **validate: form_of({"type": "textfield", "key": "t", "validate": validate})


@pytest.fixture
def area(form_of):
    return lambda **validate: form_of({"type": "textarea", "key": "t", "validate": validate})


def test_a_line_loses_the_blanks_around_it(line, clean):
    assert clean(line(), {"t": " 泵 1 \u3000"}) == {"t": "泵 1"}


def test_several_lines_keep_their_form_with_one_kind_of_line_end(area, clean):
    assert clean(area(), {"t": " a\r\nb\rc\n\td "}) == {"t": " a\nb\nc\n\td "}


@pytest.mark.parametrize("typed", ["", " ", "\u3000", None])
def test_blanks_are_nothing(line, area, clean, typed):
    assert clean(line(), {"t": typed}) == clean(area(), {"t": typed}) == {"t": None}


@pytest.mark.parametrize("typed", ["a\x00b", "\ud800", "a\udfff", "bell\x07", ".\x0c.", ".\x7f."])
def test_characters_that_cannot_be_stored_are_refused(line, area, refused, typed):
    assert refused(line(), {"t": typed}) == refused(area(), {"t": typed}) == ["bad_character"]


def test_a_line_takes_no_line_end(line, refused):
    assert refused(line(), {"t": "a\nb"}) == ["one_line"]


@pytest.mark.parametrize("typed", [1, True, ["a"], {"a": "b"}])
def test_only_text_is_text(line, area, refused, typed):
    assert refused(line(), {"t": typed}) == refused(area(), {"t": typed}) == ["not_text"]


def test_a_text_ends_at_ten_thousand_characters_unless_the_form_allows_more(area, refused):
    assert refused(area(), {"t": "字" * 10_000}) == []
    assert refused(area(), {"t": "字" * 10_001}) == ["too_long"]
    assert refused(area(maxLength=20_000), {"t": "字" * 10_001}) == []


def test_300_kilobytes_are_refused_with_a_sentence(area):
    _, problems = forms.validate(area(), {"t": "x" * 300_000}, {})
    assert problems[0].zh == "“t”最多 10000 个字，现在有 300000 个字。"


@pytest.mark.parametrize(
    "validate, typed, rules",
    [
        ({"minLength": 3}, "ab", ["too_short"]),
        ({"maxLength": "3"}, "𠮷𠮷𠮷", []),
        ({"maxLength": 3}, "abcd", ["too_long"]),
        ({"pattern": "^[A-Z]{2}[0-9]+$"}, "AB12", []),
        ({"pattern": "^[A-Z]{2}[0-9]+$"}, "ab12", ["pattern"]),
        ({"pattern": r"^\d+$"}, "１２", ["pattern"]),
        ({"pattern": "(a+)+$"}, "a" * 5000 + "b", ["pattern"]),
        ({"validationType": "email"}, "name@example.com", []),
        ({"validationType": "email"}, "name", ["email"]),
        ({"validationType": "phone"}, "+86 21 5000-0000", []),
        ({"validationType": "phone"}, "call me", ["phone"]),
    ],
)
def test_it_holds_the_limits(line, refused, validate, typed, rules):
    assert refused(line(**validate), {"t": typed}) == rules


def test_a_pattern_may_say_its_own_message(form_of):
    form = form_of(
        {
            "type": "textfield",
            "key": "no",
            "validate": {"pattern": "^X"},
            "properties": {"pattern:message": "编号以 X 开头。", "pattern:message:en": "Numbers start with X."},
        }
    )
    (problem,) = forms.validate(form, {"no": "Y"}, {})[1]
    assert (problem.zh, problem.en) == ("编号以 X 开头。", "Numbers start with X.")


def listed(query):
    found = [forms.Option("SN-1", Words("轮对压装机")), forms.Option("SN-2", Words("静载台"))]
    return [option for option in found if query in option.label.zh]


@pytest.mark.parametrize(
    ("by", "offered"),
    [
        ({}, [("轮对压装机", ""), ("静载台", "")]),
        ({"suggest:by": "id"}, [("SN-1", "轮对压装机"), ("SN-2", "静载台")]),
    ],
)
def test_a_line_offers_what_a_list_holds(form_of, by, offered):
    form = form_of({"type": "textfield", "key": "t", "properties": {"suggest": "machines", **by}})
    environment = forms.FormEnvironment(sources={"machines": listed})
    drawn = forms.render(form, {}, {}, language="zh", environment=environment)
    assert 'list="t-list" data-cf-source="machines"' in drawn
    assert [(tag.get("value"), tag.text or "") for tag in html.fromstring(drawn).iter("option")] == offered


def test_what_no_list_holds_may_be_typed_all_the_same(form_of, clean):
    form = form_of({"type": "textfield", "key": "t", "properties": {"suggest": "machines"}})
    assert clean(form, {"t": "别的"}, sources={"machines": listed}) == {"t": "别的"}


def test_without_the_list_it_is_a_plain_line(form_of):
    form = form_of({"type": "textfield", "key": "t", "properties": {"suggest": "machines"}})
    assert "datalist" not in forms.render(form, {}, {}, language="zh")


def test_a_list_is_offered_by_label_or_by_id_only(form_of):
    with pytest.raises(Refused) as refused:
        form_of({"type": "textfield", "key": "t", "properties": {"suggest": "machines", "suggest:by": "colour"}})
    assert [problem.rule for problem in refused.value.problems] == ["form.suggest"]
