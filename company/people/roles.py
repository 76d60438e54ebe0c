"""Roles and what they permit: the catalogue of permissions, and the matrix of roles by permissions (xt-6, xt-15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, insert, select

from company.keys import tidied
from company.people import audit_log
from company.people.held_tasks import release_lost
from company.people.naming import name_problems
from company.people.tables import people, person_roles, role_permissions, roles
from company.races import insert_or_retry
from company.records.kinds import RECORD_KINDS, RecordKind
from engine.actor import Actor
from engine.database import command
from engine.errors import ClauseflowError, Refused
from engine.history.definitions import all_in_force
from engine.session import Session


class NoSuchRole(ClauseflowError):
    """No role has that key."""

    zh = "没有角色“{role}”。"
    en = "There is no role “{role}”."


class NoSuchPermission(ClauseflowError):
    """The catalogue does not have that permission."""

    zh = "没有权限“{permission}”。"
    en = "There is no permission “{permission}”."


class LastAdministrator(ClauseflowError):
    """Nobody would be left who may administer."""

    zh = "至少要留一位能登录的管理员，未执行。"
    en = "At least one person who can log in must keep the permission to administer. Nothing was done."


class MatrixChanged(ClauseflowError):
    """Somebody else changed the matrix while it was open."""

    zh = "在您打开权限表之后，别人已修改过它，未保存。请核对最新的权限表后再改。"
    en = "Somebody else changed the permissions after you opened them. Nothing was saved; please look at them again."


class InvalidRole(Refused):
    """A role's key or name cannot be so; `problems` name the field."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role; its key is a lane's id when it works in a lane."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission of the catalogue: its text as actors hold it, its group, and what it is called."""

    key: str
    group: str
    name: str
    name_en: str


GROUPS = {
    "start": ("发起流程", "Start a process"),
    "work": ("办理任务", "Work on tasks"),
    "reassign": ("调派任务", "Reassign tasks"),
    "see": ("查看事项", "See cases"),
    "records": ("查看档案", "Read records"),
    "edit": ("维护档案", "Change records"),
    "duty": ("专门职责", "Special duties"),
}
"""The groups of the catalogue, in order, with their names in both languages."""

_EVERY = {
    "start": ("发起所有流程", "Start every process"),
    "work": ("办理所有泳道的任务", "Work in every lane"),
    "reassign": ("调派所有泳道的任务", "Reassign the tasks of every lane"),
    "see": ("查看所有流程的事项", "See the cases of every process"),
    "records": ("查看所有档案", "Read every kind of record"),
    "edit": ("维护所有档案", "Change every kind of record"),
}

DUTIES = (
    Permission("correct", "duty", "更正与取消事项", "Correct and cancel cases"),
    Permission("deploy", "duty", "部署流程", "Deploy processes"),
    Permission("audit", "duty", "稽核历史", "Audit history"),
    Permission("administer", "duty", "管理人员与权限", "Administer people and permissions"),
)


def all_roles(session: Session) -> list[Role]:
    """Every role by key."""
    rows = session.execute(select(roles.c.key, roles.c.name, roles.c.name_en).order_by(roles.c.key))
    return [Role(*row) for row in rows]


def catalogue(session: Session) -> list[Permission]:
    """Every permission there is: of processes in force, their lanes, kinds of records, duties, and any still held."""
    deployed = [found.definition.diagram for found in all_in_force(session)]
    lanes = {lane.id: lane for diagram in deployed for lane in diagram.lanes.values()}
    found = [_every(kind) for kind in _EVERY]
    found += [Permission(f"start:{d.key}", "start", f"发起{d.name}", f"Start {d.name_en or d.name}") for d in deployed]
    found += [
        Permission(f"work:{x.id}", "work", f"办理{x.name}的任务", f"Work for {x.name_en or x.name}")
        for x in lanes.values()
    ]
    found += [
        Permission(f"reassign:{x.id}", "reassign", f"调派{x.name}的任务", f"Reassign tasks of {x.name_en or x.name}")
        for x in lanes.values()
    ]
    found += [Permission(f"see:{d.key}", "see", f"查看{d.name}", f"See {d.name_en or d.name}") for d in deployed]
    found += [
        Permission(k.reading, "records", f"查看{k.name}档案", f"Read {k.name_en.lower()}")
        for k in RECORD_KINDS.values()
    ]
    found += [permission for kind in RECORD_KINDS.values() for permission in _edits(kind)]
    found += DUTIES
    known = {permission.key for permission in found}
    held = session.execute(select(role_permissions.c.permission).distinct()).scalars()
    found += [_still_held(key) for key in held if key not in known]
    order = list(GROUPS)
    return sorted(found, key=lambda permission: (order.index(permission.group), not permission.key.endswith(":*")))


