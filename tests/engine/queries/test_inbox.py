"""The inbox: what each view holds, in which order, page by page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from engine.actor import Actor
from engine.commands import claim_task, suspend_instance
from engine.commands.rebuild import rebuild
from engine.database import Database
from engine.queries import Narrowed, cases, inbox, inbox_counts
from engine.tables import entry_texts, waits
from tests.product import BAI, LIN, MATERIALS, NOBODY, START, WU, Approval, person

CHIEF = Actor("chief", "主管", frozenset({"correct", "see:*"}))


@pytest.fixture
def five(approval: Approval) -> list[Approval]:
    """Five cases waiting for material prices, a minute apart."""
    return [
        Approval(approval.db, START + timedelta(minutes=number)).start(customer=f"客户{number}") for number in range(5)
    ]


def numbers(db: Database, actor: Actor, view: str, **wanted: Any) -> list[str]:
    with db.reading() as session:
        after = wanted.pop("after", None)
        page = inbox(session, actor, START + timedelta(days=1), view, Narrowed(**wanted), after=after)  # type: ignore[arg-type]
        return [item.number for item in page.items]


def test_a_group_sees_its_unclaimed_tasks_oldest_first(five: list[Approval], db: Database) -> None:
    assert numbers(db, WU, "groups") == [case.number for case in five]
    assert numbers(db, LIN, "groups") == []
    assert numbers(db, NOBODY, "groups") == []


def test_a_claimed_task_moves_from_the_group_to_its_holder(five: list[Approval], db: Database) -> None:
    claim_task(db, WU, START, five[2].task("supply_material_prices"))

    assert numbers(db, WU, "mine") == [five[2].number]
    assert five[2].number not in numbers(db, WU, "groups")


def test_what_is_due_first_comes_first_and_what_is_never_due_last(five: list[Approval], db: Database) -> None:
    for days, case in ((3, five[4]), (1, five[1])):
        due = update(waits).where(waits.c.instance_id == case.instance_id).values(due_at=START + timedelta(days=days))
        db.write(lambda session, due=due: session.execute(due))

    assert numbers(db, WU, "groups") == [five[i].number for i in (1, 4, 0, 2, 3)]


def test_overdue_holds_ones_own_and_the_groups_late_tasks(five: list[Approval], db: Database) -> None:
    claim_task(db, WU, START, five[0].task("supply_material_prices"))
    for case in five[:2]:
        late = update(waits).where(waits.c.instance_id == case.instance_id).values(due_at=START + timedelta(hours=1))
        db.write(lambda session, late=late: session.execute(late))

    assert sorted(numbers(db, WU, "overdue")) == [five[0].number, five[1].number]


def test_done_by_me_lists_what_i_completed_last_first(five: list[Approval], db: Database) -> None:
    for case in five[:3]:
        case.do(WU, "supply_material_prices", **MATERIALS)

    assert numbers(db, WU, "done") == [five[i].number for i in (2, 1, 0)]
    assert numbers(db, LIN, "done") == []


def test_several_lanes_are_merged_in_one_order(five: list[Approval], db: Database) -> None:
    five[3].do(WU, "supply_material_prices", **MATERIALS)
    both = person("双岗", "supply", "after_sales")

    assert numbers(db, both, "groups") == [five[i].number for i in (0, 1, 2, 4, 3)]


@pytest.mark.parametrize("view", ["groups", "done"])
def test_pages_follow_each_other_without_gap_or_repetition(five: list[Approval], db: Database, view: str) -> None:
    if view == "done":
        for case in five:
            case.do(WU, "supply_material_prices", **MATERIALS)
    seen, after = [], None
    with db.reading() as session:
        while True:
            page = inbox(session, WU, START, view, after=after, limit=2)  # type: ignore[arg-type]
            seen += [item.number for item in page.items]
            after = page.after
            if after is None:
                break

    assert sorted(seen) == sorted(case.number for case in five)
    assert len(seen) == 5


@pytest.mark.parametrize("after", ["", "x", "AAAA", "eyJhIjoxfQ", "W10"])
@pytest.mark.usefixtures("five")
def test_a_broken_cursor_shows_the_first_page(db: Database, after: str) -> None:
    assert len(numbers(db, WU, "groups", after=after)) == 5


@pytest.mark.parametrize(
    ("search", "found"), [("客户3", [3]), ("  客户1 ", [1]), ("PA-2026-000002", [1]), ("%", []), ("没有", [])]
)
def test_search_looks_in_number_and_title(five: list[Approval], db: Database, search: str, found: list[int]) -> None:
    assert numbers(db, WU, "groups", search=search) == [five[i].number for i in found]


@pytest.mark.parametrize("search", ["异响", "第 7 号", "YX-7"])
@pytest.mark.usefixtures("five")
def test_search_finds_what_was_entered(db: Database, search: str) -> None:
    other = Approval(db).start(fault="主轴异响，第 7 号（YX-7）")
    assert numbers(db, WU, "groups", search=search) == [other.number]


@pytest.mark.parametrize("search", ["fault", "in_warranty", "values"])
@pytest.mark.usefixtures("five")
def test_search_never_meets_the_names_of_fields(db: Database, search: str) -> None:
    assert numbers(db, WU, "groups", search=search) == []


def test_counts_are_those_of_the_views(five: list[Approval], db: Database) -> None:
    claim_task(db, WU, START, five[0].task("supply_material_prices"))
    five[1].do(WU, "supply_material_prices", **MATERIALS)

    with db.reading() as session:
        assert inbox_counts(session, WU, START) == {"mine": 1, "groups": 3, "overdue": 0, "team": 0, "done": 1}
        assert inbox_counts(session, BAI, START)["groups"] == 1


@pytest.mark.parametrize(
    "search",
    ["异响 yx-7", "ＹＸ－７", "第７号", "提供材料价格 异响", "材料 主轴", "服务价格审批 主轴", "MATERIAL 主轴", "yx"],
)
@pytest.mark.usefixtures("five")
def test_words_are_found_apart_in_any_form_and_in_the_names_of_tasks(db: Database, search: str) -> None:
    other = Approval(db).start(fault="主轴异响，第 7 号（YX-7）", product="第7号机")
    assert numbers(db, WU, "groups", search=search) == [other.number]
    with db.reading() as session:
        assert [head.number for head in cases(session, WU, search=search).items] == [other.number]


@pytest.mark.parametrize("search", ["2026-03", "false", "sha256", "客户1 客户2", "主轴 没有"])
@pytest.mark.usefixtures("five")
def test_search_never_meets_what_nobody_entered(db: Database, search: str) -> None:
    Approval(db).start(fault="主轴异响", diagnosis="轴承磨损")
    assert numbers(db, WU, "groups", search=search) == []


def test_a_task_that_was_done_is_found_by_its_name_and_by_what_was_entered(five: list[Approval], db: Database) -> None:
    five[1].do(WU, "supply_material_prices", **MATERIALS)
    for search in ("材料价格 gy-118", "提供材料 密封圈", "150"):
        assert numbers(db, WU, "done", search=search) == [five[1].number]


def test_what_is_found_can_be_made_again_from_the_entries(five: list[Approval], db: Database) -> None:
    db.write(lambda session: session.execute(delete(entry_texts)))
    assert numbers(db, WU, "groups", search="老化") == []
    rebuild(db, five[3].number)
    assert numbers(db, WU, "groups", search="老化") == [five[3].number]


def test_resting_tasks_stand_below_the_others_page_by_page(five: list[Approval], db: Database) -> None:
    for case in (five[0], five[3]):
        suspend_instance(db, CHIEF, START, case.number, "等配件")
    expected = [five[i].number for i in (1, 2, 4, 0, 3)]
    assert numbers(db, WU, "groups") == expected
    seen, after = [], None
    with db.reading() as session:
        while len(seen) < 6:
            page = inbox(session, WU, START, "groups", after=after, limit=2)
            seen += [item.number for item in page.items]
            after = page.after
            if after is None:
                break
    assert seen == expected


def test_what_rests_is_not_overdue_and_counts_agree_with_the_lists(five: list[Approval], db: Database) -> None:
    db.write(lambda session: session.execute(update(waits).values(due_at=START + timedelta(hours=1))))
    suspend_instance(db, CHIEF, START, five[2].number, "等配件")
    with db.reading() as session:
        counts = inbox_counts(session, WU, START + timedelta(days=1))
    assert len(numbers(db, WU, "overdue")) == counts["overdue"] == 4
    assert len(numbers(db, WU, "groups")) == counts["groups"] == 5


@pytest.mark.parametrize(
    ("wanted", "found"),
    [({"search": "客户3"}, 1), ({"process": "complaint"}, 0), ({"process": "price_approval"}, 5), ({"first": True}, 0),
     ({"search": "客户"}, 5)],
)  # fmt: skip
@pytest.mark.usefixtures("five")
def test_counts_follow_what_is_wanted(db: Database, wanted: dict[str, Any], found: int) -> None:
    with db.reading() as session:
        counts = inbox_counts(session, WU, START, Narrowed(**wanted))
    assert counts["groups"] == len(numbers(db, WU, "groups", **wanted)) == found
    assert counts["done"] == 0
