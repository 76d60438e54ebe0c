"""Logging in with account and password, slowed down for whoever guesses and for nobody else.

A failure counts against three subjects: this account from this address, this address, this account. Each
has some attempts free, then a delay that doubles up to its own limit. The account alone is delayed by half
a minute at most and the address alone by one, so strangers who guess can never keep an owner out, nor one
person a whole office.

An attempt is counted before the password is checked and taken back when it was right; many attempts at
once are therefore counted as they come, not when they end.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from company import passwords
from company.tables import login_attempts, people
from company.throttle import Throttle, count, subject
from engine.database import Database
from engine.errors import ClauseflowError
from engine.session import Session


class LoginFailed(ClauseflowError):
    """Account or password is wrong, or the person is no longer active; which of them is not said."""

    zh = "账号或密码不对。"
    en = "The account or the password is not right."


class LoginThrottled(ClauseflowError):
    """Too many failures of late; the password was not looked at."""

    zh = "登录失败次数过多，请 {seconds} 秒后再试。"
    en = "There were too many failed log-ins. Please try again in {seconds} seconds."


THROTTLES = {
    "pair": Throttle(free=5, longest=timedelta(minutes=15)),
    "address": Throttle(free=30, longest=timedelta(minutes=1)),
    "account": Throttle(free=20, longest=timedelta(seconds=30)),
}


def check_login(db: Database, now: datetime, account: str, password: str, address: str) -> str:
    """The account name of the active person with that account and password.

    `address` is where the attempt comes from. Raises LoginFailed, LoginThrottled (facts: seconds).
    """
    account = account.strip().lower().replace("\0", "")
    subjects = _subjects(account, address)
    db.write(lambda session: _count(session, subjects, now))
    with db.reading() as session:
        stored = session.execute(
            select(people.c.password_hash).where(people.c.id == account, people.c.active)
        ).scalar_one_or_none()
    if not passwords.matches(stored, password):
        raise LoginFailed
    db.write(lambda session: _succeed(session, subjects, account, password, str(stored)))
    return account


def _subjects(account: str, address: str) -> dict[str, bytes]:
    named = {"pair": (account, address), "address": (address,), "account": (account,)}
    return {kind: subject(kind, *parts) for kind, parts in named.items()}


def _count(session: Session, subjects: dict[str, bytes], now: datetime) -> None:
    """Count an attempt against every subject. Raises LoginThrottled, and then counts nothing."""
    seconds = count(session, {subjects[kind]: throttle for kind, throttle in THROTTLES.items()}, now)
    if seconds:
        raise LoginThrottled(seconds=seconds)


def _succeed(session: Session, subjects: dict[str, bytes], account: str, password: str, stored: str) -> None:
    """Forget this pair's failures and take the attempt back elsewhere: one good account excuses no guessing."""
    session.execute(delete(login_attempts).where(login_attempts.c.subject == subjects["pair"]))
    for kind in ("account", "address"):
        session.execute(
            update(login_attempts)
            .where(login_attempts.c.subject == subjects[kind], login_attempts.c.failures > 0)
            .values(failures=login_attempts.c.failures - 1)
        )
    if passwords.outdated(stored):
        session.execute(update(people).where(people.c.id == account).values(password_hash=passwords.hashed(password)))
