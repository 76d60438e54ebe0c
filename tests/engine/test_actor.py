"""Whose permission an act rests on."""

from __future__ import annotations

import pytest

from engine.actor import Actor, NotPermitted

OWN = Actor("lin", "林一凡", frozenset({"work:after_sales", "see:price_approval"}))
STAND_IN = Actor("bai", "白小鹿", frozenset({"see:*"}), {"lin": OWN.permissions})


def test_a_star_covers_every_subject_of_its_kind_only() -> None:
    assert STAND_IN.may("see:complaint")
    assert not Actor("x", permissions=frozenset({"see:*"})).may("work:finance")
    assert not Actor("x", permissions=frozenset({"work:*"})).may("deploy")


def test_ones_own_permission_comes_first() -> None:
    assert OWN.in_place_of("work:after_sales") is None


def test_a_substitute_acts_in_the_place_of_whom_they_stand_in_for() -> None:
    assert STAND_IN.in_place_of("work:after_sales") == "lin"
    assert STAND_IN.in_place_of("work:after_sales", assignee="lin") == "lin"


def test_a_task_of_somebody_else_is_closed_even_to_the_lane() -> None:
    with pytest.raises(NotPermitted) as refusal:
        OWN.in_place_of("work:after_sales", assignee="zhao")

    assert "林一凡" in refusal.value.text("zh")
    assert "work:after_sales" in refusal.value.text("en")


def test_lanes_are_own_and_substituted() -> None:
    assert STAND_IN.lanes() == {"after_sales"}
