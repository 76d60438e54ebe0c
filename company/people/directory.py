"""People as everybody sees them: names, what somebody may do at a moment, and the list to search and pick from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, or_, select

from company.people.tables import departments, people, person_roles, role_permissions, substitutes
from engine.actor import CUSTOMER, SYSTEM, Actor
from engine.errors import ClauseflowError
from engine.queries.paging import Page, behind, cursor
from engine.session import Session

HANDED_OVER = ("start:", "work:", "reassign:", "see:")
"""The permissions a substitute uses in somebody's place; other permissions stay personal."""

_NOBODY_IN_PARTICULAR = {
    SYSTEM.id: {"zh": "系统", "en": "System"},
    CUSTOMER.id: {"zh": "客户（网上）", "en": "Customer (online)"},
}


class NoSuchPerson(ClauseflowError):
    """Nobody has that account."""

    zh = "没有账号为“{account}”的人员。"
    en = "There is nobody with the account “{account}”."


class NotActive(ClauseflowError):
    """The person has been deactivated."""

    zh = "账号“{account}”已停用。"
    en = "The account “{account}” is deactivated."


@dataclass(frozen=True, slots=True)
class Person:
    """The fields of clause xt-11 but the password; empty text where nothing is known. `id` is the account name."""

    id: str
    number: int
    name: str
    name_en: str
    gender: str
    title: str
    department: str | None
    department_name: str
    department_name_en: str
    email: str
    phone: str
    mobile: str
    description: str
    language: str
    active: bool
    password_temporary: bool
    created_at: datetime
    changed_at: datetime
    roles: tuple[str, ...]


def person(session: Session, account: str) -> Person:
    """One person with their roles. Raises NoSuchPerson."""
    known = account.isprintable()  # a NUL in a text is an error to one of the databases
    found = _with_roles(session, session.execute(_rows().where(people.c.id == account)).all()) if known else []
    if not found:
        raise NoSuchPerson(account=account[:60])
    return found[0]


def find_people(
    session: Session,
    *,
    search: str = "",
    role: str | None = None,
    active: bool | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Person]:
    """People by running number; `search` is words that all occur in account, names, title, department or contact."""
    chosen = _rows().where(behind([people.c.number], after), *_said(search))
    if role is not None and role.isprintable():
        chosen = chosen.where(people.c.id.in_(select(person_roles.c.person).where(person_roles.c.role == role)))
    if active is not None:
        chosen = chosen.where(people.c.active == active)
    rows = session.execute(chosen.order_by(people.c.number).limit(limit + 1)).all()
    found = _with_roles(session, rows[:limit])
    return Page(found, cursor([found[-1].number]) if len(rows) > limit else None)


def _said(search: str) -> list[ColumnElement[bool]]:
    """Conditions that every word of a search occurs in what is known of a person."""
    words = search.replace("\0", " ").split()
    return [or_(*(column.icontains(word, autoescape=True) for column in _SEARCHED)) for word in words]


def actor_of(session: Session, account: str, now: datetime) -> Actor:
    """The person with the permissions of their roles and of those they stand in for now.

    Raises NoSuchPerson, NotActive.
    """
    row = session.execute(select(people.c.name, people.c.active).where(people.c.id == account)).one_or_none()
    if row is None:
        raise NoSuchPerson(account=account[:60])
    if not row.active:
        raise NotActive(account=account)
    return live_actor(session, account, row.name, now)


def live_actor(session: Session, account: str, name: str, now: datetime) -> Actor:
    """`actor_of` for somebody already known to be active, in one query."""
    rows = session.all(_held, {"account": account, "now": now})
    held: dict[str, set[str]] = defaultdict(set)
    for person_id, permission in rows:
        held[person_id].update((permission,) if permission else ())
    own = frozenset(held.pop(account, ()))
    return Actor(account, name, own, {principal: _handed_over(its) for principal, its in held.items()})


def names(session: Session, accounts: Iterable[str], language: str = "zh") -> dict[str, str]:
    """What to call people, deactivated ones too, in the reader's language; an unknown account is its own name."""
    wanted = set(accounts)
    rows = session.execute(_called, {"wanted": list(wanted)}) if wanted else ()
    known = {row.id: row.name if language == "zh" else row.name_en or row.name for row in rows}
    others = {account: called["zh" if language == "zh" else "en"] for account, called in _NOBODY_IN_PARTICULAR.items()}
    return {account: others.get(account, account) for account in wanted} | known


def holders(session: Session, permission: str, search: str = "") -> list[Person]:
    """The active people who hold a permission in their own right, by name: to whom a task can be handed.

    `search` as in `find_people`.
    """
    kind = permission.partition(":")[0]
    chosen = (
        select(person_roles.c.person)
        .join(role_permissions, role_permissions.c.role == person_roles.c.role)
        .where(role_permissions.c.permission.in_({permission, f"{kind}:*"}))
    )
    query = _rows().where(people.c.active, people.c.id.in_(chosen), *_said(search))
    return _with_roles(session, session.execute(query.order_by(people.c.name, people.c.id)).all())


def standing_in_for(account: str, now: datetime) -> Select[tuple[str]]:
    """The people somebody stands in for now, as a query."""
    return _absent.params(account=account, now=now)


# Statements are built once: building one takes longer than SQLite takes to carry it out.
_absent = select(substitutes.c.principal).where(
    substitutes.c.substitute == bindparam("account"),
    substitutes.c.starts_at <= bindparam("now"),
    substitutes.c.ends_at > bindparam("now"),
)
_held = (
    select(people.c.id, role_permissions.c.permission)
    .outerjoin(person_roles, person_roles.c.person == people.c.id)
    .outerjoin(role_permissions, role_permissions.c.role == person_roles.c.role)
    .where(people.c.active, or_(people.c.id == bindparam("account"), people.c.id.in_(_absent)))
)
_called = select(people.c.id, people.c.name, people.c.name_en).where(
    people.c.id.in_(bindparam("wanted", expanding=True))
)

_SEARCHED = (
    people.c.id,
    people.c.name,
    people.c.name_en,
    people.c.title,
    people.c.email,
    people.c.phone,
    people.c.mobile,
    func.coalesce(departments.c.name, ""),
    func.coalesce(departments.c.name_en, ""),
)


def _rows() -> Select:
    return select(
        people,
        func.coalesce(departments.c.name, "").label("department_name"),
        func.coalesce(departments.c.name_en, "").label("department_name_en"),
    ).outerjoin(departments, departments.c.key == people.c.department)


def _with_roles(session: Session, rows: Iterable[Row]) -> list[Person]:
    found = list(rows)
    chosen = person_roles.c.person.in_([row.id for row in found])
    roles: dict[str, list[str]] = defaultdict(list)
    for account, role in session.execute(select(person_roles).where(chosen).order_by(person_roles.c.role)):
        roles[account].append(role)
    columns = [name for name in Person.__dataclass_fields__ if name != "roles"]
    return [Person(**{name: getattr(row, name) for name in columns}, roles=tuple(roles[row.id])) for row in found]


def _handed_over(permissions: set[str]) -> frozenset[str]:
    return frozenset(permission for permission in permissions if permission.startswith(HANDED_OVER))
