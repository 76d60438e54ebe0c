"""What administrators do to people, and people to their own data: added, changed, given roles, let in or out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from company.keys import key_problems
from company.people import audit_log, passwords
from company.people.directory import Person, person
from company.people.held_tasks import release_all, release_lost
from company.people.roles import check_roles, keep_an_administrator
from company.people.sessions import revoke_all
from company.people.tables import ACCOUNT, departments, people, person_roles
from company.races import insert_or_retry
from engine.actor import SYSTEM, Actor
from engine.database import command
from engine.errors import ClauseflowError, Problem, Refused
from engine.session import Session

GENDERS = ("", "male", "female")
LANGUAGES = ("zh", "en")
OWN_FIELDS = ("name_en", "gender", "email", "phone", "mobile")
"""What people change about themselves; the rest is the administrator's."""

_ACCOUNT = re.compile(rf"[a-z][a-z0-9._-]{{1,{ACCOUNT - 1}}}", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\".]+(\.[^\s@<>\".]+)+")
_PHONE = re.compile(r"\+?[\d\s()/-]{3,}(( ?转 ?| ?ext\.? ?)\d+)?")


class InvalidPerson(Refused):
    """Some fields of a person cannot be so; `problems` name them by field."""


class OwnAccount(ClauseflowError):
    """Administrators do not shut themselves out."""

    zh = "不能停用自己的账号。"
    en = "You cannot deactivate your own account."


@dataclass(frozen=True, slots=True)
class Details:
    """What is written about a person (clause xt-11): texts as typed, the department by its key or None."""

    name: str
    name_en: str = ""
    gender: str = ""
    title: str = ""
    department: str | None = None
    email: str = ""
    phone: str = ""
    mobile: str = ""
    description: str = ""
    language: str = "zh"

    @classmethod
    def of(cls, found: Person) -> Details:
        """What is written about them now."""
        return cls(**{field.name: getattr(found, field.name) for field in fields(cls)})

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Details:
        """From the fields of a form: texts trimmed, no department chosen is None, unknown names ignored."""
        found: dict[str, Any] = {
            field.name: values[field.name].strip() for field in fields(cls) if field.name in values
        }
        found["department"] = found.get("department") or None
        return cls(**{"name": "", **found})


@command
def add_person(
    session: Session,
    actor: Actor,
    now: datetime,
    account: str,
    details: Details,
    roles: Iterable[str] = (),
    password: str | None = None,
) -> str:
    """Add a person who can log in, and give their password.

    Without a `password` it is a random one, which they must change at their first log-in.
    Raises NotPermitted, InvalidPerson, NoSuchRole, WeakPassword.
    """
    actor.require("administer")
    wanted = sorted(set(roles))
    chosen = password or passwords.generate(account)
    passwords.check_strength(chosen, account)
    secret = {"password_hash": passwords.hashed(chosen), "password_temporary": password is None}
    _refuse_if(_account_problems(session, account) + _problems(session, details))
    check_roles(session, wanted)
    number = (session.execute(select(func.max(people.c.number))).scalar() or 0) + 1
    row = {"id": account, "number": number, "active": True, "created_at": now, "changed_at": now}
    insert_or_retry(session, insert(people).values(**row, **secret, **asdict(details)))
    _write_roles(session, account, wanted)
    audit_log.record(session, actor, now, "add_person", account, {"name": details.name, "roles": wanted})
    return chosen


@command
def change_person(session: Session, actor: Actor, now: datetime, account: str, details: Details) -> None:
    """Write other details. Raises NotPermitted, NoSuchPerson, InvalidPerson."""
    actor.require("administer")
    _change(session, actor, now, account, details)


@command
def change_own_data(session: Session, actor: Actor, now: datetime, values: Mapping[str, str]) -> None:
    """Change one's own OWN_FIELDS or language; other names in `values` are ignored. Raises InvalidPerson."""
    own = {name: values[name].strip() for name in (*OWN_FIELDS, "language") if name in values}
    before = Details.of(person(session, actor.id))
    _change(session, actor, now, actor.id, Details(**(asdict(before) | own)))


@command
def set_roles(session: Session, actor: Actor, now: datetime, account: str, roles: Iterable[str]) -> int:
    """Give a person exactly these roles; how many tasks they held in lanes lost with others went back to their groups.

    Raises NotPermitted, NoSuchPerson, NoSuchRole, LastAdministrator.
    """
    actor.require("administer")
    wanted = sorted(set(roles))
    before = person(session, account)
    check_roles(session, wanted)
    if list(before.roles) == wanted:
        return 0
    _write_roles(session, account, wanted)
    keep_an_administrator(session)
    changes = audit_log.changes({"roles": list(before.roles)}, {"roles": wanted})
    audit_log.record(session, actor, now, "set_roles", account, changes)
    return release_lost(session, actor, now, [account])


