"""Saved filters: each person's own, few, by name."""

from __future__ import annotations

import pytest

from company import saved_filters
from company.saved_filters import BadFilterName, SavedFilter, TooManyFilters, filters_of, remove_filter, save_filter

pytest_plugins = ["tests.accounts"]

LATE = SavedFilter("急件", "overdue", "南川", "price_approval")


def kept(db, account):
    with db.reading() as session:
        return filters_of(session, account)


def test_each_person_has_their_own(staffed, actor):
    save_filter(staffed, actor("lin"), LATE)
    assert kept(staffed, "lin") == [LATE]
    assert kept(staffed, "bai") == []


def test_the_same_name_takes_the_place(staffed, actor):
    save_filter(staffed, actor("lin"), LATE)
    save_filter(staffed, actor("lin"), SavedFilter("急件", "mine", "", None))
    assert kept(staffed, "lin") == [SavedFilter("急件", "mine", "", None)]


def test_removing_takes_only_that_one_and_only_ones_own(staffed, actor):
    for account in ("lin", "bai"):
        save_filter(staffed, actor(account), LATE)
    save_filter(staffed, actor("lin"), SavedFilter("其他", "mine", "", None))
    remove_filter(staffed, actor("lin"), "急件")
    remove_filter(staffed, actor("lin"), "没有\0这个")
    assert [one.name for one in kept(staffed, "lin")] == ["其他"]
    assert kept(staffed, "bai") == [LATE]


@pytest.mark.parametrize("name", ["", "长" * 41, "a\0b"])
def test_it_refuses_a_name_that_is_none(staffed, actor, name):
    with pytest.raises(BadFilterName):
        save_filter(staffed, actor("lin"), SavedFilter(name, "mine", "", None))
    assert kept(staffed, "lin") == []


def test_it_refuses_one_too_many(staffed, actor, monkeypatch):
    monkeypatch.setattr(saved_filters, "MOST", 1)
    save_filter(staffed, actor("lin"), LATE)
    with pytest.raises(TooManyFilters):
        save_filter(staffed, actor("lin"), SavedFilter("其他", "mine", "", None))
    save_filter(staffed, actor("bai"), LATE)
    assert kept(staffed, "lin") == [LATE]
