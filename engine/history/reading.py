"""Entries as they are read back: decoded rows in order, and the inputs they recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.bpmn import Input, WaitId
from engine.calendar import Calendar
from engine.tables import entries
from engine.values import decode


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of history as stored: texts undecoded, so that verification sees the very bytes."""

    instance_id: int
    seq: int
    kind: str
    at: datetime
    actor: str | None
    on_behalf_of: str | None
    definition_id: int
    revision: int
    input: str
    effects: str
    input_digest: bytes
    effects_digest: bytes
    state_hash: bytes
    hash: bytes

    def payload(self) -> dict[str, Any]:
        """The decoded input: wait, values and facts, where given. Raises ValueError for a damaged text."""
        found = decode(self.input)
        if not isinstance(found, dict):
            raise ValueError(self.input)
        return found

    def recorded_input(self, calendar: Calendar | None) -> Input:
        """The input that was recorded, with the calendar version that was in force."""
        payload = self.payload()
        wait = payload.get("wait")
        return Input(
            self.kind,
            self.at,
            self.actor,
            self.on_behalf_of,
            WaitId(int(wait[0]), int(wait[1])) if wait else None,
            payload.get("values", {}),
            payload.get("facts", {}),
            calendar,
        )


def entries_of(session: Session, instance_id: int) -> Iterator[Entry]:
    """The entries of an instance in order."""
    for row in session.execute(select(entries).where(entries.c.instance_id == instance_id).order_by(entries.c.seq)):
        yield Entry(*row)
