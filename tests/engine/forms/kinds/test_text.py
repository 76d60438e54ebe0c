"""Text of one line and of several."""

from __future__ import annotations

import pytest

from engine import forms


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
