"""Logging in with account and password, slowed down for whoever guesses and for nobody else.

Three ways lead to the password check, and none of them can fill another:

- A browser in which somebody has logged in to the account before is counted by itself, whatever strangers do.
- A strange browser is counted against three subjects: this account from this address, this address, this account. Each
  has some attempts free, then a delay that doubles up to its own limit.
- One that was refused is told its turn, a minute ahead at most. Whoever comes back then is counted apart from those who
  did not wait: hammering wins nothing, and a person who waits meets only others who waited.

An attempt is counted before the password is checked and taken back when it was right; many attempts at
once are therefore counted as they come, not when they end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select, update

from company.people import passwords
from company.people.tables import people
from company.people.throttle import Throttle, Throttled, count, forget, subject, take_back
from engine.database import Database, command
from engine.errors import ClauseflowError
from engine.session import Session


class LoginFailed(ClauseflowError):
    """Account or password is wrong, or the person is no longer active; which of them is not said."""

    status = 401
    zh = "账号或密码不对。"
    en = "The account or the password is not right."


class LoginThrottled(Throttled):
    """Too many failures of late; the password was not looked at. `turn` is the moment to come back at."""

    zh = "登录失败次数过多，请 {seconds} 秒后再试。"
    en = "There were too many failed log-ins. Please try again in {seconds} seconds."


KNOWN = {"browser": Throttle(free=5, longest=timedelta(minutes=15))}
STRANGE = {
    "pair": Throttle(free=5, longest=timedelta(minutes=15)),
    "address": Throttle(free=30, longest=timedelta(minutes=1)),
    "account": Throttle(free=20, longest=timedelta(seconds=30)),
}
WAITED = {
    "pair": Throttle(free=2, longest=timedelta(minutes=1)),
    "address": Throttle(free=30, longest=timedelta(seconds=5)),
    "account": Throttle(free=5, longest=timedelta(seconds=10)),
}
"""Strange browsers together guess at one account 120 + 360 times an hour at most, and 25 times before that."""

OWN = ("browser", "pair")
"""Whose mistakes a success forgets; elsewhere only the one attempt is taken back."""
LONGEST_WAIT = timedelta(minutes=1)
TURN_LASTS = timedelta(minutes=10)
"""How long a turn may be taken once it has come."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What the browser that asks was given before. Whoever reads it from a cookie has checked our signature.

    `known` is the browser's own mark, if somebody has logged in to the account there before; `turn` is when it was told
    to come back.
    """

    known: str = ""
    turn: datetime | None = None

    def waited(self, now: datetime) -> bool:
        """Whether its turn has come, and is not over."""
        return self.turn is not None and self.turn <= now < self.turn + TURN_LASTS


def account_of(typed: str) -> str:
    """The account as people type it: capitals and blanks around it do not count."""
    return typed.strip().lower().replace("\0", "")


def check_login(
    db: Database, now: datetime, account: str, password: str, address: str, carried: Carried = Carried()
) -> str:
    """The account name of the active person with that account and password.

    `address` is where the attempt comes from. Raises LoginFailed, LoginThrottled (facts: seconds, turn).
    """
    account = account_of(account)
    subjects = _subjects(account, address, carried, now)
    wait = count(db, {one: each[1] for one, each in subjects.items()}, now)
    if wait:
        raise _refusal(carried, now, wait)
    with db.reading() as session:
        stored = session.execute(
            select(people.c.password_hash).where(people.c.id == account, people.c.active)
        ).scalar_one_or_none()
    if not passwords.matches(stored, password):
        raise LoginFailed
    _succeed(db, subjects, account, password, str(stored))
    return account


def _subjects(account: str, address: str, carried: Carried, now: datetime) -> dict[bytes, tuple[str, Throttle]]:
    """What the attempt is counted against: the kind of each subject, and how it is slowed."""
    named = {"browser": (account, carried.known), "pair": (account, address), "address": (address,),
             "account": (account,)}  # fmt: skip
    way, throttles = ("known", KNOWN) if carried.known else ("strange", STRANGE)
    if not carried.known and carried.waited(now):
        way, throttles = "waited", WAITED
    return {subject(way, kind, *named[kind]): (kind, throttle) for kind, throttle in throttles.items()}


def _refusal(carried: Carried, now: datetime, wait: int) -> LoginThrottled:
    """When to come back: when the delay ends, or a strange browser at its turn, which it keeps until that is over."""
    ends = now + timedelta(seconds=wait)
    turn = carried.turn or now
    if turn + TURN_LASTS <= now or not carried.turn:
        turn = min(ends, now + LONGEST_WAIT)
    until = ends if carried.known or carried.waited(now) else min(ends, turn)
    return LoginThrottled(seconds=ceil((until - now).total_seconds()), turn=turn)


@command
def _succeed(
    session: Session, subjects: dict[bytes, tuple[str, Throttle]], account: str, password: str, stored: str
) -> None:
    """Forget one's own failures and take the attempt back elsewhere: one good account excuses no guessing."""
    for counted, (kind, _) in subjects.items():
        if kind in OWN:
            forget(session, counted)
        else:
            take_back(session, counted)
    if passwords.outdated(stored):
        session.execute(update(people).where(people.c.id == account).values(password_hash=passwords.hashed(password)))
