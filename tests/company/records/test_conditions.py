"""Lists of records asked by single fields and sorted by them, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete

from company.records.conditions import Condition, NotAsked
from company.records.kinds import RECORD_KINDS
from company.records.save import find_records, index_again, save_record
from company.records.sources import record_sources
from company.records.tables import record_fields
from engine import forms
from engine.actor import Actor
from engine.database import Database
from tests.product import START

CLERK = Actor("bai", "白小鹿", frozenset({"records:*", "edit:*"}))
CUSTOMERS, EQUIPMENT = RECORD_KINDS["customers"], RECORD_KINDS["equipment"]
NAMES = ("金穗面粉厂", "云台城轨公司", "Alpha 100% 机械")


@pytest.fixture
def bench(db: Database) -> Database:
    """Three customers with 10, 9 and no known purchases, and a machine of each of the first two."""
    save(db, RECORD_KINDS["products"], {"model": "ZJ", "name": "压装机", "category": "equipment"})
    for name, purchases in zip(NAMES, (10, 9, None), strict=True):
        save(db, CUSTOMERS, {"name": name, "type": "company", "purchases": purchases})
    machines = [("J-1", "KH-0001", "2026-03-31"), ("Y-1", "KH-0002", "2025-01-01"), ("Y-2", "KH-0002", None)]
    for serial_no, customer, until in machines:
        save(db, EQUIPMENT, {"serial_no": serial_no, "product": "ZJ", "customer": customer, "warranty_until": until})
    return db


def save(db: Database, kind: Any, values: dict[str, Any], **options: Any) -> str:
    environment = forms.FormEnvironment(now=START, sources=record_sources(db))
    return save_record(db, CLERK, START, kind, values, environment, **options)


def found(db: Database, kind: Any, *conditions: tuple[str, str, str], **asked: Any) -> list[str]:
    with db.reading() as session:
        asked["conditions"] = [Condition(*each) for each in conditions]
        return [each.key for each in find_records(session, kind, **asked).items]


def test_a_condition_asks_one_field(bench: Database) -> None:
    answers = {
        ("name", "contains", "面粉"): ["KH-0001"],
        ("name", "contains", "100%"): ["KH-0003"],
        ("name", "contains", "alpha  100%"): ["KH-0003"],
        ("name", "contains", "1_0"): [],
        ("name", "is", "金穗"): [],
        ("name", "is", "金穗面粉厂"): ["KH-0001"],
        ("grade", "is", "会员"): ["KH-0001", "KH-0002"],
        ("grade", "is", "Member"): ["KH-0001", "KH-0002"],
        ("purchases", "least", "10"): ["KH-0001"],
        ("purchases", "most", "9"): ["KH-0002"],
        ("purchases", "is", "10.0"): ["KH-0001"],
        ("purchases", "empty", ""): ["KH-0003"],
    }
    assert {condition: found(bench, CUSTOMERS, condition) for condition in answers} == answers


def test_several_conditions_hold_together_and_a_picked_record_is_known_by_name(bench: Database) -> None:
    of_cloud = ("customer", "contains", "云台")
    assert found(bench, EQUIPMENT, of_cloud) == ["Y-1", "Y-2"]
    assert found(bench, EQUIPMENT, of_cloud, ("warranty_until", "most", "2026-01-01")) == ["Y-1"]
    assert found(bench, EQUIPMENT, of_cloud, ("warranty_until", "empty", ""), search="压装机") == ["Y-2"]


def test_what_cannot_be_asked_is_refused_in_a_sentence(bench: Database) -> None:
    for condition in [
        ("purchases", "most", "many"),
        ("purchases", "least", " "),
        ("name", "most", "云"),
        ("name", "like", "云"),
        ("contacts", "contains", "云"),
        ("body", "is", "云"),
    ]:
        with pytest.raises(NotAsked) as refused:
            found(bench, CUSTOMERS, condition)
        assert condition[2].strip() in refused.value.text("zh")


def test_a_list_is_sorted_by_a_field_numbers_as_numbers(bench: Database) -> None:
    assert found(bench, CUSTOMERS, sort="purchases") == ["KH-0003", "KH-0002", "KH-0001"]
    assert found(bench, CUSTOMERS, sort="purchases", descending=True) == ["KH-0001", "KH-0002", "KH-0003"]
    assert found(bench, EQUIPMENT, sort="warranty_until", descending=True) == ["J-1", "Y-1", "Y-2"]


def test_pages_of_a_sorted_list_hold_everything_once_and_in_order(bench: Database) -> None:
    for sort in ("", "name", "grade", "purchases", "phone"):
        for descending in (False, True):
            whole = found(bench, CUSTOMERS, sort=sort, descending=descending)
            assert sorted(whole) == ["KH-0001", "KH-0002", "KH-0003"]
            assert by_pages_of_one(bench, sort=sort, descending=descending) == whole


def by_pages_of_one(bench: Database, **asked: Any) -> list[str]:
    keys, after = [], None
    with bench.reading() as session:
        while True:
            page = find_records(session, CUSTOMERS, after=after, limit=1, **asked)
            keys += [each.key for each in page.items]
            after = page.after
            if after is None:
                return keys


def test_a_changed_record_is_found_by_what_it_says_now(bench: Database) -> None:
    save(bench, CUSTOMERS, {"name": "金禾面粉厂", "purchases": None}, key="KH-0001", version=1)
    assert found(bench, CUSTOMERS, ("name", "contains", "金穗")) == []
    assert found(bench, CUSTOMERS, ("name", "contains", "金禾")) == ["KH-0001"]
    assert found(bench, CUSTOMERS, ("purchases", "empty", "")) == ["KH-0001", "KH-0003"]


def test_the_fields_of_all_records_are_written_anew(bench: Database) -> None:
    bench.write(lambda session: session.execute(delete(record_fields)))
    assert found(bench, CUSTOMERS, ("grade", "is", "会员")) == []
    assert index_again(bench, forms.FormEnvironment(now=START, sources=record_sources(bench))) == 7
    assert found(bench, CUSTOMERS, ("grade", "is", "会员")) == ["KH-0001", "KH-0002"]
