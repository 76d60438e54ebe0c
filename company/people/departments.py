"""The departments people belong to: an attribute, not a permission."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select

from company.keys import tidied
from company.people import audit_log
from company.people.naming import name_problems
from company.people.tables import departments
from company.races import insert_or_retry
from engine.actor import Actor
from engine.database import command
from engine.errors import Refused
from engine.session import Session


class InvalidDepartment(Refused):
    """A department's key or name cannot be so; `problems` name the field."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department by its key, with its name in both languages."""

    key: str
    name: str
    name_en: str


def all_departments(session: Session) -> list[Department]:
    """Every department by key."""
    rows = session.execute(select(departments).order_by(departments.c.key))
    return [Department(row.key, row.name, row.name_en) for row in rows]


@command
def add_department(session: Session, actor: Actor, now: datetime, department: Department) -> None:
    """Add a department. Raises NotPermitted, InvalidDepartment."""
    actor.require("administer")
    department = replace(department, key=tidied(department.key))
    problems = name_problems(department, all_departments(session))
    if problems:
        raise InvalidDepartment(problems)
    row = {"key": department.key, "name": department.name, "name_en": department.name_en}
    insert_or_retry(session, insert(departments).values(**row))
    audit_log.record(session, actor, now, "add_department", department.key, {"name": department.name})
