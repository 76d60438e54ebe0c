"""Business records: found, written down, changed, put away; never deleted, and every version is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from company.keys import key_problems, tidied
from company.numbers import next_record_number
from company.races import insert_or_retry
from company.records.conditions import Condition, conditions_hold, index_fields, sorting
from company.records.kinds import RECORD_KINDS, RecordKind
from company.records.tables import record_changes, records
from engine import forms
from engine.actor import Actor, NotPermitted
from engine.database import Database, command
from engine.errors import ClauseflowError, Problem, Refused
from engine.queries.paging import Page, behind, cursor
from engine.search_text import plain, words
from engine.session import Session
from engine.values import Value, decode, encode

SAVED = "saved"
"""What a record's form reads to know whether the record is there already."""


class NoSuchRecord(ClauseflowError):
    """No record of that kind has that key."""

    status = 404
    zh = "没有“{key}”这份档案。"
    en = "There is no record “{key}”."


class InvalidRecord(Refused):
    """The form refused the values; `problems` name the fields."""


class RecordChanged(ClauseflowError):
    """Somebody else changed the record while it was open."""

    zh = "在您打开之后，别人已修改过“{key}”，未保存。请对照最新内容再改；您填写的还在。"
    en = "Somebody else changed “{key}” after you opened it. Nothing was saved; what you typed is kept."


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands; `values` are its form's."""

    kind: str
    key: str
    title: str
    values: dict[str, Value]
    archived: bool
    version: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Change:
    """One version: `act` is create, change, import, archive or restore."""

    version: int
    act: str
    values: dict[str, Value]
    at: datetime
    by: str


_columns = (
    records.c.kind,
    records.c.key,
    records.c.title,
    records.c.body,
    records.c.archived,
    records.c.version,
    records.c.changed_at,
    records.c.changed_by,
)


def record(session: Session, kind: RecordKind, key: str) -> Record:
    """The record of that key. Raises NoSuchRecord."""
    found = find_record(session, kind, key)
    if found is None:
        raise NoSuchRecord(key=key[:60])
    return found


def find_record(session: Session, kind: RecordKind, key: str) -> Record | None:
    """The record of that key, as it stands or tidied, if there is one."""
    if "\0" in key:  # an error to one of the databases
        return None
    named = (next(_read(session, _of(kind).where(records.c.key == each)), None) for each in _spellings(key))
    return next(filter(None, named), None)


def _spellings(key: str) -> Iterable[str]:
    """As it stands first: older records may have keys that nobody could give today."""
    return dict.fromkeys((key, tidied(key)))


