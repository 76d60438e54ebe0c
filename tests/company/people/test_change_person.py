from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import Any

import pytest
from sqlalchemy import select

from company.people.audit_log import Act, acts
from company.people.change_person import (
    Details,
    InvalidPerson,
    OwnAccount,
    add_person,
    change_own_data,
    change_person,
    set_active,
    set_roles,
)
from company.people.directory import NoSuchPerson, Person, person
from company.people.login import check_login
from company.people.passwords import WeakPassword
from company.people.roles import LastAdministrator, NoSuchRole
from company.people.sessions import open_session, session_person
from company.people.tables import people
from demo import people as demo
from engine.actor import SYSTEM, Actor, NotPermitted
from engine.database import Database
from tests.product import START

pytest_plugins = ["tests.accounts"]

NEW = Details("江小鱼", name_en="Jiang Xiaoyu", department="finance", email="jiang@example.com", phone="010-5555 转 12")


def stored(db: Database, account: str) -> Person:
    with db.reading() as session:
        return person(session, account)


def log(db: Database) -> list[Act]:
    with db.reading() as session:
        return acts(session).items


def test_an_added_person_logs_in_with_the_password_given(staffed: Database, actor: Callable[[str], Actor]) -> None:
    given = add_person(staffed, actor("admin"), START, "jiang", NEW, ["finance"])
    assert check_login(staffed, START, "jiang", given, "here") == "jiang"
    found = stored(staffed, "jiang")
    assert (found.number, found.roles, found.password_temporary) == (len(demo.PEOPLE) + 1, ("finance",), True)
    assert Details.of(found) == NEW


def test_a_password_chosen_for_somebody_need_not_be_changed(staffed: Database) -> None:
    assert add_person(staffed, SYSTEM, START, "jiang", NEW, password="four quiet bolts") == "four quiet bolts"
    assert not stored(staffed, "jiang").password_temporary


def test_a_weak_password_adds_nobody(staffed: Database) -> None:
    with pytest.raises(WeakPassword):
        add_person(staffed, SYSTEM, START, "jiang", NEW, password="jiang")
    with pytest.raises(NoSuchPerson):
        stored(staffed, "jiang")


@pytest.mark.parametrize("account", ["", "j", "Jiang", "1jiang", "jiang xiaoyu", "江小鱼", "j" * 41, "jiang\n", "a/b"])
def test_an_account_of_another_shape_is_refused(staffed: Database, account: str) -> None:
    with pytest.raises(InvalidPerson) as refused:
        add_person(staffed, SYSTEM, START, account, NEW)
    assert [problem.where for problem in refused.value.problems] == ["account"]


@pytest.mark.parametrize("account", ["lin", "system"])
def test_an_account_is_given_once(staffed: Database, account: str) -> None:
    with pytest.raises(InvalidPerson) as refused:
        add_person(staffed, SYSTEM, START, account, NEW)
    assert refused.value.problems[0].rule == "account_taken"
    assert "已有人使用" in refused.value.problems[0].text("zh")


@pytest.mark.parametrize(
    "field, value",
    [
        ("name", ""),
        ("name", "长" * 61),
        ("name", "江\x00鱼"),
        ("name_en", "x" * 61),
        ("email", "no address"),
        ("email", "a@b"),
        ("phone", "call me"),
        ("mobile", "１２３x"),
        ("gender", "other"),
        ("department", "no_such"),
        ("language", "fr"),
        ("description", "长" * 501),
    ],
)
def test_a_field_that_cannot_be_so_is_named(staffed: Database, field: str, value: str) -> None:
    before = Details.of(stored(staffed, "lin"))
    with pytest.raises(InvalidPerson) as refused:
        change_person(staffed, SYSTEM, START, "lin", replace(before, **{field: value}))
    assert {problem.where for problem in refused.value.problems} == {field}
    assert Details.of(stored(staffed, "lin")) == before


def test_all_wrong_fields_are_named_at_once(staffed: Database) -> None:
    with pytest.raises(InvalidPerson) as refused:
        change_person(staffed, SYSTEM, START, "lin", Details("", email="x", phone="x"))
    assert [problem.where for problem in refused.value.problems] == ["name", "email", "phone"]


def test_details_are_read_from_a_form() -> None:
    read = Details.read({"name": "  江小鱼 ", "department": "", "csrf_token": "x", "roles": "administrator"})
    assert asdict(read) == asdict(Details("江小鱼"))


