from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cli.content import bundle, process_keys
from company.people.first_administrator import add_first_administrator
from company.people.login import check_login
from company.people.tables import people
from demo import people as demo
from engine.actor import Actor
from engine.database import Database
from engine.scenarios import read_scenarios
from tests.product import START

pytest_plugins = ["tests.accounts"]
ROOT = Path(__file__).parents[2]


def test_the_demo_is_loaded_once(db: Database) -> None:
    assert demo.load_people(db, START) == len(demo.PEOPLE)
    assert demo.load_people(db, START) == 0
    with db.reading() as session:
        assert session.execute(select(func.count()).select_from(people)).scalar() == len(demo.PEOPLE)


def test_the_demo_never_joins_real_people(db: Database) -> None:
    add_first_administrator(db, START, "guan", "关总")
    assert demo.load_people(db, START) == 0
    with db.reading() as session:
        assert session.execute(select(people.c.id)).scalars().all() == ["guan"]


def test_everybody_logs_in_with_the_password_printed(staffed: Database) -> None:
    head, *lines = demo.logins()
    assert all(demo.PASSWORD in text for text in head)
    assert len(lines) == len(demo.PEOPLE)
    for person, (zh, en) in zip(demo.PEOPLE, lines, strict=True):
        assert person.account in zh
        assert person.name in zh
        assert person.account in en
        assert en.isascii()
        assert check_login(staffed, START, person.account, demo.PASSWORD, person.account) == person.account


@pytest.mark.parametrize("process", process_keys())
def test_the_people_of_the_scenarios_are_there_with_their_roles(process: str) -> None:
    roles = {person.name: set(person.roles) for person in demo.PEOPLE}
    path = ROOT / "processes" / f"{process}.scenarios.yaml"
    for name, wanted in read_scenarios(path.read_bytes(), path.name).people.items():
        assert roles[name] >= set(wanted), name


@pytest.mark.parametrize("process", process_keys())
def test_somebody_works_in_every_lane(process: str) -> None:
    held = {role for person in demo.PEOPLE for role in person.roles}
    assert set(bundle(process).diagram.lanes) <= held


def test_four_eyes_find_two_people_where_they_are_needed() -> None:
    holders = Counter(role for person in demo.PEOPLE for role in person.roles)
    assert holders["after_sales"] >= 2
    assert holders["finance"] >= 2
    assert set(holders) == {role.key for role in demo.ROLES}


def test_every_role_of_the_demo_works_in_its_lane(actor: Callable[[str], Actor]) -> None:
    assert actor("wu").lanes() == {"supply"}
    assert actor("mo").may("deploy")
    assert actor("ji").may("audit")
    assert actor("admin").may("administer")
    assert not actor("admin").may("work:finance")
