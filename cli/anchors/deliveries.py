"""Sending anchors by mail and to the time-stamp authority: tried again at growing pauses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from company.notifications.deliveries import Delivery, State, anchors_waiting, tried
from engine.database import Database
from engine.history.anchoring.stamp_tokens import FalseStamp
from engine.jobs import TryLater
from engine.session import Session
from handlers.outside.answers import Away, Declined

log = logging.getLogger("clauseflow.worker")

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 24
"""Most of a day; newer anchors have been taken by then and cover this one, too."""


def due(session: Session, channel: str, receiver: str, now: datetime) -> list[Delivery]:
    """What is to be tried now; after a clock was set back nothing waits until it is where it was."""
    found = anchors_waiting(session, channel, receiver)
    return [each for each in found if each.tried_at is None or not each.tried_at <= now < each.tried_at + _pause(each)]


def _pause(delivery: Delivery) -> timedelta:
    doubled: timedelta = FIRST_PAUSE * 2 ** min(delivery.attempts - 1, 10)
    return min(doubled, LONGEST_PAUSE)


def carry_out(db: Database, wanted: Sequence[Delivery], now: datetime, send: Callable[[Delivery], None]) -> int:
    """Send each and note at once what came of it; returns how many were taken. Where nobody answers, the rest wait."""
    taken = 0
    for delivery in wanted:
        try:
            send(delivery)
        except (Declined, TryLater, FalseStamp) as error:
            _failed(db, delivery, now, error)
            if isinstance(error, Away):
                break
        else:
            taken += 1
            _note(db, delivery, now, "taken")
    return taken


def _failed(db: Database, delivery: Delivery, now: datetime, error: Exception) -> None:
    last = delivery.attempts + 1 >= MOST_ATTEMPTS
    state: State = "refused" if isinstance(error, Declined) else "given_up" if last else "waiting"
    log.warning("anchor not delivered anchor=%s channel=%s state=%s: %s",
                delivery.anchor_id, delivery.channel, state, error)  # fmt: skip
    answer = f"{error.text('zh')} · {error.text('en')}" if isinstance(error, FalseStamp) else str(error)
    _note(db, delivery, now, state, answer)


def _note(db: Database, delivery: Delivery, now: datetime, state: State, answer: str = "") -> None:
    tried(db, delivery.id, now, state, answer)
