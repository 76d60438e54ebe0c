"""Entries read as steps: once, and with every part checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, get_args

from sqlalchemy import bindparam, select

from engine.bpmn import ClosedWhy, InputKind, Status, WaitId, WaitKind
from engine.history import shape
from engine.history.entries import DamagedEntry, Entry
from engine.history.steps import Assigned, Called, Closed, Decided, Opened, Sent, Standing, Step, Write
from engine.session import Session
from engine.tables import definitions, entries
from engine.values import Value, decode


def steps_of(session: Session, instance_id: int) -> list[Step]:
    """The history of an instance, oldest first. Raises DamagedEntry."""
    rows = session.execute(_history, {"wanted": instance_id})
    return list(read((Entry(*stored), version) for *stored, version in rows))


def step_of(session: Session, instance_id: int, seq: int) -> Step:
    """One step of an instance, which names no node that an earlier one opened. Raises NoResultFound, DamagedEntry."""
    *stored, version = session.execute(_one, {"wanted": instance_id, "wanted_seq": seq}).one()
    return next(read([(Entry(*stored), version)]))


def read(found: Iterable[tuple[Entry, int]]) -> Iterator[Step]:
    """The steps of entries that follow each other, each with the version of its diagram. Raises DamagedEntry."""
    nodes: dict[WaitId, str] = {}
    for entry, version in found:
        try:
            step = _step(entry, version, nodes)
        except (TypeError, ValueError, KeyError, ArithmeticError) as error:
            raise DamagedEntry(seq=entry.seq) from error
        nodes |= {opened.id: opened.node for opened in step.opened}
        yield step


def read_path(stored: str) -> tuple[str, ...]:
    """The path of an entry that the database took out of it as JSON text. Raises ValueError, TypeError."""
    return shape.each(shape.text, decode(stored))


_with_version = select(*entries.c, definitions.c.version).join(definitions, definitions.c.id == entries.c.definition_id)
_history = _with_version.where(entries.c.instance_id == bindparam("wanted")).order_by(entries.c.seq)
_one = _with_version.where(entries.c.instance_id == bindparam("wanted"), entries.c.seq == bindparam("wanted_seq"))

_PARTS: Final = frozenset(
    (
        "path",
        "opened",
        "closed",
        "set",
        "decisions",
        "tokens",
        "children",
        "sent",
        "status",
        "title",
        "assigned",
        "error",
    )
)
_WAIT_KINDS: Final[frozenset[WaitKind]] = frozenset(get_args(WaitKind))
_REASONS: Final[frozenset[ClosedWhy]] = frozenset(get_args(ClosedWhy))
_STATUSES: Final[frozenset[Status]] = frozenset(get_args(Status))


def _step(entry: Entry, version: int, nodes: dict[WaitId, str]) -> Step:
    kind, wait, values, facts = entry.given()
    done = entry.done()
    if done.keys() - _PARTS:
        raise ValueError(done.keys() - _PARTS)
    path = _all(shape.text, done, "path")
    return Step(
        seq=entry.seq,
        kind=kind,
        at=entry.at,
        actor=entry.actor,
        on_behalf_of=entry.on_behalf_of,
        version=version,
        revision=entry.revision,
        hash=entry.hash,
        wait=wait,
        values=values,
        facts=facts,
        node=_node(kind, wait, values, path, nodes),
        path=path,
        opened=_all(lambda value: _opened(entry.seq, value), done, "opened"),
        closed=_all(_closed, done, "closed"),
        writes=_all(_write, done, "set"),
        decisions=_all(_decided, done, "decisions"),
        tokens=_all(_standing, done, "tokens"),
        children=_all(_called, done, "children"),
        sent=_all(_sent, done, "sent"),
        status=shape.one_of(_STATUSES, done["status"]) if "status" in done else None,
        title=shape.optional(shape.text, done.get("title")),
        assigned=shape.optional(_assigned, done.get("assigned")),
        error=shape.text(done["error"]["code"]) if "error" in done else None,
    )


def _all(item: Callable[[Value], shape.T], done: dict[str, Any], name: str) -> tuple[shape.T, ...]:
    return shape.each(item, done[name]) if name in done else ()


def _node(
    kind: InputKind, wait: WaitId | None, values: dict[str, Value], path: tuple[str, ...], nodes: dict[WaitId, str]
) -> str | None:
    if kind == "start":
        return path[0] if path else None
    if kind == "move":
        left = values["from"]
        return shape.text(left["node"]) if isinstance(left, dict) else nodes.get(shape.wait_id(left))
    return nodes.get(wait) if wait else None


def _opened(seq: int, value: Value) -> Opened:
    found = shape.mapping(value)
    get = found.get
    return Opened(
        id=WaitId(seq, shape.number(found["k"])),
        kind=shape.one_of(_WAIT_KINDS, found["kind"]),
        node=shape.text(found["node"]),
        scope=shape.text(get("scope", "")),
        lane=shape.optional(shape.text, get("lane")),
        assignee=shape.optional(shape.text, get("assignee")),
        due=shape.optional(shape.moment, get("due")),
        priority=shape.number(found["priority"]) if "priority" in found else 0,
        details=shape.mapping(get("details", {})),
    )


def _closed(value: Value) -> Closed:
    found = shape.mapping(value)
    return Closed(shape.wait_id(found["wait"]), shape.one_of(_REASONS, found["why"]))


def _write(value: Value) -> Write:
    found = shape.mapping(value)
    return Write(shape.text(found["scope"]), shape.text(found["name"]), found["value"])


def _decided(value: Value) -> Decided:
    found = shape.mapping(value)
    return Decided(
        shape.text(found["node"]), shape.text(found["decision"]), list(shape.each(shape.mapping, found["trace"]))
    )


def _standing(value: Value) -> Standing:
    node, scope, count = value
    return Standing(shape.text(node), shape.text(scope), shape.number(count))


def _assigned(value: Value) -> Assigned:
    found = shape.mapping(value)
    return Assigned(shape.wait_id(found["wait"]), shape.optional(shape.text, found["to"]))


def _called(value: Value) -> Called:
    found = shape.mapping(value)
    return Called(shape.wait_id(found["wait"]), shape.text(found["process"]), shape.mapping(found["values"]))


def _sent(value: Value) -> Sent:
    found = shape.mapping(value)
    name = shape.text(found["signal" if "signal" in found else "message"])
    return Sent("signal" in found, name, found.get("key"), shape.mapping(found["values"]))
