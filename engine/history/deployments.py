"""What was put in force, one version after the other, with the clauses as they read at that moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.history.definitions import Deployed, by_id
from engine.session import Session
from engine.tables import deployments


@dataclass(frozen=True, slots=True)
class PutInForce:
    """One deploy of a version; `clauses` are the digests of the clauses it cites, as they read then."""

    deployed: Deployed
    at: datetime
    clauses: Mapping[str, str]


def last_deployments(session: Session, key: str, limit: int) -> list[PutInForce]:
    """The last deploys of a process, newest first: the first is in force."""
    query = select(deployments.c.definition_id, deployments.c.at, deployments.c.clauses).where(deployments.c.key == key)
    rows = session.execute(query.order_by(deployments.c.id.desc()).limit(limit)).all()
    return [PutInForce(by_id(session, row.definition_id), row.at, json.loads(row.clauses)) for row in rows]
