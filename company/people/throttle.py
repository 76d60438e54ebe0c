"""Attempts counted by subject, and slowed down: some are free, then a delay doubles up to a limit.

What is counted is only known by its hash: people type passwords into account fields.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from company.people.tables import login_attempts
from engine.database import command
from engine.errors import ClauseflowError
from engine.session import Session

FORGET = timedelta(hours=1)
"""Attempts older than this no longer count."""


class Throttled(ClauseflowError):
    """Too many attempts of late: `seconds` to wait before the next."""

    status = 429
    zh = "太频繁，请 {seconds} 秒后再试。"
    en = "Too many attempts of late. Please try again in {seconds} seconds."


@dataclass(frozen=True, slots=True)
class Throttle:
    """How many attempts are free, and how long the delay grows behind them."""

    free: int
    longest: timedelta

    def delay(self, attempts: int) -> timedelta:
        """How long to wait after that many attempts."""
        beyond = attempts - self.free
        return min(timedelta(seconds=2.0 ** min(beyond, 30)), self.longest) if beyond > 0 else timedelta(0)


def subject(*parts: str) -> bytes:
    """The 32 bytes a subject is counted under."""
    return hashlib.sha256("\n".join(parts).encode()).digest()


@command
def count(session: Session, throttles: Mapping[bytes, Throttle], now: datetime) -> int:
    """Count an attempt against every subject; the seconds to wait, and then nothing was counted, or 0."""
    session.execute(delete(login_attempts).where(login_attempts.c.last_at < now - FORGET))
    locked = select(login_attempts).where(login_attempts.c.subject.in_(throttles))
    rows = session.execute(locked.order_by(login_attempts.c.subject).with_for_update()).all()
    delays = ((row.last_at, throttles[row.subject].delay(row.failures)) for row in rows)
    # Of two who come at once the later may be counted first: where nothing delays, its moment is no reason to wait.
    wait = max(((last_at + delay - now).total_seconds() for last_at, delay in delays if delay), default=0.0)
    if wait > 0:
        return int(wait) + 1
    for counted in sorted(throttles):
        _add(session, counted, now)
    return 0


def forget(session: Session, counted: bytes) -> None:
    """Forget every attempt counted against a subject."""
    session.execute(delete(login_attempts).where(login_attempts.c.subject == counted))


def take_back(session: Session, counted: bytes) -> None:
    """Take back one attempt counted against a subject."""
    session.execute(
        update(login_attempts)
        .where(login_attempts.c.subject == counted, login_attempts.c.failures > 0)
        .values(failures=login_attempts.c.failures - 1)
    )


def _add(session: Session, counted: bytes, now: datetime) -> None:
    upsert = sqlite.insert if session.dialect == "sqlite" else postgresql.insert
    session.execute(
        upsert(login_attempts)
        .values(subject=counted, failures=1, last_at=now)
        .on_conflict_do_update(
            index_elements=["subject"], set_={"failures": login_attempts.c.failures + 1, "last_at": now}
        )
    )
