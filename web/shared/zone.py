"""The company's zone, which says what clock people read: the working calendar in force names it."""

from __future__ import annotations

from datetime import tzinfo

from flask import g

from engine.history.calendars import zone_in_force
from web.shared.services import services


def company_zone() -> tzinfo:
    """The zone of this request: read along with who asks, or once when somebody unknown needs it."""
    if "zone" not in g:
        with services().db.reading() as session:
            g.zone = zone_in_force(session)
    zone: tzinfo = g.zone
    return zone
