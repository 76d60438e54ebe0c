from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from company.people.audit_log import acts
from company.people.change_person import set_active
from company.people.directory import NoSuchPerson, NotActive
from company.people.substitutes import (
    LONGEST,
    AlreadySubstituted,
    BadPeriod,
    NoSuchSubstitute,
    OwnSubstitute,
    Substitution,
    add_substitute,
    end_substitute,
    substitutions,
)
from engine.actor import SYSTEM, Actor, NotPermitted
from engine.database import Database
from tests.product import START

pytest_plugins = ["tests.accounts"]

DAY = timedelta(days=1)


def listed(db: Database, account: str, now: datetime = START) -> list[Substitution]:
    with db.reading() as session:
        return substitutions(session, account, now)


def test_people_name_their_own_substitute(staffed: Database, actor: Callable[[str], Actor]) -> None:
    add_substitute(staffed, actor("zhou"), START, "zhou", "qin", START + DAY, START + 2 * DAY, " 年假 ")
    (one,) = listed(staffed, "zhou")
    assert (one.principal, one.substitute, one.reason, one.created_by) == ("zhou", "qin", "年假", "zhou")
    assert (one.starts_at, one.ends_at) == (START + DAY, START + 2 * DAY)
    assert listed(staffed, "qin") == [one]
    with staffed.reading() as session:
        assert [act.act for act in acts(session, subject="zhou").items] == ["add_substitute"]


def test_nobody_names_a_substitute_for_somebody_else(staffed: Database, actor: Callable[[str], Actor]) -> None:
    with pytest.raises(NotPermitted):
        add_substitute(staffed, actor("lin"), START, "zhou", "lin", START, START + DAY)
    assert listed(staffed, "zhou") == []


def test_an_administrator_names_one_for_somebody_absent(staffed: Database, actor: Callable[[str], Actor]) -> None:
    add_substitute(staffed, actor("admin"), START, "zhou", "qin", START, START + DAY)
    assert listed(staffed, "zhou")[0].created_by == "admin"


def test_nobody_stands_in_for_themselves(staffed: Database, actor: Callable[[str], Actor]) -> None:
    with pytest.raises(OwnSubstitute):
        add_substitute(staffed, actor("zhou"), START, "zhou", "zhou", START, START + DAY)


@pytest.mark.parametrize(
    "starts, ends",
    [
        (START + DAY, START + DAY),
        (START + DAY, START),
        (START - 3 * DAY, START - DAY),
        (START - 2 * DAY, START + DAY),
        (START, START + LONGEST + DAY),
    ],
)
def test_a_period_that_cannot_be_is_refused(staffed: Database, starts: datetime, ends: datetime) -> None:
    with pytest.raises(BadPeriod):
        add_substitute(staffed, SYSTEM, START, "zhou", "qin", starts, ends)


def test_today_has_begun_already_and_counts(staffed: Database) -> None:
    add_substitute(staffed, SYSTEM, START, "zhou", "qin", START - timedelta(hours=9), START + DAY)
    assert len(listed(staffed, "zhou")) == 1


def test_a_substitute_must_be_somebody_active(staffed: Database) -> None:
    with pytest.raises(NoSuchPerson):
        add_substitute(staffed, SYSTEM, START, "zhou", "nobody", START, START + DAY)
    set_active(staffed, SYSTEM, START, "qin", active=False)
    with pytest.raises(NotActive):
        add_substitute(staffed, SYSTEM, START, "zhou", "qin", START, START + DAY)


def test_the_same_person_does_not_stand_in_twice_at_once(staffed: Database) -> None:
    add_substitute(staffed, SYSTEM, START, "zhou", "qin", START, START + 2 * DAY)
    with pytest.raises(AlreadySubstituted):
        add_substitute(staffed, SYSTEM, START, "zhou", "qin", START + DAY, START + 3 * DAY)
    add_substitute(staffed, SYSTEM, START, "zhou", "qin", START + 2 * DAY, START + 3 * DAY)
    add_substitute(staffed, SYSTEM, START, "zhou", "he", START, START + 2 * DAY)
    assert [one.substitute for one in listed(staffed, "zhou")] == ["qin", "he", "qin"]


def test_what_is_over_is_no_longer_listed(staffed: Database) -> None:
    add_substitute(staffed, SYSTEM, START, "zhou", "qin", START, START + DAY)
    assert listed(staffed, "zhou", START + DAY) == []


def test_a_substitution_is_ended_by_its_principal(staffed: Database, actor: Callable[..., Actor]) -> None:
    add_substitute(staffed, SYSTEM, START, "zhou", "qin", START, START + DAY)
    number = listed(staffed, "zhou")[0].id
    with pytest.raises(NoSuchSubstitute):
        end_substitute(staffed, actor("qin"), START + timedelta(hours=1), number)
    end_substitute(staffed, actor("zhou"), START + timedelta(hours=1), number)
    assert actor("qin", START + timedelta(hours=1)).substitutes == {}
    with pytest.raises(NoSuchSubstitute):
        end_substitute(staffed, actor("zhou"), START + timedelta(hours=2), number)
