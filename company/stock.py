"""Stock movements: parts come in and go out, are lent to a case, returned from it or used up in it.

What is used in a case comes out of what the case has on loan first, then out of the store; so a loan that is booked
out is counted once. What is in store may fall below zero: then somebody forgot to enter what came in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from sqlalchemy import Column, Integer, String, Table, Text, func, insert, select
from sqlalchemy import UniqueConstraint as Unique

from company.columns import Quantity, case_number, job_key, moment
from company.races import insert_or_retry
from company.records.kinds import RECORD_KINDS
from company.records.save import record, require_keeper
from engine.actor import Actor
from engine.database import command
from engine.session import Session
from engine.tables import instances, metadata

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


MovementKind = Literal["in", "out", "loan", "return", "use"]
MOVEMENT_KINDS: tuple[MovementKind, ...] = get_args(MovementKind)


@dataclass(frozen=True, slots=True)
class Movement:
    """One part moved: `stock_change` and `loan_change` are what it does to the store and to the case's loan."""

    kind: MovementKind
    part_no: str
    quantity: Decimal
    stock_change: Decimal
    loan_change: Decimal
    note: str
    number: str
    at: datetime
    by: str


@command
def move(
    session: Session,
    kind: MovementKind,
    items: Iterable[tuple[str, Decimal]],
    now: datetime,
    *,
    number: str = "",
    note: str = "",
    by: str = "",
    job_key: str | None = None,
) -> None:
    """Move parts (number and quantity above zero each), once per job; None for what a person enters."""
    done = select(stock_movements.c.id).where(stock_movements.c.job_key == job_key)
    if job_key is not None and session.execute(done).first() is not None:
        return
    if number:  # two jobs of one case must not both use up the same loan
        session.execute(select(instances.c.id).where(instances.c.number == number).with_for_update())
    for line, (part_no, quantity) in enumerate(items):
        lent = on_loan(session, number, part_no) if number else Decimal(0)
        stock_change, loan_change = _changes(kind, quantity, lent)
        row = Movement(kind, part_no, quantity, stock_change, loan_change, note, number, now, by)
        values = {name: getattr(row, name) for name in Movement.__dataclass_fields__}
        insert_or_retry(session, insert(stock_movements).values(job_key=job_key, line=line, **values))


@command
def enter(
    session: Session, actor: Actor, now: datetime, part_no: str, kind: MovementKind, quantity: Decimal, note: str = ""
) -> None:
    """Enter by hand that a part came in or went out. Raises NotPermitted, NoSuchRecord."""
    require_keeper(actor, RECORD_KINDS["parts"])
    record(session, RECORD_KINDS["parts"], part_no)
    move(session, kind, [(part_no, quantity)], now, note=note, by=actor.id)


def _changes(kind: MovementKind, quantity: Decimal, lent: Decimal) -> tuple[Decimal, Decimal]:
    back = min(quantity, max(lent, Decimal(0)))
    match kind:
        case "in":
            return quantity, Decimal(0)
        case "out":
            return -quantity, Decimal(0)
        case "loan":
            return -quantity, quantity
        case "return":
            return quantity, -back
        case "use":
            return back - quantity, -back


def in_store(session: Session, part_no: str) -> Decimal:
    """How many of a part are in store."""
    total = select(func.sum(stock_movements.c.stock_change)).where(stock_movements.c.part_no == part_no)
    return session.execute(total).scalar() or Decimal(0)


def on_loan(session: Session, number: str, part_no: str) -> Decimal:
    """How many of a part a case has on loan."""
    total = select(func.sum(stock_movements.c.loan_change)).where(
        stock_movements.c.number == number, stock_movements.c.part_no == part_no
    )
    return session.execute(total).scalar() or Decimal(0)


def movements_of(session: Session, part_no: str, limit: int = 200) -> list[Movement]:
    """The movements of a part, newest first."""
    columns = [stock_movements.c[name] for name in Movement.__dataclass_fields__]
    query = select(*columns).where(stock_movements.c.part_no == part_no).order_by(stock_movements.c.id.desc())
    return [Movement(*row) for row in session.execute(query.limit(limit))]
