"""A worker says that it lives, so that `doctor` can tell whether anybody works."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.engine import CursorResult

from engine.database import command
from engine.session import Session
from engine.tables import workers


@command
def report_worker(session: Session, worker: str, now: datetime) -> None:
    """Note that the worker was alive at `now`."""
    seen = session.execute(update(workers).where(workers.c.name == worker).values(seen_at=now))
    assert isinstance(seen, CursorResult)
    if not seen.rowcount:
        session.execute(insert(workers).values(name=worker, started_at=now, seen_at=now))


@command
def sign_off_worker(session: Session, worker: str) -> None:
    """Forget a worker that ends in order."""
    session.execute(delete(workers).where(workers.c.name == worker))
