"""Time-stamps for anchors from an outside authority (RFC 3161 over HTTP)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cli.anchors import deliveries as anchor_deliveries
from cli.settings import Settings
from company.notifications import deliveries
from engine.database import Database
from engine.history.anchoring.stamps import AT_ONCE, stamp_anchor, unstamped
from handlers.outside.connection import Deadline
from handlers.outside.web_call import send

HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
SECONDS = 30.0
"""For one time-stamp."""

STAMP = "stamp"
"""The channel, and its one receiver."""


def authority(settings: Settings) -> Callable[[bytes], bytes]:
    """What asks the authority of the settings. Raises what `send` raises."""
    return lambda request: send(settings.tsa_url, request, HEADERS, Deadline(SECONDS))


def have_stamped(db: Database, settings: Settings, now: datetime) -> int:
    """Have the authority stamp what is not stamped and was not tried just now; returns how many anchors were."""
    with db.reading() as session:
        newest = [anchor.id for anchor in unstamped(session)[:AT_ONCE]]
        new = [each for each in newest if not deliveries.is_wanted(session, STAMP, anchor_id=each)]
    if new:
        deliveries.want_anchors(db, STAMP, STAMP, new[::-1])
    with db.reading() as session:
        due = anchor_deliveries.due(session, STAMP, STAMP, now)
    ask = authority(settings)

    def stamp(delivery: deliveries.Delivery) -> None:
        assert delivery.anchor_id is not None
        stamp_anchor(db, delivery.anchor_id, settings.anchor_file, settings.tsa_roots, ask)

    return anchor_deliveries.carry_out(db, due, now, stamp)
