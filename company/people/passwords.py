"""Passwords: kept as argon2id, checked when chosen, set by the person or reset by an administrator."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from company.people import audit_log
from company.people.directory import person
from company.people.sessions import revoke_all
from company.people.tables import people
from company.people.throttle import Throttle, Throttled, count, forget, subject
from engine.actor import Actor
from engine.database import Database, command
from engine.errors import ClauseflowError
from engine.session import Session

SHORTEST, LONGEST = 10, 200
SHORTEST_BESIDE_ACCOUNT = 8
"""How long a password is at least without the account name in it."""
FEWEST_CHARACTERS = 4
"""How many different characters a password holds at least."""

PRESENT = Throttle(free=5, longest=timedelta(minutes=15))
"""How often the present password may be wrong in one session: whoever finds a browser open does not guess on."""

_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""The second recommendation of the OWASP cheat sheet: 19 MiB a log-in, so that eight at once fit a small server."""

_NOBODY = _hasher.hash("nobody has this password")
"""Checked for unknown accounts, so that they take as long as known ones."""


class WeakPassword(ClauseflowError):
    """A new password that is too easy to guess or too long."""

    status = 422


class PasswordTooShort(WeakPassword):
    """Fewer than SHORTEST characters."""

    zh = "密码至少要有 {shortest} 个字符。"
    en = "A password needs at least {shortest} characters."


class PasswordTooLong(WeakPassword):
    """More than LONGEST characters."""

    zh = "密码最多 {longest} 个字符。"
    en = "A password has at most {longest} characters."


class PasswordTooPlain(WeakPassword):
    """The account name, or a few characters again and again."""

    zh = "密码太容易猜到：不要包含账号，也不要反复用同几个字符。"
    en = "This password is too easy to guess: leave out the account name and do not repeat a few characters."


class PresentPasswordThrottled(Throttled):
    """The present password was typed wrong too often in this session; it was not looked at."""

    zh = "当前密码错了太多次，请 {seconds} 秒后再试。"
    en = "The present password was wrong too often. Please try again in {seconds} seconds."


class WrongPassword(ClauseflowError):
    """The present password was not typed right."""

    status = 422
    zh = "当前密码不对。"
    en = "The present password is not right."


def check_strength(password: str, account: str) -> None:
    """Raise WeakPassword unless the password may be used by that account."""
    if len(password) < SHORTEST:
        raise PasswordTooShort(shortest=SHORTEST)
    if len(password) > LONGEST:
        raise PasswordTooLong(longest=LONGEST)
    beside_account = password.casefold().replace(account.casefold(), "")
    if len(beside_account) < SHORTEST_BESIDE_ACCOUNT or len(set(password)) < FEWEST_CHARACTERS:
        raise PasswordTooPlain


def generate(account: str) -> str:
    """A random password for somebody to log in with once: 59 bits, easy to read out (`k7mp-x3qt-9hwd`)."""
    while True:
        password = "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
        try:
            check_strength(password, account)
        except WeakPassword:
            continue
        return password


def hashed(password: str) -> str:
    """The password as it is stored; one typed with composed or decomposed characters is the same password."""
    return _hasher.hash(unicodedata.normalize("NFC", password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long when there is none (None)."""
    try:
        _hasher.verify(stored or _NOBODY, unicodedata.normalize("NFC", password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def set_password(session: Session, account: str, password: str, now: datetime, *, temporary: bool = False) -> None:
    """Store a checked password inside the caller's transaction. Raises WeakPassword."""
    check_strength(password, account)
    session.execute(
        update(people)
        .where(people.c.id == account)
        .values(password_hash=hashed(password), password_temporary=temporary, changed_at=now)
    )


def change_password(
    db: Database, actor: Actor, now: datetime, present: str, new: str, *, keep_session: int | None = None
) -> None:
    """The actor's own password; every other session of theirs ends.

    Raises WeakPassword, PresentPasswordThrottled, WrongPassword.
    """
    check_strength(new, actor.id)
    counted = subject("present", actor.id, str(keep_session))
    wait = count(db, {counted: PRESENT}, now)
    if wait:
        raise PresentPasswordThrottled(seconds=wait)
    with db.reading() as session:
        stored = session.execute(select(people.c.password_hash).where(people.c.id == actor.id)).scalar()
    if not matches(stored, present):
        raise WrongPassword
    _change_own(db, actor, now, counted, new, keep_session)


@command
def _change_own(
    session: Session, actor: Actor, now: datetime, counted: bytes, new: str, keep_session: int | None
) -> None:
    forget(session, counted)
    set_password(session, actor.id, new, now)
    revoke_all(session, actor.id, now, keep=keep_session)
    audit_log.record(session, actor, now, "change_password", actor.id)


@command
def reset_password(session: Session, actor: Actor, now: datetime, account: str) -> str:
    """Give somebody a random password, returned, that they must change at their next log-in; their sessions end.

    Raises NotPermitted, NoSuchPerson.
    """
    actor.require("administer")
    password = generate(account)
    person(session, account)
    set_password(session, account, password, now, temporary=True)
    revoke_all(session, account, now)
    audit_log.record(session, actor, now, "reset_password", account)
    return password