def find_records(
    session: Session,
    kind: RecordKind,
    *,
    search: str = "",
    facet: str = "",
    archived: bool | None = False,
    conditions: Sequence[Condition] = (),
    sort: str = "",
    descending: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page[Record]:
    """One page, ordered by the field `sort`, by key without one.

    `search` is words that each occur somewhere in what people read of a record; all `conditions` hold. Raises NotAsked.
    """
    order = [sorting(kind, sort), records.c.key]
    query = _of(kind).add_columns(order[0]).where(behind(order, after, descending=descending))
    query = query.where(*conditions_hold(kind, conditions))
    for word in words(search):
        query = query.where(records.c.search.contains(word, autoescape=True))
    if facet.isprintable() and facet:
        query = query.where(records.c.facet == facet)
    if archived is not None:
        query = query.where(records.c.archived == archived)
    ordered = (column.desc() if descending else column for column in order)
    rows: list[Any] = list(session.execute(query.order_by(*ordered).limit(limit + 1)))
    more = cursor([rows[limit - 1][-1], rows[limit - 1].key]) if len(rows) > limit else None
    return Page([_record(row) for row in rows[:limit]], more)


def history(session: Session, kind: RecordKind, key: str) -> list[Change]:
    """Every version of a record, the newest first."""
    columns = [record_changes.c[name] for name in ("version", "act", "body", "at", "by")]
    mine = select(*columns).where(record_changes.c.kind == kind.key, record_changes.c.key == key)
    rows = session.execute(mine.order_by(record_changes.c.version.desc()))
    return [Change(row.version, row.act, decode(row.body), row.at, row.by) for row in rows]


@command
def save_record(
    session: Session,
    actor: Actor,
    now: datetime,
    kind: RecordKind,
    values: Mapping[str, Any],
    environment: forms.FormEnvironment,
    *,
    key: str | None = None,
    version: int | None = None,
) -> str:
    """Write a new record down, or change the one of that `key` which the actor saw in `version`; its key.

    Raises NotPermitted, NoSuchRecord, InvalidRecord, RecordChanged; then nothing has happened.
    """
    require_keeper(actor, kind)
    before = record(session, kind, key) if key is not None else None
    if before and version is not None and before.version != version:
        raise RecordChanged(key=before.key)
    clean = judged(session, kind, before, values, environment)
    return write(session, actor, now, kind, before, clean, environment, "change" if before else "create")


@command
def set_archived(session: Session, actor: Actor, now: datetime, kind: RecordKind, key: str, *, archived: bool) -> None:
    """Put a record away, or take it out again. Raises NotPermitted, NoSuchRecord."""
    require_keeper(actor, kind)
    found = record(session, kind, key)
    require_keeper(actor, kind, found.values)
    if found.archived != archived:
        row = {"archived": archived, "version": found.version + 1, "changed_at": now, "changed_by": actor.id}
        _replace(session, found, row)
        _keep(session, found.kind, key, found.version + 1, "archive" if archived else "restore", found.values, now,
              actor)  # fmt: skip


def require_keeper(actor: Actor, kind: RecordKind, values: Mapping[str, Value] | None = None) -> None:
    """Raise NotPermitted unless the actor keeps records of the kind, and of the choice that `values` make."""
    facet = None if values is None else str(values.get(kind.facet) or "")
    if not kind.kept_by(actor, facet):
        raise NotPermitted(actor=actor.name or actor.id, permission=kind.editing_of(facet) if facet else kind.editing)


def judged(
    session: Session,
    kind: RecordKind,
    before: Record | None,
    values: Mapping[str, Any],
    environment: forms.FormEnvironment,
) -> dict[str, Value]:
    """What the form lets through, with the record's key in it. Raises InvalidRecord."""
    clean = checked(session, kind, before, values, environment)
    if clean.get(kind.key_field) is None:
        clean[kind.key_field] = next_record_number(session, kind)
    return clean


def checked(
    session: Session,
    kind: RecordKind,
    before: Record | None,
    values: Mapping[str, Any],
    environment: forms.FormEnvironment,
) -> dict[str, Value]:
    """What the form lets through; a record to be numbered has no key yet. Raises InvalidRecord."""
    context = {**(before.values if before else {}), SAVED: before is not None}
    given = "" if before else tidied(str(values.get(kind.key_field) or ""))
    clean, problems = forms.validate(
        kind.form, {**values, kind.key_field: given} if given else values, context, environment
    )
    if before:
        clean[kind.key_field] = before.key
    if given and not problems:
        problems = list(_key_problems(session, kind, given))
    if problems:
        raise InvalidRecord(problems)
    return clean


def _key_problems(session: Session, kind: RecordKind, key: str) -> Iterator[Problem]:
    yield from key_problems(key, kind.key_field)
    if find_record(session, kind, key):
        zh, en = f"“{key}”已有档案，请打开它修改。", f"There is a record “{key}” already; open it to change it."
        yield Problem("record.taken", kind.key_field, zh, en)


def write(
    session: Session,
    actor: Actor,
    now: datetime,
    kind: RecordKind,
    before: Record | None,
    clean: dict[str, Value],
    environment: forms.FormEnvironment,
    act: str,
) -> str:
    """Write what the form let through; nothing when it is what the record holds already. The record's key.

    Raises NotPermitted for what others keep.
    """
    for values in (before.values if before else clean, clean):
        require_keeper(actor, kind, values)
    key = str(clean[kind.key_field])
    if before and before.values == clean:
        return key
    version = before.version + 1 if before else 1
    row = {**shown_of(kind, clean, environment), "version": version, "changed_at": now, "changed_by": actor.id}
    if before:
        _replace(session, before, row)
    else:
        insert_or_retry(session, insert(records).values(kind=kind.key, key=key, archived=False, **row))
    index_fields(session, kind, key, clean, environment)
    _keep(session, kind.key, key, version, act, clean, now, actor)
    return key


def shown_of(kind: RecordKind, clean: dict[str, Value], environment: forms.FormEnvironment) -> dict[str, Any]:
    """The columns of a record's row that come from its values."""
    return {
        "title": _title(kind, clean, environment)[:200],
        "facet": str(clean.get(kind.facet) or ""),
        "search": search_text(kind, clean, environment),
        "body": encode(clean),
    }


def index_again(db: Database, environment: forms.FormEnvironment) -> int:
    """Write anew what lists ask of single fields, for every record; how many records there are."""
    return sum(_index_kind(db, kind, environment) for kind in RECORD_KINDS.values())


@command
def _index_kind(session: Session, kind: RecordKind, environment: forms.FormEnvironment) -> int:
    found = list(_read(session, _of(kind)))
    for each in found:
        index_fields(session, kind, each.key, each.values, environment)
    return len(found)


def search_text(kind: RecordKind, values: Mapping[str, Value], environment: forms.FormEnvironment) -> str:
    """What people read of a record in both languages, and the keys it names, in plain form, a field a line."""
    said = (
        text
        for language in ("zh", "en")
        for _, text in forms.display(kind.form, values, language=language, environment=environment)
    )
    return plain("\n".join(dict.fromkeys((*said, *_texts(values)))))


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)


def _title(kind: RecordKind, values: Mapping[str, Value], environment: forms.FormEnvironment) -> str:
    only = {kind.title_field: values.get(kind.title_field)}
    ((_, text),) = forms.display(kind.form, only, language="zh", environment=environment)
    return text


def _of(kind: RecordKind) -> Select[Any]:
    return select(*_columns).where(records.c.kind == kind.key)


def _read(session: Session, query: Select[Any]) -> Iterator[Record]:
    for row in session.execute(query):
        yield _record(row)


def _record(row: Any) -> Record:
    kind, key, title, body, archived, version, changed_at, changed_by, *_sort = row
    return Record(kind, key, title, decode(body), archived, version, changed_at, changed_by)


def _replace(session: Session, before: Record, row: Mapping[str, Any]) -> None:
    mine = records.c.kind == before.kind, records.c.key == before.key, records.c.version == before.version
    if session.execute(update(records).where(*mine).values(**row)).rowcount == 0:
        raise RecordChanged(key=before.key)


def _keep(
    session: Session, kind: str, key: str, version: int, act: str, values: Mapping[str, Value], now: datetime,
    actor: Actor,
) -> None:  # fmt: skip
    row = {"kind": kind, "key": key, "version": version, "act": act, "body": encode(dict(values))}
    session.execute(insert(record_changes).values(**row, at=now, by=actor.id))
