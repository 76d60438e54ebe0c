"""Business records: written by their forms, found by words, every version kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from company.records.kinds import RECORD_KINDS, NoSuchKind, kind_of
from company.records.save import (
    InvalidRecord,
    NoSuchRecord,
    RecordChanged,
    find_records,
    history,
    record,
    save_record,
    set_archived,
)
from company.records.sources import record_sources
from engine import forms
from engine.actor import Actor, NotPermitted
from engine.database import Database
from tests.product import START

CLERK = Actor("bai", "白小鹿", frozenset({"records:*", "edit:*"}))
CUSTOMERS, PARTS, PRODUCTS, EQUIPMENT = (RECORD_KINDS[key] for key in ("customers", "parts", "products", "equipment"))
MILL: dict[str, Any] = {"name": "金穗面粉厂", "type": "company", "phone": "010-5550 1234", "purchases": 2}


def environment(db: Database) -> forms.FormEnvironment:
    return forms.FormEnvironment(now=START, sources=record_sources(db))


def save(db: Database, kind: Any, values: dict[str, Any], by: Actor = CLERK, **options: Any) -> str:
    return save_record(db, by, START, kind, values, environment(db), **options)


def found(db: Database, kind: Any, **asked: Any) -> list[str]:
    with db.reading() as session:
        return [each.key for each in find_records(session, kind, **asked).items]


@pytest.mark.parametrize("kind", RECORD_KINDS.values(), ids=RECORD_KINDS)
def test_every_form_reads_only_what_it_has_and_speaks_both_languages(kind: Any) -> None:
    assert forms.lint(kind.form, {"saved"}) == []
    assert {kind.key_field, kind.title_field, *kind.columns} <= set(kind.form.keys)


def test_a_record_is_written_with_the_next_number(db: Database) -> None:
    assert save(db, CUSTOMERS, MILL) == "KH-0001"
    assert save(db, CUSTOMERS, {**MILL, "number": "KH-0041"}) == "KH-0041"
    assert save(db, CUSTOMERS, MILL) == "KH-0002"
    with db.reading() as session:
        assert record(session, CUSTOMERS, "KH-0001").title == "金穗面粉厂"


def test_the_third_purchase_makes_a_member(db: Database) -> None:
    key = save(db, CUSTOMERS, MILL)
    save(db, CUSTOMERS, {"purchases": 3}, key=key, version=1)
    with db.reading() as session:
        now, before = history(session, CUSTOMERS, key)
    assert (before.values["grade"], now.values["grade"]) == ("普通 · ordinary", "会员 · member")
    assert (before.act, now.act, now.by) == ("create", "change", "bai")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"type": "monster"}, {"phone": "oh"}, {"grade": "会员"}, {"x": "1"}])
def test_what_the_form_refuses_is_not_written(db: Database, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecord) as refused:
        save(db, CUSTOMERS, MILL | wrong)
    assert [problem.where for problem in refused.value.problems] == list(wrong)
    assert found(db, CUSTOMERS) == []


def test_a_key_is_taken_once_and_never_changes(db: Database) -> None:
    save(db, PARTS, {"part_no": "MF-08", "name": "密封圈", "category": "part"})
    for wrong, options in (({"part_no": "MF-08"}, {}), ({"part_no": "MF-09"}, {"key": "MF-08"})):
        with pytest.raises(InvalidRecord):
            save(db, PARTS, {"name": "密封圈", "category": "part", **wrong}, **options)
    with pytest.raises(InvalidRecord):
        save(db, PARTS, {"part_no": "a/b", "name": "密封圈", "category": "part"})


def test_a_record_names_only_records_there_are(db: Database) -> None:
    save(db, CUSTOMERS, MILL)
    save(db, PRODUCTS, {"model": "HB-900", "name": "烘干机", "category": "appliance"})
    machine = {"serial_no": "HB900-1", "product": "HB-900", "customer": "KH-0001", "state": "in_use"}
    assert save(db, EQUIPMENT, machine) == "HB900-1"
    with pytest.raises(InvalidRecord):
        save(db, EQUIPMENT, {**machine, "serial_no": "HB900-2", "customer": "KH-9999"})
    assert found(db, EQUIPMENT, search="面粉") == ["HB900-1"]


@pytest.mark.parametrize("words", ["面粉", "金穗 5550", "KH-0001", "kh-0001 面粉厂", "单位", "Company"])
def test_words_of_any_field_in_either_language_find_it(db: Database, words: str) -> None:
    save(db, CUSTOMERS, MILL)
    save(db, CUSTOMERS, {"name": "杜女士", "type": "person"})
    assert found(db, CUSTOMERS, search=words) == ["KH-0001"]


@pytest.mark.parametrize("words", ["面粉 医院", "100%", "_", "\0"])
def test_every_word_must_be_there_as_it_stands(db: Database, words: str) -> None:
    save(db, CUSTOMERS, MILL)
    assert found(db, CUSTOMERS, search=words) == ([] if words != "\0" else ["KH-0001"])


def test_lists_are_narrowed_and_paged(db: Database) -> None:
    for place in range(5):
        save(db, CUSTOMERS, {"name": f"第 {place} 家", "type": "person" if place % 2 else "company"})
    assert found(db, CUSTOMERS, facet="person") == ["KH-0002", "KH-0004"]
    with db.reading() as session:
        first = find_records(session, CUSTOMERS, limit=2)
        rest = find_records(session, CUSTOMERS, limit=3, after=first.after)
    assert [each.key for each in (*first.items, *rest.items)] == [f"KH-000{n}" for n in range(1, 6)]
    assert rest.after is None


def test_the_second_of_two_writers_is_told(db: Database) -> None:
    key = save(db, CUSTOMERS, MILL)
    save(db, CUSTOMERS, {"phone": "010-5550 9999"}, key=key, version=1)
    with pytest.raises(RecordChanged):
        save(db, CUSTOMERS, {"phone": "010-5550 0000"}, key=key, version=1)
    with db.reading() as session:
        assert record(session, CUSTOMERS, key).values["phone"] == "010-5550 9999"


def test_saving_the_same_again_is_no_version(db: Database) -> None:
    key = save(db, CUSTOMERS, MILL)
    save(db, CUSTOMERS, MILL, key=key, version=1)
    with db.reading() as session:
        assert len(history(session, CUSTOMERS, key)) == 1


def test_a_record_is_put_away_and_taken_out_but_never_deleted(db: Database) -> None:
    key = save(db, CUSTOMERS, MILL)
    later = START + timedelta(days=1)
    set_archived(db, CLERK, later, CUSTOMERS, key, archived=True)
    assert (found(db, CUSTOMERS), found(db, CUSTOMERS, archived=True)) == ([], [key])
    set_archived(db, CLERK, later, CUSTOMERS, key, archived=False)
    with db.reading() as session:
        assert [change.act for change in history(session, CUSTOMERS, key)] == ["restore", "archive", "create"]
    assert found(db, CUSTOMERS) == [key]


def test_changing_needs_the_permission_of_the_kind(db: Database) -> None:
    reader = Actor("ji", "纪稽核", frozenset({"records:*", "edit:parts"}))
    with pytest.raises(NotPermitted):
        save(db, CUSTOMERS, MILL, by=reader)
    with pytest.raises(NotPermitted):
        set_archived(db, reader, START, CUSTOMERS, "KH-0001", archived=True)
    assert save(db, PARTS, {"part_no": "X1", "name": "螺栓", "category": "part"}, by=reader) == "X1"


def test_solutions_are_kept_by_whose_work_they_are(db: Database) -> None:
    desk = Actor("zhong", "钟台长", frozenset({"edit:knowledge.complaint"}))
    told = {"title": "上门迟到", "problem": "迟到半天", "solution": "致歉并重约"}
    key = save(db, RECORD_KINDS["knowledge"], {**told, "kind": "complaint"}, by=desk)
    for values, options in (({**told, "kind": "fault"}, {}), ({"kind": "fault"}, {"key": key})):
        with pytest.raises(NotPermitted):
            save(db, RECORD_KINDS["knowledge"], values, by=desk, **options)
    other = save(db, RECORD_KINDS["knowledge"], {**told, "kind": "fault"})
    with pytest.raises(NotPermitted):
        set_archived(db, desk, START, RECORD_KINDS["knowledge"], other, archived=True)
    with pytest.raises(NotPermitted):
        save(db, RECORD_KINDS["knowledge"], {"kind": "complaint"}, by=desk, key=other)


def test_there_are_no_other_records_and_kinds(db: Database) -> None:
    with pytest.raises(NoSuchKind):
        kind_of("dragons")
    for key in ("KH-0001", "a\0b"):
        with db.reading() as session, pytest.raises(NoSuchRecord):
            record(session, CUSTOMERS, key)


def test_lists_inside_a_record_keep_their_order(db: Database) -> None:
    for part_no in ("B", "A"):
        save(db, PARTS, {"part_no": part_no, "name": part_no, "category": "part"})
    bom = [{"part_no": "B", "quantity": Decimal(2)}, {"part_no": "A", "quantity": Decimal(1)}]
    save(db, PRODUCTS, {"model": "M", "name": "机", "category": "other", "bom": bom})
    with db.reading() as session:
        kept = record(session, PRODUCTS, "M").values["bom"]
    assert [(row["part_no"], row["quantity"]) for row in kept] == [("B", 2), ("A", 1)]