@command
def set_active(session: Session, actor: Actor, now: datetime, account: str, active: bool) -> int:
    """Let a person in again, or shut them out, end their sessions and give the tasks they hold back to their groups.

    Gives how many tasks went back; what they did stays theirs.

    Raises NotPermitted, NoSuchPerson, OwnAccount, LastAdministrator.
    """
    actor.require("administer")
    if account == actor.id and not active:
        raise OwnAccount
    if person(session, account).active == active:
        return 0
    session.execute(update(people).where(people.c.id == account).values(active=active, changed_at=now))
    if active:
        audit_log.record(session, actor, now, "activate", account)
        return 0
    revoke_all(session, account, now)
    keep_an_administrator(session)
    released = release_all(session, actor, now, account)
    audit_log.record(session, actor, now, "deactivate", account, {"released": str(released)} if released else {})
    return released


def _change(session: Session, actor: Actor, now: datetime, account: str, after: Details) -> None:
    before = Details.of(person(session, account))
    _refuse_if(_problems(session, after))
    changes = audit_log.changes(asdict(before), asdict(after))
    if changes:
        session.execute(update(people).where(people.c.id == account).values(changed_at=now, **asdict(after)))
        audit_log.record(session, actor, now, "change_person", account, changes)


def _write_roles(session: Session, account: str, roles: list[str]) -> None:
    session.execute(delete(person_roles).where(person_roles.c.person == account))
    if roles:
        session.execute(insert(person_roles), [{"person": account, "role": role} for role in roles])


def _refuse_if(problems: list[Problem]) -> None:
    if problems:
        raise InvalidPerson(problems)


def _account_problems(session: Session, account: str) -> list[Problem]:
    if not _ACCOUNT.fullmatch(account):
        zh = f"账号由 2 至 {ACCOUNT} 个小写字母、数字、点、横线组成，以字母开头。"
        en = f"An account has 2 to {ACCOUNT} lower-case letters, digits, dots or dashes and begins with a letter."
        return [Problem("account_shape", "account", zh, en)]
    if unfit := list(key_problems(account, "account")):
        return unfit
    taken = session.execute(select(people.c.id).where(people.c.id == account)).first()
    if taken or account == SYSTEM.id:
        return [Problem("account_taken", "account", "这个账号已有人使用。", "This account is taken.")]
    return []


def _problems(session: Session, details: Details) -> list[Problem]:
    found = list(_unfit_texts(details))
    if not details.name:
        found.append(Problem("name_missing", "name", "请填写姓名。", "Please give a name."))
    if details.email and not _EMAIL.fullmatch(details.email):
        found.append(Problem("email_shape", "email", "邮箱格式不对，例如 wang@example.com。",
                             "This is not an e-mail address, such as wang@example.com."))  # fmt: skip
    for field in ("phone", "mobile"):
        found += _phone_problems(field, getattr(details, field))
    for field, allowed in (("gender", GENDERS), ("language", LANGUAGES), ("department", _department_keys(session))):
        if getattr(details, field) not in allowed:
            found.append(Problem("not_a_choice", field, "请从列表中选择。", "Please choose one of the list."))
    return found


def _phone_problems(field: str, text: str) -> list[Problem]:
    if not text or _PHONE.fullmatch(text):
        return []
    zh = "号码只能有数字、空格、横线、括号和加号，分机写作“转 123”。"
    en = "A number has digits, spaces, dashes, brackets and a plus sign only; an extension is written “ext 123”."
    return [Problem("phone_shape", field, zh, en)]


def _unfit_texts(details: Details) -> Iterable[Problem]:
    for field, text in asdict(details).items():
        longest = getattr(people.c[field].type, "length", None)
        if longest and text and len(text) > longest:
            yield Problem("too_long", field, f"最多 {longest} 个字。", f"At most {longest} characters.")
        if text and any(ord(character) < 32 and character not in "\r\n\t" for character in text):
            yield Problem(
                "control_character", field, "含有不可见的控制字符。", "It holds invisible control characters."
            )


def _department_keys(session: Session) -> list[str | None]:
    return [None, *session.execute(select(departments.c.key)).scalars()]
