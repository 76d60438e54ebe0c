"""The tables that running cases write to: notifications, deliveries, numbers, files, stock, appointments, linked cases.

A row that a handler wrote carries the job's key, so that a second attempt finds it and writes nothing. `number` is the
case it came from, empty for what people enter themselves. Machines and parts are named by their own numbers, which
may come from outside before anybody has made a record of them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, TypeDecorator
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.engine import Dialect
from typing_extensions import override

from engine.tables import UtcDateTime, metadata

THOUSANDTHS = 1000


class Quantity(TypeDecorator[Decimal]):
    """A number with up to three decimals, stored as whole thousandths: exact, and summed alike by both databases."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else int(Decimal(value) * THOUSANDTHS)

    @override
    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / THOUSANDTHS


def job_key(**kwargs: Any) -> Column[str]:
    """The idempotency key of the job that wrote the row."""
    return Column("job_key", String(100), **kwargs)


def case_number() -> Column[str]:
    """The number of the case the row came from."""
    return Column("number", String(100), nullable=False, index=True)


def moment(name: str, **kwargs: Any) -> Column[Any]:
    """A point in time, in UTC."""
    return Column(name, UtcDateTime, **kwargs)


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

document_numbers = Table(
    "document_numbers",
    metadata,
    job_key(primary_key=True),
    Column("document", String(100), nullable=False, unique=True),
    case_number(),
    moment("at", nullable=False),
)
"""Numbers drawn for documents of cases."""

customer_entries = Table(
    "customer_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    job_key(unique=True),
    Column("customer", String(200), nullable=False, index=True),
    Column("kind", String(60), nullable=False),
    Column("text", Text, nullable=False),
    case_number(),
    moment("at", nullable=False),
)
"""The customers' files, by the name the case knew."""

equipment_life = Table(
    "equipment_life",
    metadata,
    Column("id", Integer, primary_key=True),
    job_key(unique=True),
    Column("serial_no", String(100), nullable=False, index=True),
    Column("kind", String(60), nullable=False),
    Column("part_out", String(200), nullable=False),
    Column("part_in", String(200), nullable=False),
    Column("note", Text, nullable=False),
    case_number(),
    moment("at", nullable=False),
    Column("by", String(100), nullable=False),
)
"""What happened to a machine in its life: what was replaced, when, in which case."""

stock_movements = Table(
    "stock_movements",
    metadata,
    Column("id", Integer, primary_key=True),
    job_key(),
    Column("line", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("part_no", String(100), nullable=False, index=True),
    Column("quantity", Quantity, nullable=False),
    Column("stock_change", Quantity, nullable=False),
    Column("loan_change", Quantity, nullable=False),
    Column("note", Text, nullable=False),
    case_number(),
    moment("at", nullable=False),
    Column("by", String(100), nullable=False),
    Unique("job_key", "line"),
)
"""What came and went; the sums of the two changes are what is in store and what is lent."""

appointments = Table(
    "appointments",
    metadata,
    Column("id", Integer, primary_key=True),
    job_key(unique=True),
    Column("who", String(200), nullable=False),
    moment("at", nullable=False),
    Column("text", Text, nullable=False),
    Column("text_en", Text, nullable=False, server_default=""),
    case_number(),
    Index(None, "who", "at"),
)
"""Calendar entries of people and roles (`person:…`, `role:…`)."""

linked_cases = Table(
    "linked_cases",
    metadata,
    job_key(primary_key=True),
    case_number(),
    Column("opened", String(100), nullable=False, unique=True),
    moment("at", nullable=False),
)
"""Cases that another case opened without waiting for them."""
