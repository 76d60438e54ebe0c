"""Entries as they are read back: rows in order, and the inputs they recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, get_args

from sqlalchemy import select

from engine.bpmn import Input, InputKind, WaitId
from engine.calendar import Calendar
from engine.errors import ClauseflowError
from engine.history import shape
from engine.session import Session
from engine.tables import entries
from engine.values import Value, decode

_KINDS: Final[frozenset[InputKind]] = frozenset(get_args(InputKind))


class DamagedEntry(ClauseflowError):
    """An entry whose text is no value, or not the value of an entry, any more: somebody changed it in the database."""

    zh = "第 {seq} 条记录已损坏，无法读取；请用“验证”查明。"
    en = "Entry {seq} is damaged and cannot be read; “Verify” says more."


class Given(NamedTuple):
    """What an input brought, beside the people and the time that the entry's head names."""

    kind: InputKind
    wait: WaitId | None
    values: dict[str, Value]
    facts: dict[str, Value]


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
        """The decoded effects, for `engine.history.steps` alone. Raises DamagedEntry."""
        return self._decoded(self.effects)

    def _decoded(self, text: str) -> dict[str, Any]:
        try:
            return shape.mapping(decode(text))
        except (ValueError, TypeError) as error:
            raise DamagedEntry(seq=self.seq) from error

    def given(self) -> Given:
        """What the input brought. Raises DamagedEntry."""
        payload = self.payload()
        try:
            return Given(
                shape.one_of(_KINDS, self.kind),
                shape.optional(shape.wait_id, payload.get("wait")),
                shape.mapping(payload.get("values", {})),
                shape.mapping(payload.get("facts", {})),
            )
        except (ValueError, TypeError) as error:
            raise DamagedEntry(seq=self.seq) from error

    def recorded_input(self, calendar: Calendar | None) -> Input:
        """The input that was recorded, by its revision of the engine, with the calendar version that was in force.

        Raises DamagedEntry.
        """
        kind, wait, values, facts = self.given()
        return Input(kind, self.at, self.actor, self.on_behalf_of, wait, values, facts, calendar, self.revision)


def entries_of(session: Session, instance_id: int) -> Iterator[Entry]:
    """The entries of an instance in order."""
    for row in session.execute(select(entries).where(entries.c.instance_id == instance_id).order_by(entries.c.seq)):
        yield Entry(*row)