def test_a_change_is_on_record_with_the_old_and_the_new(staffed: Database, actor: Callable[[str], Actor]) -> None:
    after = replace(Details.of(stored(staffed, "lin")), title="主任工程师")
    change_person(staffed, actor("admin"), START, "lin", after)
    (act,) = log(staffed)
    assert (act.actor, act.act, act.subject) == ("admin", "change_person", "lin")
    assert act.details == {"title": {"from": "售后工程师", "to": "主任工程师"}}


def test_saving_without_a_change_leaves_no_record(staffed: Database) -> None:
    change_person(staffed, SYSTEM, START, "lin", Details.of(stored(staffed, "lin")))
    assert log(staffed) == []


def test_people_change_their_own_reachability_but_not_their_place(
    staffed: Database, actor: Callable[[str], Actor]
) -> None:
    forged = {"mobile": " 139 0000 0000 ", "title": "总经理", "name": "孙总", "department": "office", "active": "no"}
    change_own_data(staffed, actor("lin"), START, forged)
    found = stored(staffed, "lin")
    assert (found.mobile, found.title, found.name, found.department) == (
        "139 0000 0000", "售后工程师", "林一凡", "after_sales",
    )  # fmt: skip


def test_roles_are_replaced_and_on_record(staffed: Database, actor: Callable[[str], Actor]) -> None:
    set_roles(staffed, actor("admin"), START, "lin", ["finance", "finance", "supply"])
    assert stored(staffed, "lin").roles == ("finance", "supply")
    (act,) = log(staffed)
    assert act.details == {"roles": {"from": ["after_sales"], "to": ["finance", "supply"]}}
    set_roles(staffed, actor("admin"), START, "lin", ["supply", "finance"])
    assert len(log(staffed)) == 1


def test_an_unknown_role_is_refused(staffed: Database) -> None:
    with pytest.raises(NoSuchRole):
        set_roles(staffed, SYSTEM, START, "lin", ["finance", "emperor"])
    assert stored(staffed, "lin").roles == ("after_sales",)


def test_somebody_shut_out_loses_their_sessions_but_not_their_data(
    staffed: Database, actor: Callable[[str], Actor]
) -> None:
    token = open_session(staffed, START, "lin")
    set_active(staffed, actor("admin"), START, "lin", active=False)
    with staffed.reading() as session:
        assert session_person(session, token, START) is None
    assert not stored(staffed, "lin").active
    set_active(staffed, actor("admin"), START, "lin", active=True)
    assert stored(staffed, "lin").active
    assert [act.act for act in log(staffed)] == ["activate", "deactivate"]


def test_administrators_do_not_shut_themselves_out(staffed: Database, actor: Callable[[str], Actor]) -> None:
    with pytest.raises(OwnAccount):
        set_active(staffed, actor("admin"), START, "admin", active=False)


@pytest.mark.parametrize(
    "act",
    [
        lambda db: set_active(db, SYSTEM, START, "admin", active=False),
        lambda db: set_roles(db, SYSTEM, START, "admin", ["auditor"]),
    ],
    ids=["deactivated", "other_roles"],
)
def test_the_last_administrator_stays(staffed: Database, act: Callable[[Database], Any]) -> None:
    with pytest.raises(LastAdministrator):
        act(staffed)
    admin = stored(staffed, "admin")
    assert admin.active
    assert admin.roles == ("administrator",)
    assert log(staffed) == []


@pytest.mark.parametrize("account", ["lin", "sun", "ji", "mo"])
@pytest.mark.parametrize(
    "act",
    [
        lambda db, actor: add_person(db, actor, START, "jiang", NEW),
        lambda db, actor: change_person(db, actor, START, "bai", NEW),
        lambda db, actor: set_roles(db, actor, START, actor.id, ["administrator"]),
        lambda db, actor: set_active(db, actor, START, "bai", active=False),
    ],
    ids=["add", "change", "roles", "deactivate"],
)
def test_only_administrators_act_on_people(
    staffed: Database, actor: Callable[[str], Actor], account: str, act: Callable[[Database, Actor], Any]
) -> None:
    with pytest.raises(NotPermitted):
        act(staffed, actor(account))
    assert log(staffed) == []


def test_two_people_added_at_once_get_numbers_of_their_own(staffed: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: add_person(staffed, SYSTEM, START, f"person{n}", Details(f"某人{n}")), range(8)))
    with staffed.reading() as session:
        numbers = session.execute(select(people.c.number).where(people.c.id.startswith("person"))).scalars().all()
    first = len(demo.PEOPLE) + 1
    assert sorted(numbers) == list(range(first, first + 8))
