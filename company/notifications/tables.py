"""The tables of notifications, of what was delivered of them, and of who has read them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from company.columns import case_number, job_key, moment
from engine.tables import metadata

notifications = Table(
    "notifications",
    metadata,
    Column("id", Integer, primary_key=True),
    job_key(nullable=False),
    Column("address", String(200), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("subject_en", String(200), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("text_en", Text, nullable=False, server_default=""),
    case_number(),
    moment("at", nullable=False),
    moment("due_at"),
    Unique("job_key", "address"),
    Index(None, "address", "id"),
)
"""One row per address (`role:…`, `person:…`, `customer:…`): whoever holds the role sees it, whenever they got it."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notification_id", ForeignKey("notifications.id")),
    Column("anchor_id", ForeignKey("anchors.id")),
    Column("channel", String(10), nullable=False),
    Column("receiver", String(320), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("answer", Text, nullable=False, server_default=""),
    moment("tried_at"),
    Unique("notification_id", "channel", "receiver"),
    Unique("anchor_id", "channel", "receiver"),
)
"""What is sent out, a notification or an anchor: a row per receiver and channel (`mail`, `webhook`, `stamp`).

`state` is `waiting`, `taken`, `refused` for good, or `given_up` after attempts in vain; `answer` is what the other side
said last. The receiver of a webhook or time-stamp stands in the settings: here it is called `webhook` or `stamp`."""

_waiting_anchors = (deliveries.c.state == "waiting") & deliveries.c.anchor_id.is_not(None)
Index("ix_deliveries_waiting_anchors", deliveries.c.channel,
      sqlite_where=_waiting_anchors, postgresql_where=_waiting_anchors)  # fmt: skip
_undelivered = deliveries.c.state.in_(("refused", "given_up"))
Index("ix_deliveries_undelivered", deliveries.c.id, sqlite_where=_undelivered, postgresql_where=_undelivered)

notification_reads = Table(
    "notification_reads",
    metadata,
    Column("notification_id", ForeignKey("notifications.id"), primary_key=True, autoincrement=False),
    Column("person", String(100), primary_key=True),
    moment("at", nullable=False),
)
"""Who has read what."""
