"""Entries as they are read back: decoded rows in order, and the inputs they recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.bpmn import Input, WaitId
from engine.calendar import Calendar
from engine.errors import ClauseflowError
from engine.session import Session
from engine.tables import entries
from engine.values import decode


class DamagedEntry(ClauseflowError):
    """An entry whose text is no value any more: somebody changed it in the database."""

    zh = "第 {seq} 条记录已损坏，无法读取；请用“验证”查明。"
    en = "Entry {seq} is damaged and cannot be read; “Verify” says more."


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
        """The decoded input: wait, values and facts, where given. Raises DamagedEntry."""
        return self._decoded(self.input)

    def done(self) -> dict[str, Any]:
        """The decoded effects. Raises DamagedEntry."""
        return self._decoded(self.effects)

    def _decoded(self, text: str) -> dict[str, Any]:
        try:
            found = decode(text)
        except ValueError as error:
            raise DamagedEntry(seq=self.seq) from error
        if not isinstance(found, dict):
            raise DamagedEntry(seq=self.seq)
        return found

    def recorded_input(self, calendar: Calendar | None) -> Input:
        """The input that was recorded, by its revision of the engine, with the calendar version that was in force."""
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
            self.revision,
        )


def entries_of(session: Session, instance_id: int) -> Iterator[Entry]:
    """The entries of an instance in order."""
    for row in session.execute(select(entries).where(entries.c.instance_id == instance_id).order_by(entries.c.seq)):
        yield Entry(*row)
