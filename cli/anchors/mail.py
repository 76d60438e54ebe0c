"""Roots of anchors by mail: what lies in somebody else's mailbox no database administrator can change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Any

from sqlalchemy import Row, func, select

from cli.anchors import deliveries as anchor_deliveries
from company.notifications import deliveries
from company.notifications.deliveries import Delivery
from engine.database import Database
from engine.session import Session
from engine.tables import anchor_heads, anchors
from handlers.outside.channels import Channels, plain_mail
from handlers.outside.postman import Postman

TEXT = """循章锚点 · Clauseflow anchor {id}

时刻 at     {at}
根 root     {root}
事项 cases  {count}

请原样保存本邮件：日后验证时，它证明此刻之前的历史没有被改动。
Keep this mail as it is: it proves later that no history from before this moment was changed.
"""

AT_ONCE = 10
"""The newest anchors that are mailed; each root covers those before it."""


def mail_anchors(db: Database, channels: Channels, to: str, now: datetime) -> int:
    """Mail the keeper `to` the roots taken since the last one they were to get; returns how many the server took.

    The first time that is the newest alone. What is not taken now is tried again later; see `anchor_deliveries`.
    """
    with db.reading() as session:
        new = _new(session, to)
    if new:
        deliveries.want_anchors(db, "mail", to, new)
    with db.reading() as session:
        due = anchor_deliveries.due(session, "mail", to, now)
        found = _anchors(session, due)
    with Postman(channels) as postman:

        def send(delivery: Delivery) -> None:
            postman.send(to, partial(_mail, channels, to, found[delivery.anchor_id]))

        return anchor_deliveries.carry_out(db, due, now, send)


def _new(session: Session, to: str) -> Sequence[int]:
    """Oldest first."""
    newest = select(anchors.c.id).order_by(anchors.c.id.desc())
    last = deliveries.newest_anchor(session, "mail", to)
    query = newest.limit(1) if last is None else newest.where(anchors.c.id > last).limit(AT_ONCE)
    return session.execute(query).scalars().all()[::-1]


def _anchors(session: Session, due: Sequence[Delivery]) -> dict[int | None, Row[Any, Any, Any, Any]]:
    heads = select(func.count()).where(anchor_heads.c.anchor_id == anchors.c.id).scalar_subquery().label("heads")
    query = select(anchors.c.id, anchors.c.at, anchors.c.root, heads)
    rows = session.execute(query.where(anchors.c.id.in_([each.anchor_id for each in due])))
    return {row.id: row for row in rows}


def _mail(channels: Channels, to: str, anchor: Row[Any, Any, Any, Any]) -> EmailMessage:
    text = TEXT.format(id=anchor.id, at=anchor.at.isoformat(), root=anchor.root.hex(), count=anchor.heads)
    mail = plain_mail(channels, to, f"循章锚点 {anchor.id} · Clauseflow anchor {anchor.id}", text, anchor.at)
    mail["Message-ID"] = f"<anchor.{anchor.id}.{anchor.root.hex()[:16]}@clauseflow>"
    return mail
