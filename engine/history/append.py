"""The one place where an instance moves: version check, entry, waits, all in the caller's transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from engine.bpmn import Definition, Effects, Input, State, WaitId, load_state, store_state
from engine.errors import ClauseflowError
from engine.history import calendars
from engine.history.chain import GENESIS, Head, digest
from engine.history.definitions import Deployed, stored
from engine.history.entry_texts import keep_text
from engine.history.titles import titles
from engine.history.wait_rows import keep_waits
from engine.session import Session
from engine.tables import definitions, entries, instances
from engine.values import encode

log = logging.getLogger("clauseflow.entries")


class NoSuchInstance(ClauseflowError):
    """No instance of that number or id."""

    status = 404
    zh = "没有编号为“{instance}”的事项。"
    en = "There is no case “{instance}”."


@dataclass(slots=True)
class Instance:
    """A loaded instance: its row, its definition, its state, and the hash its next entry builds on."""

    id: int
    number: str
    deployed: Deployed
    state: State
    head: bytes
    calendar_in_force: str
    root_id: int | None
    parent_id: int | None
    parent_wait: WaitId | None


@dataclass(frozen=True, slots=True)
class Parent:
    """The wait of a parent instance that a child answers when it ends."""

    instance_id: int
    root_id: int
    wait: WaitId


_load = (
    select(
        instances.c.id,
        instances.c.number,
        instances.c.state,
        instances.c.root_id,
        instances.c.parent_id,
        instances.c.parent_seq,
        instances.c.parent_k,
        definitions.c.id.label("definition_id"),
        definitions.c.key,
        definitions.c.version,
        definitions.c.hash.label("definition_hash"),
        entries.c.hash.label("head"),
        calendars.newest_hash.label("calendar"),
    )
    .join(definitions, definitions.c.id == instances.c.definition_id)
    .join(entries, (entries.c.instance_id == instances.c.id) & (entries.c.seq == instances.c.seq))
    .where(instances.c.id == bindparam("wanted"))
)


# Statements are built once: building one takes longer than SQLite takes to carry it out.
_INSTANCE_COLUMNS = ("title", "title_en", "status", "seq", "state", "state_hash", "changed_at", "ended_at")
_move = (
    update(instances)
    .where(instances.c.id == bindparam("at_id"), instances.c.seq == bindparam("at_seq"))
    .values({name: bindparam(name) for name in _INSTANCE_COLUMNS})
)
_hold = select(instances.c.id).where(instances.c.id == bindparam("wanted")).with_for_update()
_FIRST_COLUMNS = (
    "number",
    "key",
    "definition_id",
    "started_at",
    "started_by",
    "root_id",
    "parent_id",
    "parent_seq",
    "parent_k",
)
_add_instance = (
    insert(instances)
    .values({name: bindparam(name) for name in _INSTANCE_COLUMNS + _FIRST_COLUMNS})
    .returning(instances.c.id)
)
_add = insert(entries).values({column.name: bindparam(column.name) for column in entries.c})


def load(session: Session, instance_id: int) -> Instance:
    """The instance with everything its next step needs, in one SELECT. Raises NoSuchInstance."""
    row = session.first(_load, {"wanted": instance_id})
    if row is None:
        raise NoSuchInstance(instance=instance_id)
    return Instance(
        id=row.id,
        number=row.number,
        deployed=stored(session, row.definition_id, row.key, row.version, row.definition_hash),
        state=load_state(row.state),
        head=row.head,
        calendar_in_force=calendars.seen(session, row.calendar),
        root_id=row.root_id,
        parent_id=row.parent_id,
        parent_wait=None if row.parent_seq is None else WaitId(row.parent_seq, row.parent_k),
    )


def load_to_write(session: Session, instance_id: int) -> Instance:
    """The instance, with its case held until the transaction ends: whoever writes in a case has its root row first.

    A root is held by its own version check, so only a called case costs more. Raises NoSuchInstance.
    """
    instance = load(session, instance_id)
    if instance.root_id is None:
        return instance
    session.execute(_hold, {"wanted": instance.root_id})
    return load(session, instance_id)


def begin(
    session: Session,
    deployed: Deployed,
    number: str,
    given: Input,
    effects: Effects,
    state: State,
    parent: Parent | None = None,
) -> Instance:
    """Record a new instance with its first entry and waits; returns it as it stands then."""
    row = _instance_row(deployed.definition, given, state) | {
        "number": number,
        "key": deployed.key,
        "definition_id": deployed.id,
        "started_at": given.now,
        "started_by": given.actor or "",
        "root_id": parent.root_id if parent else None,
        "parent_id": parent.instance_id if parent else None,
        "parent_seq": parent.wait.seq if parent else None,
        "parent_k": parent.wait.k if parent else None,
    }
    added = session.first(_add_instance, row)
    assert added is not None
    instance = Instance(
        id=added.id,
        number=number,
        deployed=deployed,
        state=state,
        head=GENESIS,
        calendar_in_force=calendars.hash_in_force(session),
        root_id=row["root_id"],
        parent_id=row["parent_id"],
        parent_wait=parent.wait if parent else None,
    )
    instance.head = _add_entry(session, instance, given, effects, state, row["state_hash"])
    keep_text(session, instance.id, state.seq, given, [number, *_titles(row, effects)])
    keep_waits(session, instance.id, deployed.key, [], effects, state, given)
    return instance


def append(session: Session, instance: Instance, given: Input, effects: Effects, state: State) -> None:
    """Record one step of a loaded instance. The transaction is run again when another step came first."""
    row = _instance_row(instance.deployed.definition, given, state)
    session.later(_move, row | {"at_id": instance.id, "at_seq": instance.state.seq}, moves=True)
    _add_entry(session, instance, given, effects, state, row["state_hash"])
    keep_text(session, instance.id, state.seq, given, _titles(row, effects))
    keep_waits(session, instance.id, instance.deployed.key, instance.state.waits, effects, state, given)


def state_hash(state: State) -> bytes:
    """SHA-256 of the canonical projection, 32 bytes."""
    return digest(encode(state.projection()))


def _instance_row(definition: Definition, given: Input, state: State) -> dict[str, Any]:
    projection = encode(state.projection())
    return {
        **titles(definition, state),
        "status": state.status,
        "seq": state.seq,
        "state": store_state(state, projection),
        "state_hash": digest(projection),
        "changed_at": given.now,
        "ended_at": given.now if state.status in ("completed", "cancelled") else None,
    }


def _titles(row: Mapping[str, Any], effects: Effects) -> list[str]:
    """The title in both languages, where the step changed it."""
    return [row["title"], row["title_en"]] if "title" in effects else []


def _add_entry(
    session: Session, instance: Instance, given: Input, effects: Effects, state: State, covered_state: bytes
) -> bytes:
    """Add the entry that follows the instance's head; returns its hash."""
    payload, done = encode(given.payload()), encode(effects)
    head = Head(
        instance=instance.number,
        seq=state.seq,
        kind=given.kind,
        at=given.now,
        actor=given.actor,
        on_behalf_of=given.on_behalf_of,
        definition=instance.deployed.definition.hash,
        revision=given.revision,
        input_digest=digest(payload),
        effects_digest=digest(done),
        state_hash=covered_state,
    )
    entry_hash = head.hash(instance.head)
    session.later(
        _add,
        {
            "instance_id": instance.id,
            "seq": state.seq,
            "kind": given.kind,
            "at": given.now,
            "actor": given.actor,
            "on_behalf_of": given.on_behalf_of,
            "definition_id": instance.deployed.id,
            "revision": given.revision,
            "input": payload.decode(),
            "effects": done.decode(),
            "input_digest": head.input_digest,
            "effects_digest": head.effects_digest,
            "state_hash": covered_state,
            "hash": entry_hash,
        },
    )
    named = (instance.number, state.seq, given.kind, given.actor)
    session.after_commit(partial(log.info, "entry instance=%s seq=%s kind=%s actor=%s", *named))
    return entry_hash
