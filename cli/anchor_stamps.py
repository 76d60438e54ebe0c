"""Time-stamps for anchors from an authority outside the house (RFC 3161 over HTTP)."""

from __future__ import annotations

from cli.settings import Settings
from engine.database import Database
from engine.history.stamps import stamp_anchors
from handlers.channels import send

HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


def have_stamped(db: Database, settings: Settings) -> int:
    """Have the authority of the settings stamp what is not stamped; gives how many anchors were.

    Raises OSError, FalseStamp.
    """

    def ask(request: bytes) -> bytes:
        return send(settings.tsa_url, request, HEADERS)

    return stamp_anchors(db, settings.anchor_file, settings.tsa_roots, ask)
