"""The people of a scenario file as people of a company: an account for each name, with the roles the file gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from company.people.tables import people, person_roles, role_permissions, roles
from engine.database import Database
from engine.scenarios import ScenarioFile
from engine.session import Session

NOBODY_LOGS_IN = "!"
"""No hash: no password there is leads in."""


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody who exists for a scenario only."""

    account: str
    name: str
    roles: tuple[str, ...]


def invented_people(file: ScenarioFile) -> list[InventedPerson]:
    """One person for each name of the file; the account tells the first role and which of its people this is."""
    count = Counter[str]()
    found = []
    for name, held in file.people.items():
        role = held[0][:30] if held else "nobody"
        count[role] += 1
        found.append(InventedPerson(f"{role}-{count[role]}", name, held))
    return found


def add_people(db: Database, invented: Sequence[InventedPerson], now: datetime) -> None:
    """Add them to a database without people, each of their roles with the permission to work in its lane."""
    held = sorted({role for person in invented for role in person.roles})

    def work(session: Session) -> None:
        if invented:
            session.execute(insert(people), [_row(number, each, now) for number, each in enumerate(invented, 1)])
        if held:
            session.execute(insert(roles), [{"key": role, "name": role, "name_en": role} for role in held])
            session.execute(insert(role_permissions), [{"role": role, "permission": f"work:{role}"} for role in held])
            session.execute(
                insert(person_roles), [{"person": p.account, "role": role} for p in invented for role in p.roles]
            )

    db.write(work)


def _row(number: int, person: InventedPerson, now: datetime) -> dict[str, object]:
    nothing = dict.fromkeys(("gender", "title", "email", "phone", "mobile", "description"), "")
    return nothing | {
        "id": person.account,
        "number": number,
        "name": person.name,
        "name_en": person.name,
        "language": "zh",
        "active": True,
        "password_hash": NOBODY_LOGS_IN,
        "password_temporary": False,
        "created_at": now,
        "changed_at": now,
    }
