"""Who has a page open: told by the page, forgotten after half a minute."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from company.presence import LASTS, be_present, others_present, presence
from tests.product import START

pytest_plugins = ["tests.accounts"]


def seen_by(db, actor, now, page="task 1-0-0"):
    with db.reading() as session:
        return [name for name, _ in others_present(session, actor, now, page)]


def test_people_see_each_other_and_not_themselves(staffed, actor):
    for account in ("lin", "bai"):
        be_present(staffed, actor(account), START, "task 1-0-0")
    assert seen_by(staffed, actor("lin"), START) == ["白小鹿"]
    assert seen_by(staffed, actor("bai"), START) == ["林一凡"]
    assert seen_by(staffed, actor("zhou"), START, "task 2-0-0") == []


def test_who_is_not_heard_of_again_is_gone(staffed, actor):
    be_present(staffed, actor("bai"), START, "task 1-0-0")
    assert seen_by(staffed, actor("lin"), START + LASTS) == ["白小鹿"]
    assert seen_by(staffed, actor("lin"), START + LASTS + timedelta(seconds=1)) == []
    be_present(staffed, actor("bai"), START + LASTS, "task 1-0-0")
    assert seen_by(staffed, actor("lin"), START + 2 * LASTS) == ["白小鹿"]


def test_no_rows_pile_up(staffed, actor):
    for minute in range(3):
        be_present(staffed, actor("bai"), START + timedelta(minutes=minute), f"task {minute}-0-0")
    with staffed.reading() as session:
        assert session.execute(select(func.count()).select_from(presence)).scalar_one() == 1
