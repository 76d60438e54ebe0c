"""The first administrator of a company: let in once, and nobody else that way."""

from __future__ import annotations

import pytest

from company.people import audit_log, directory
from company.people.change_person import InvalidPerson
from company.people.first_administrator import AdministratorThere, add_first_administrator
from company.people.login import check_login
from company.people.roles import all_roles
from demo import people as demo
from engine.database import Database
from tests.product import START


def test_a_company_without_people_gets_one_who_administers(db: Database) -> None:
    password = add_first_administrator(db, START, "guan", "关管理")

    assert check_login(db, START, "guan", password, "10.0.0.1") == "guan"
    with db.reading() as session:
        assert directory.actor_of(session, "guan", START).may("administer")
        assert directory.person(session, "guan").password_temporary, "printed on a terminal, so good for once"
        acts = [(act.actor, act.act, act.subject) for act in audit_log.acts(session).items]
    assert acts == [("system", "add_person", "guan"), ("system", "add_role", "administrator")]


def test_a_refused_account_can_be_put_right(db: Database) -> None:
    with pytest.raises(InvalidPerson):
        add_first_administrator(db, START, "关", "关管理")
    with db.reading() as session:
        assert all_roles(session) == [], "the role is not added without the person"

    add_first_administrator(db, START, "guan", "关管理")


def test_where_somebody_administers_nobody_is_added(db: Database) -> None:
    demo.load_people(db, START)

    with pytest.raises(AdministratorThere) as refused:
        add_first_administrator(db, START, "thief", "贼")

    assert "admin" in refused.value.text("en")