def matrix(session: Session) -> dict[str, set[str]]:
    """The permissions of every role, by its key."""
    found: dict[str, set[str]] = {role.key: set() for role in all_roles(session)}
    for key, permission in session.execute(select(role_permissions)):
        found[key].add(permission)
    return found


@command
def add_role(session: Session, actor: Actor, now: datetime, role: Role, permissions: Iterable[str] = ()) -> None:
    """Add a role. Raises NotPermitted, InvalidRole."""
    actor.require("administer")
    held = sorted(set(permissions))
    role = replace(role, key=tidied(role.key))
    problems = name_problems(role, all_roles(session))
    if problems:
        raise InvalidRole(problems)
    insert_or_retry(session, insert(roles).values(key=role.key, name=role.name, name_en=role.name_en))
    _grant(session, role.key, held)
    details = {"name": role.name, "permissions": held}
    audit_log.record(session, actor, now, "add_role", role.key, details)


@command
def set_matrix(
    session: Session, actor: Actor, now: datetime, before: Mapping[str, set[str]], wanted: Mapping[str, set[str]]
) -> None:
    """Give the roles named in `wanted` exactly these permissions; `before` is what the administrator was shown.

    Raises NotPermitted, NoSuchRole, NoSuchPermission, MatrixChanged, LastAdministrator.
    """
    actor.require("administer")
    current = matrix(session)
    check_roles(session, wanted)
    _check_permissions(session, set().union(*wanted.values()))
    if any(current[role] != before.get(role) for role in wanted):
        raise MatrixChanged
    for role, permissions in wanted.items():
        _change(session, actor, now, role, current[role], permissions)
    keep_an_administrator(session)


def check_roles(session: Session, wanted: Iterable[str]) -> None:
    """Raise NoSuchRole unless every key is a role's."""
    known = set(session.execute(select(roles.c.key)).scalars())
    for key in wanted:
        if key not in known:
            raise NoSuchRole(role=key[:60])


def keep_an_administrator(session: Session) -> None:
    """Raise LastAdministrator if nobody active may administer any more.

    Whoever asks holds the rows that let people administer, so two administrators cannot remove each other at once.
    """
    administering = role_permissions.c.permission == "administer"
    session.execute(select(role_permissions.c.role).where(administering).with_for_update()).all()
    left = exists().where(
        people.c.active,
        person_roles.c.person == people.c.id,
        role_permissions.c.role == person_roles.c.role,
        administering,
    )
    if not session.execute(select(left)).scalar():
        raise LastAdministrator


def _change(session: Session, actor: Actor, now: datetime, role: str, before: set[str], after: set[str]) -> None:
    gone, new = sorted(before - after), sorted(after - before)
    if not gone and not new:
        return
    taken = role_permissions.c.role == role, role_permissions.c.permission.in_(gone)
    session.execute(delete(role_permissions).where(*taken))
    _grant(session, role, new)
    audit_log.record(session, actor, now, "set_permissions", role, {"granted": new, "withdrawn": gone})
    if any(permission.startswith("work:") for permission in gone):
        release_lost(session, actor, now, session.execute(_in_role, {"role": role}).scalars())


def _grant(session: Session, role: str, permissions: list[str]) -> None:
    if permissions:
        session.execute(insert(role_permissions), [{"role": role, "permission": key} for key in permissions])


def _check_permissions(session: Session, wanted: set[str]) -> None:
    for key in sorted(wanted - {permission.key for permission in catalogue(session)}):
        raise NoSuchPermission(permission=key[:120])


_in_role = select(person_roles.c.person).where(person_roles.c.role == bindparam("role")).order_by(person_roles.c.person)


def _every(kind: str) -> Permission:
    return Permission(f"{kind}:*", kind, *_EVERY[kind])


def _edits(kind: RecordKind) -> Iterator[Permission]:
    """The permission to change a kind, and where it is divided one for each choice."""
    yield Permission(kind.editing, "edit", f"维护{kind.name}档案", f"Change {kind.name_en.lower()}")
    for choice in kind.choices if kind.divided else ():
        key, label = kind.editing_of(choice.text), choice.label
        yield Permission(
            key, "edit", f"维护{kind.name}：{label.zh}", f"Change {kind.name_en.lower()}: {label.en.lower()}"
        )


def _still_held(key: str) -> Permission:
    """A permission of a process or lane that is no longer deployed: shown so that it can be withdrawn."""
    kind, _, subject = key.partition(":")
    group = kind if kind in GROUPS and subject else "duty"
    return Permission(key, group, f"{GROUPS[group][0]}：{subject or key}", f"{GROUPS[group][1]}: {subject or key}")
