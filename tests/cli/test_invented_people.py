"""People made for scenarios: one for each name, with the roles it has, known to the database."""

from __future__ import annotations

from cli.invented_people import add_people, invented_people
from company.people.directory import holders
from company.people.directory import person as found
from engine.database import Database
from engine.scenarios import ScenarioFile
from tests.product import START

FILE = ScenarioFile("p", {"甲": ("clerk",), "乙": ("boss", "clerk"), "丙": ("clerk", "boss"), "丁": ()})


def test_every_name_is_an_account_of_its_own() -> None:
    accounts = {person.name: person.account for person in invented_people(FILE)}

    assert accounts == {"甲": "clerk-1", "乙": "boss-1", "丙": "clerk-2", "丁": "nobody-1"}


def test_they_hold_their_roles_and_nothing_else(db: Database) -> None:
    add_people(db, invented_people(FILE), START)

    with db.reading() as session:
        assert {each.name for each in holders(session, "work:clerk")} == {"甲", "乙", "丙"}
        assert {each.name for each in holders(session, "work:boss")} == {"乙", "丙"}
        assert found(session, "nobody-1").roles == ()


def test_a_scenario_without_people_needs_none(db: Database) -> None:
    add_people(db, [], START)
