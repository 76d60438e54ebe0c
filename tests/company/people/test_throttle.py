"""Slowing attempts down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from company.people.throttle import Throttle, count, subject
from engine.database import Database
from tests.product import START

HERE, ELSEWHERE = subject("here"), subject("elsewhere")


def test_delays_double_up_to_their_limit() -> None:
    throttle = Throttle(free=2, longest=timedelta(seconds=10))
    assert [throttle.delay(n).total_seconds() for n in range(8)] == [0, 0, 0, 2, 4, 8, 10, 10]


def test_what_waits_is_not_counted(db: Database) -> None:
    slow = Throttle(free=1, longest=timedelta(minutes=1))
    waits = [db.write(lambda session: count(session, {HERE: slow}, START)) for _ in range(5)]
    assert waits == [0, 0, 3, 3, 3]


@pytest.mark.parametrize(("later", "wait"), [(1, 2), (2, 0)])
def test_time_frees_an_attempt(db: Database, later: int, wait: int) -> None:
    slow = Throttle(free=1, longest=timedelta(minutes=1))
    for _ in range(2):
        db.write(lambda session: count(session, {HERE: slow}, START))
    now = START + timedelta(seconds=later)
    assert db.write(lambda session: count(session, {HERE: slow}, now)) == wait


def test_one_subject_does_not_slow_another(db: Database) -> None:
    slow = Throttle(free=0, longest=timedelta(minutes=1))
    db.write(lambda session: count(session, {HERE: slow}, START))
    assert db.write(lambda session: count(session, {ELSEWHERE: slow}, START)) == 0
    assert db.write(lambda session: count(session, {HERE: slow, ELSEWHERE: slow}, START)) > 0


def test_who_comes_at_the_same_moment_and_is_counted_second_does_not_wait(db: Database) -> None:
    slow = Throttle(free=5, longest=timedelta(minutes=1))
    for now in (START + timedelta(milliseconds=5), START):
        assert db.write(lambda session, now=now: count(session, {HERE: slow}, now)) == 0
