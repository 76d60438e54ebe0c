"""Roles beside lanes: what waits for nobody, and whose key no lane has."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from company.people.roles import Role, add_role
from company.people.staffing import lanes_in_force, roles_beside_lanes, unstaffed_lanes, waits_for_nobody
from company.people.tables import people, person_roles
from engine.actor import Actor
from engine.database import Database
from tests.product import START

pytest_plugins = ["tests.accounts"]

KEEPER = Actor("admin", "关管理", frozenset({"administer"}))


@pytest.mark.usefixtures("approval")
def test_the_demo_works_in_every_lane(staffed: Database) -> None:
    with staffed.reading() as session:
        assert unstaffed_lanes(session) == []
        assert roles_beside_lanes(session) == []
        assert not waits_for_nobody(session, lanes_in_force(session))


@pytest.mark.usefixtures("approval")
def test_a_lane_whose_people_are_gone_waits_for_nobody(staffed: Database) -> None:
    staffed.write(lambda session: session.execute(delete(person_roles).where(person_roles.c.role == "finance")))
    with staffed.reading() as session:
        assert [lane.id for lane in unstaffed_lanes(session)] == ["finance"]
        assert not waits_for_nobody(session, lanes_in_force(session))


@pytest.mark.usefixtures("approval")
def test_where_nobody_can_log_in_every_lane_waits_for_nobody(staffed: Database) -> None:
    staffed.write(lambda session: session.execute(update(people).values(active=False)))
    with staffed.reading() as session:
        lanes = lanes_in_force(session)
        assert {lane.id for lane in unstaffed_lanes(session)} == lanes.keys() > set()
        assert waits_for_nobody(session, lanes)


@pytest.mark.usefixtures("approval")
def test_a_role_with_a_key_no_lane_has_is_named_unless_it_has_other_duties(staffed: Database) -> None:
    for key, permissions in (("fiance", ["work:finance"]), ("empty", []), ("auditors", ["audit"]), ("all", ["work:*"])):
        add_role(staffed, KEEPER, START, Role(key, key, key), permissions)
    with staffed.reading() as session:
        assert [role.key for role in roles_beside_lanes(session)] == ["empty", "fiance"]


def test_without_processes_no_role_is_blamed(staffed: Database) -> None:
    add_role(staffed, KEEPER, START, Role("empty", "空", "Empty"))
    with staffed.reading() as session:
        assert roles_beside_lanes(session) == unstaffed_lanes(session) == []
