"""Keys that become addresses: one rule for records, roles, departments and accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from company.keys import RESERVED, key_problems, tidied
from company.people.change_person import Details, InvalidPerson, add_person
from company.people.departments import Department, InvalidDepartment, add_department
from company.people.roles import InvalidRole, Role, add_role, all_roles
from company.records.kinds import RECORD_KINDS
from company.records.save import InvalidRecord, find_record, record, save_record
from company.records.tables import records
from engine import forms
from engine.actor import SYSTEM, Actor
from engine.database import Database
from tests.product import START

pytest_plugins = ["tests.accounts"]

CLERK = Actor("bai", "白小鹿", frozenset({"records:*", "edit:*"}))
UNFIT = ["P\u3000001", "P\u00a0001", "P\u200b001", "P 001", "P\t1", "P\0", "a/b", "a\\b", "a?b", "a#b", "5%", "p\u3164"]
PARTS = RECORD_KINDS["parts"]
KEEPER = Actor(SYSTEM.id, SYSTEM.name, frozenset({"administer"}))


def save(db: Database, number: str) -> str:
    values = {"part_no": number, "name": "密封圈", "category": "part"}
    return save_record(db, CLERK, START, PARTS, values, forms.FormEnvironment(now=START))


@pytest.mark.parametrize("key", [*UNFIT, *sorted(RESERVED), "New", "x" * 61])
def test_a_key_no_address_could_hold_is_refused(key: str) -> None:
    [problem] = key_problems(tidied(key), "part_no")
    assert problem.where == "part_no"
    assert problem.zh != problem.en


@pytest.mark.parametrize(
    ("typed", "kept"), [("\u3000ＭＦ－０８ ", "MF-08"), ("P-1\u00a0", "P-1"), ("密封圈-1", "密封圈-1")]
)
def test_a_key_is_kept_in_its_plain_form(db: Database, typed: str, kept: str) -> None:
    assert save(db, typed) == kept
    with db.reading() as session:
        assert record(session, PARTS, typed).key == kept


@pytest.mark.parametrize("key", [*UNFIT, *sorted(RESERVED)])
def test_no_record_gets_an_unfit_key(db: Database, key: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        save(db, key)
    assert {problem.where for problem in refused.value.problems} == {"part_no"}


def test_the_same_key_in_another_form_is_taken(db: Database) -> None:
    save(db, "MF-08")
    with pytest.raises(InvalidRecord) as refused:
        save(db, "ＭＦ-08")
    assert [problem.rule for problem in refused.value.problems] == ["record.taken"]


@pytest.mark.parametrize("key", ["P\u3000001", "P\u00a0001", "P\u200b001"])
def test_a_record_that_got_such_a_key_before_stays_reachable(db: Database, key: str) -> None:
    save(db, "P-1")
    db.write(lambda session: session.execute(update(records).where(records.c.key == "P-1").values(key=key)))
    with db.reading() as session:
        found = find_record(session, PARTS, key)
    assert found and found.key == key


@pytest.mark.parametrize("key", ["import", "new", "a b", "a\u200bb"])
def test_roles_departments_and_people_keep_to_the_rule(staffed: Database, key: str) -> None:
    with pytest.raises(InvalidRole):
        add_role(staffed, KEEPER, START, Role(key, "甲", "A"))
    with pytest.raises(InvalidDepartment):
        add_department(staffed, KEEPER, START, Department(key, "甲", "A"))
    with pytest.raises(InvalidPerson):
        add_person(staffed, KEEPER, START, key, Details("甲"))


def test_a_role_typed_full_width_is_kept_plain(staffed: Database) -> None:
    add_role(staffed, KEEPER, START, Role("ｎｉｇｈｔ＿ｓｈｉｆｔ", "夜班", "Night shift"))
    with staffed.reading() as session:
        assert "night_shift" in {role.key for role in all_roles(session)}
