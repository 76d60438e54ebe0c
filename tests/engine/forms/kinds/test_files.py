"""References to stored files."""

from __future__ import annotations

from decimal import Decimal

import pytest

PNG = {"sha256": "aa", "name": "a.png", "type": "image/png", "size": Decimal(1000)}
PDF = {"sha256": "bb", "name": "b.PDF", "type": "application/pdf", "size": Decimal(3_000_000)}
STORED = {"aa": PNG, "bb": PDF}


@pytest.fixture
def form(form_of):
    return lambda type_="filepicker", **more: form_of({"type": type_, "key": "f", **more})


@pytest.mark.parametrize("sent", [["aa"], [PNG], ["aa", "aa"], [{"sha256": "aa", "name": "forged.html"}]])
def test_a_file_this_person_uploaded_is_referred_to_by_our_own_record(form, clean, sent):
    assert clean(form(), {"f": sent}, files=STORED.get) == {"f": [PNG]}


def test_a_file_the_variable_held_may_stay(form, clean):
    assert clean(form(), {"f": ["aa"]}, {"f": [PNG]}) == {"f": [PNG]}


@pytest.mark.parametrize(
    "sent, rule",
    [
        (["cc"], "unknown_file"),
        ([7], "not_a_file"),
        ("aa", "not_a_file"),
        ([None], "not_a_file"),
        (["aa"] * 51, "not_a_file"),
    ],
)
def test_another_file_is_refused(form, refused, sent, rule):
    assert refused(form(), {"f": sent}, files=STORED.get) == [rule]


@pytest.mark.parametrize(
    "type_, more, sent, rules",
    [
        ("filepicker", {}, ["aa", "bb"], ["too_many_files"]),
        ("filepicker", {"multiple": True}, ["aa", "bb"], []),
        ("filepicker", {"accept": ".pdf"}, ["bb"], []),
        ("filepicker", {"accept": ".pdf, image/jpeg"}, ["aa"], ["file_type"]),
        ("cf-photo", {}, ["aa"], []),
        ("cf-photo", {}, ["bb"], ["file_type"]),
        ("cf-signature", {}, ["aa"], []),
        ("cf-stamp", {}, ["bb"], ["file_type"]),
        ("filepicker", {"properties": {"maxMegabytes": "2"}}, ["bb"], ["file_size"]),
        ("filepicker", {"validate": {"required": True}}, [], ["required"]),
    ],
)
def test_it_holds_number_type_and_size(form, refused, type_, more, sent, rules):
    assert refused(form(type_, **more), {"f": sent}, files=STORED.get) == rules
