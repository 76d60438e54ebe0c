"""Whether the roles fit the lanes of the processes in force: whose work nobody does, and which roles do none."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from company.people.roles import Role, all_roles, matrix
from company.people.tables import people, person_roles, role_permissions
from engine.actor import lanes_in
from engine.bpmn import Lane
from engine.history.definitions import all_in_force
from engine.session import Session


def lanes_in_force(session: Session) -> Mapping[str, Lane]:
    """Every lane of the processes in force, by id."""
    deployed = [found.definition.diagram for found in all_in_force(session)]
    return {lane.id: lane for diagram in deployed for lane in diagram.lanes.values()}


def unstaffed_lanes(session: Session) -> list[Lane]:
    """The lanes in which nobody works who can log in: what reaches them waits for nobody."""
    staffed = _staffed(session)
    return [] if "*" in staffed else [lane for key, lane in lanes_in_force(session).items() if key not in staffed]


def waits_for_nobody(session: Session, lanes: Mapping[str, Lane]) -> bool:
    """Whether nobody works in any of the lanes of a process."""
    return bool(lanes) and not {"*", *lanes} & _staffed(session)


def roles_beside_lanes(session: Session) -> list[Role]:
    """Roles that work in lanes, or do nothing yet, under a key no lane has: what diagrams tell a lane misses them."""
    lanes, held = lanes_in_force(session), matrix(session)
    strangers = [role for role in all_roles(session) if lanes and role.key not in lanes]
    return [role for role in strangers if not held[role.key] or lanes_in(held[role.key]) & lanes.keys()]


def _staffed(session: Session) -> set[str]:
    query = (
        select(role_permissions.c.permission)
        .join(person_roles, person_roles.c.role == role_permissions.c.role)
        .join(people, people.c.id == person_roles.c.person)
        .where(people.c.active, role_permissions.c.permission.startswith("work:"))
    )
    return lanes_in(session.execute(query.distinct()).scalars())
