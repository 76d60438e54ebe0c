"""A workbook of records taken in: judged and staged while others go on writing, then swapped in at one stroke.

Staging only reads. What is to be written waits in a file on the disk, so that the transaction that writes has nothing
left to work out: the database's only writer is held for as short as it can be.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, repeat
from typing import IO, Any, TypeVar

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from company.keys import tidied
from company.numbers import next_record_number
from company.records.conditions import field_rows
from company.records.kinds import RecordKind
from company.records.rows import Findings, Values, read_rows
from company.records.save import InvalidRecord, Record, checked, find_record, require_keeper, shown_of
from company.records.tables import record_changes, record_fields, records
from engine import forms
from engine.actor import Actor
from engine.database import Database, command
from engine.prepared import VersionConflict
from engine.session import Session
from engine.values import Value

T = TypeVar("T")
CHUNK = 200
"""Rows that are judged in one reading transaction, or written by one statement."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records an import added, and how many it changed."""

    added: int
    changed: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the sheet that the form let through and that says something new; `version` 0: no record has it yet."""

    row: int
    clean: dict[str, Value]
    version: int


@dataclass(frozen=True, slots=True)
class Staged:
    """What the swap writes of one row."""

    row: int
    key: str
    record: dict[str, Any]
    change: dict[str, Any]
    fields: list[dict[str, str]]

    @property
    def before(self) -> int:
        """The version that the row was judged against."""
        return int(self.record["version"]) - 1


def import_sheet(
    db: Database, actor: Actor, now: datetime, kind: RecordKind, content: IO[bytes], environment: forms.FormEnvironment
) -> Imported:
    """Add and change records as a workbook says; all of it, or nothing.

    Raises NotPermitted, NoWorkbook, WorkbookTooLarge, InvalidSheet (also for rows that somebody changed meanwhile),
    ReadersBusy.
    """
    require_keeper(actor, kind)
    judged = _numbered(db, kind, _judged(db, actor, kind, read_rows(kind, content), environment))
    with tempfile.TemporaryFile() as stage:
        for each in judged:
            pickle.dump(_staged(kind, each, actor, now, environment), stage)
        _swap(db, kind, stage)
    added = sum(not each.version for each in judged)
    return Imported(added, len(judged) - added)


def _judged(
    db: Database,
    actor: Actor,
    kind: RecordKind,
    lines: Sequence[tuple[int, Values]],
    environment: forms.FormEnvironment,
) -> list[Judged]:
    """The rows that add or change something. Raises InvalidSheet, NotPermitted."""
    findings, judged = Findings(), []
    seen: dict[str, int] = {}
    for chunk in _chunks(lines):
        with db.reading() as session:
            for row, values in chunk:
                key = tidied(str(values.get(kind.key_field) or ""))
                if key and key in seen:
                    column = kind.form.level.by_key[kind.key_field]
                    findings.add(kind, row, column, f"与第 {seen[key]} 行重复", f"is row {seen[key]} again")
                    continue
                seen[key] = row
                before = find_record(session, kind, key) if key else None
                values = {**values, kind.key_field: before.key} if before else values
                clean = _clean(session, kind, before, (row, values), environment, findings)
                if clean is not None and (before is None or before.values != clean):
                    for each in (before.values if before else clean, clean):
                        require_keeper(actor, kind, each)
                    judged.append(Judged(row, clean, before.version if before else 0))
    findings.refuse()
    return judged


def _clean(
    session: Session, kind: RecordKind, before: Record | None, line: tuple[int, Values],
    environment: forms.FormEnvironment, findings: Findings,
) -> dict[str, Value] | None:  # fmt: skip
    row, values = line
    try:
        return checked(session, kind, before, values, environment)
    except InvalidRecord as refused:
        for each in refused.problems:
            field = kind.form.level.by_key.get(each.where.partition("[")[0])
            findings.add(kind, row, field or each.where, each.zh, each.en)
        return None


def _numbered(db: Database, kind: RecordKind, judged: list[Judged]) -> list[Judged]:
    """Give a number to each that has none; those of an import that is refused in the end stay unused."""
    key = kind.key_field
    given = {each.clean[key] for each in judged if each.clean.get(key) is not None}
    for chunk in _chunks([each for each in judged if each.clean.get(key) is None]):
        for each, number in zip(chunk, _draw(db, kind, len(chunk), given), strict=True):
            each.clean[key] = number
    return judged


@command
def _draw(session: Session, kind: RecordKind, count: int, given: Container[Value]) -> list[str]:
    """The next numbers that neither records nor the sheet's own rows have."""
    drawn = (next_record_number(session, kind) for _ in repeat(None))
    return list(islice((number for number in drawn if number not in given), count))


def _staged(
    kind: RecordKind, judged: Judged, actor: Actor, now: datetime, environment: forms.FormEnvironment
) -> Staged:
    key, version = str(judged.clean[kind.key_field]), judged.version + 1
    named = {"kind": kind.key, "key": key, "version": version}
    shown = shown_of(kind, judged.clean, environment)
    record = {**named, **shown, "changed_at": now, "changed_by": actor.id, "archived": False}
    change = {**named, "act": "import", "body": shown["body"], "at": now, "by": actor.id}
    return Staged(judged.row, key, record, change, field_rows(kind, key, judged.clean, environment))


@command
def _swap(session: Session, kind: RecordKind, stage: IO[bytes]) -> None:
    """Write everything that was staged. Raises InvalidSheet for every row whose record is no longer as it was."""
    findings = Findings()
    for chunk in _chunks(_read(stage)):
        _find_conflicts(session, kind, chunk, findings)
        if not findings.problems:
            try:
                _write(session, kind, chunk)
            except IntegrityError as error:  # added since we looked: look again, and say so
                raise VersionConflict from error
    findings.refuse()


def _read(stage: IO[bytes]) -> Iterator[Staged]:
    stage.seek(0)
    while True:
        try:
            yield pickle.load(stage)  # noqa: S301 - we wrote it ourselves
        except EOFError:
            return


def _find_conflicts(session: Session, kind: RecordKind, chunk: Sequence[Staged], findings: Findings) -> None:
    mine = records.c.kind == kind.key, records.c.key.in_([each.key for each in chunk])
    now = dict(session.execute(select(records.c.key, records.c.version).where(*mine).with_for_update()).all())
    for each in chunk:
        if now.get(each.key, 0) != each.before:
            zh, en = "导入期间别人修改了它，请重新导入", "somebody changed it during the import; import it again"
            findings.add(kind, each.row, each.key, zh, en)


def _write(session: Session, kind: RecordKind, chunk: Sequence[Staged]) -> None:
    changed = [each for each in chunk if each.before]
    if changed:
        rows = [{f"new_{name}": value for name, value in each.record.items()} for each in changed]
        session.execute(_CHANGE, rows)
        mine = record_fields.c.kind == kind.key, record_fields.c.key.in_([each.key for each in changed])
        session.execute(delete(record_fields).where(*mine))
    for table, rows in (
        (records, [each.record for each in chunk if not each.before]),
        (record_changes, [each.change for each in chunk]),
        (record_fields, [row for each in chunk for row in each.fields]),
    ):
        if rows:
            session.execute(insert(table), rows)


_WRITTEN = ("title", "facet", "search", "body", "version", "changed_at", "changed_by")
_CHANGE = (
    update(records)
    .where(records.c.kind == bindparam("new_kind"), records.c.key == bindparam("new_key"))
    .values({name: bindparam(f"new_{name}") for name in _WRITTEN})
)


def _chunks(found: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(found)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
