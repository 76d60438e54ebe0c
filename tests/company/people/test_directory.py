from collections.abc import Callable
from datetime import timedelta

import pytest

from company.people.change_person import Details, add_person, set_active
from company.people.directory import NoSuchPerson, NotActive, actor_of, find_people, holders, names, person
from company.people.substitutes import add_substitute
from demo import people as demo
from engine.actor import SYSTEM, Actor
from engine.database import Database
from engine.session import Session
from tests.product import START

pytest_plugins = ["tests.accounts"]

DAY = timedelta(days=1)


def accounts(session: Session, **asked: object) -> list[str]:
    return [one.id for one in find_people(session, **asked).items]  # type: ignore[arg-type]


def test_an_actor_has_the_permissions_of_all_their_roles(actor: Callable[[str], Actor]) -> None:
    he = actor("he")
    assert he.lanes() == set(next(one.roles for one in demo.PEOPLE if one.account == "he"))
    assert {"after_sales", "finance"} <= he.lanes()
    assert he.may("start:price_approval")
    assert not he.may("administer")
    assert he.name == "何兼任"


def test_an_unknown_or_deactivated_account_is_no_actor(staffed: Database, actor: Callable[[str], Actor]) -> None:
    with pytest.raises(NoSuchPerson):
        actor("nobody")
    set_active(staffed, SYSTEM, START, "lin", active=False)
    with pytest.raises(NotActive):
        actor("lin")


def test_a_substitute_acts_for_somebody_within_the_period_only(staffed: Database, actor: Callable[..., Actor]) -> None:
    add_substitute(staffed, SYSTEM, START, "zhou", "lin", START + DAY, START + 3 * DAY)
    assert actor("lin", START + DAY - timedelta(seconds=1)).substitutes == {}
    lin = actor("lin", START + DAY)
    assert lin.in_place_of("work:finance") == "zhou"
    assert lin.in_place_of("work:after_sales") is None
    assert actor("lin", START + 3 * DAY).substitutes == {}


def test_a_substitute_never_inherits_duties(staffed: Database, actor: Callable[..., Actor]) -> None:
    add_substitute(staffed, SYSTEM, START, "admin", "lin", START, START + DAY)
    lin = actor("lin", START)
    assert lin.substitutes == {"admin": frozenset({"see:*"})}
    assert not lin.may("administer")
    assert not lin.may("correct")


def test_nobody_stands_in_for_somebody_deactivated(staffed: Database, actor: Callable[..., Actor]) -> None:
    add_substitute(staffed, SYSTEM, START, "zhou", "lin", START, START + DAY)
    set_active(staffed, SYSTEM, START, "zhou", active=False)
    assert actor("lin", START).substitutes == {}


def test_standing_in_does_not_reach_further(staffed: Database, actor: Callable[..., Actor]) -> None:
    add_substitute(staffed, SYSTEM, START, "sun", "qian", START, START + DAY)
    add_substitute(staffed, SYSTEM, START, "qian", "lin", START, START + DAY)
    assert set(actor("lin", START).substitutes) == {"qian"}
    assert not actor("lin", START).may("work:general_manager")


def test_names_are_in_the_readers_language(reading: Session) -> None:
    assert names(reading, ["lin", "system", "gone"]) == {"lin": "林一凡", "system": "系统", "gone": "gone"}
    assert names(reading, ["lin", "system"], "en") == {"lin": "Lin Yifan", "system": "System"}
    assert names(reading, []) == {}


def test_a_name_without_english_stays_chinese(staffed: Database) -> None:
    add_person(staffed, SYSTEM, START, "jiang", Details("江小鱼"))
    with staffed.reading() as session:
        assert names(session, ["jiang"], "en") == {"jiang": "江小鱼"}


def test_people_are_found_by_words_of_any_field(reading: Session) -> None:
    assert accounts(reading, search="一凡") == ["lin"]
    assert accounts(reading, search="yifan LIN") == ["lin"]
    assert accounts(reading, search="财务") == ["zhou", "qin"]
    assert accounts(reading, search="财务 成本") == ["qin"]
    assert accounts(reading, search="0103") == ["zheng"]
    assert accounts(reading, search="nothing like that") == []


@pytest.mark.parametrize(("search", "found"), [("%", []), ("_", []), ("\\", []), ("'", ["yan"]), ("\0%", [])])
def test_a_search_takes_signs_as_they_stand(reading: Session, search: str, found: list[str]) -> None:
    """Only the chief engineer's office has one of these signs in its name."""
    assert accounts(reading, search=search) == found


def test_people_are_filtered_by_role_and_state(staffed: Database) -> None:
    set_active(staffed, SYSTEM, START, "qin", active=False)
    with staffed.reading() as session:
        assert accounts(session, role="finance") == ["zhou", "qin", "he"]
        assert accounts(session, role="finance", active=True) == ["zhou", "he"]
        assert accounts(session, active=False) == ["qin"]


def test_pages_follow_each_other_without_gap_or_repetition(reading: Session) -> None:
    whole = accounts(reading, limit=100)
    seen: list[str] = []
    after: str | None = None
    while True:
        page = find_people(reading, after=after, limit=5)
        seen += [one.id for one in page.items]
        after = page.after
        if after is None:
            break
    assert seen == whole
    assert len(seen) == len(demo.PEOPLE)


def test_a_person_has_every_field_of_the_regulation(reading: Session) -> None:
    lin = person(reading, "lin")
    assert (lin.number, lin.id, lin.name, lin.gender, lin.title) == (1, "lin", "林一凡", "male", "售后工程师")
    assert (lin.email, lin.phone, lin.mobile) == ("lin@example.com", "010-5555 0101", "")
    assert (lin.department, lin.department_name, lin.department_name_en) == ("after_sales", "售后部", "After-sales")
    assert lin.roles == ("after_sales",)
    assert lin.description


@pytest.mark.parametrize("account", ["nobody", "", "lin\0", "林一凡"])
def test_nobody_is_found_under_another_account(reading: Session, account: str) -> None:
    with pytest.raises(NoSuchPerson):
        person(reading, account)


def test_holders_are_the_active_people_with_a_permission(staffed: Database) -> None:
    set_active(staffed, SYSTEM, START, "qin", active=False)
    with staffed.reading() as session:
        assert {one.id for one in holders(session, "work:finance")} == {"zhou", "he"}
        assert {one.id for one in holders(session, "start:anything")} == {"lin", "bai", "zheng", "he", "tang"}
        assert {one.id for one in holders(session, "administer")} == {"admin"}


def test_the_actor_of_a_moment_needs_no_more_than_a_session(reading: Session) -> None:
    assert actor_of(reading, "ji", START).may("audit")
