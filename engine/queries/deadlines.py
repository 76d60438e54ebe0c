"""Deadlines: which elements of a diagram state one, for which clauses, and how cases kept them.

A task or a called case states its deadline by `cf:due`. A timer states one where nothing it watches does so for the
same clause: it is missed when it fires. Of several timers on one activity the last is the deadline, the others remind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_

from engine.bpmn import Diagram, Node
from engine.history.definitions import Deployed
from engine.session import Session
from engine.tables import NEVER, entries, waits


class DiagramPlace(NamedTuple):
    """An element in one version of a diagram: a citation belongs to the version it stands in."""

    definition_id: int
    element: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Due times met, missed (late, or open and over), and still running."""

    kept: int = 0
    missed: int = 0
    running: int = 0

    def __add__(self, other: Deadlines) -> Deadlines:
        return Deadlines(self.kept + other.kept, self.missed + other.missed, self.running + other.running)


@dataclass(frozen=True, slots=True)
class Late:
    """A deadline a case has missed: `ended_at` is None while what was due is still open."""

    place: DiagramPlace
    instance_id: int
    due_at: datetime
    ended_at: datetime | None


def stated(diagram: Diagram) -> dict[str, tuple[str, ...]]:
    """The elements whose waits may have a due time, with the clauses it is measured for."""
    found = {node.id: node.clauses for node in diagram.nodes.values() if node.event is None}
    for timer in diagram.nodes.values():
        if watches(timer):
            told = {clause for node in watched(diagram, timer) if node.due for clause in node.clauses}
            clauses = tuple(clause for clause in timer.clauses if clause not in told)
            found |= {timer.id: clauses} if clauses else {}
    return found


def deadlines_kept(session: Session, now: datetime, versions: Iterable[Deployed]) -> dict[DiagramPlace, Deadlines]:
    """How due times were kept, by element of each version; what was called off counts for nothing."""
    done = waits.c.closed_at.is_not(None)
    query = _due_waits(
        entries.c.definition_id,
        waits.c.node_id,
        _how_many(done & (waits.c.closed_at <= waits.c.due_at)),
        _how_many(_is_missed(now)),
        _how_many(~done & (waits.c.due_at >= now)),
    ).group_by(entries.c.definition_id, waits.c.node_id)
    found = {DiagramPlace(row[0], row[1]): Deadlines(*map(int, row[2:])) for row in session.execute(query)}
    for row in _timers(session, versions):
        place = DiagramPlace(row.definition_id, row.node_id)
        found[place] = found.get(place, Deadlines()) + _timer_kept(row, now)
    return found


def late(session: Session, now: datetime, versions: Sequence[Deployed], places: Sequence[DiagramPlace]) -> list[Late]:
    """The deadlines missed at these elements, open ones first, then the last due first."""
    here = tuple_(entries.c.definition_id, waits.c.node_id).in_(places)
    query = _due_waits(entries.c.definition_id, waits.c.node_id, waits.c.instance_id, waits.c.due_at, waits.c.closed_at)
    rows = session.execute(query.where(here, _is_missed(now)).order_by(waits.c.due_at.desc())).all()
    missed = [Late(DiagramPlace(row[0], row[1]), *row[2:]) for row in rows]
    for row in _timers(session, versions):
        place = DiagramPlace(row.definition_id, row.node_id)
        if place in places and _timer_kept(row, now).missed:
            missed.append(Late(place, row.instance_id, row.due_at, row.closed_at))
    return sorted(missed, key=lambda each: (each.ended_at is not None, -each.due_at.timestamp()))


def _due_waits(*columns: Any) -> Select[Any]:
    """Tasks and called cases with a due time that were not called off, with the version they were opened on."""
    return (
        select(*columns)
        .join(entries, (entries.c.instance_id == waits.c.instance_id) & (entries.c.seq == waits.c.seq))
        .where(waits.c.kind.in_(("task", "child")), waits.c.due_at < NEVER)
        .where(waits.c.closed_at.is_(None) | (waits.c.closed_why == "completed"))
    )


def _is_missed(now: datetime) -> ColumnElement[bool]:
    return func.coalesce(waits.c.closed_at, now) > waits.c.due_at


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _timers(session: Session, versions: Iterable[Deployed]) -> Iterator[Any]:
    """The waits of timers that state a deadline; of those opened together on one activity, the last due."""
    hosts: dict[DiagramPlace, str] = {}
    for deployed in versions:
        diagram = deployed.definition.diagram
        watching = [diagram.nodes[element] for element in stated(diagram) if watches(diagram.nodes[element])]
        hosts |= {DiagramPlace(deployed.id, timer.id): _host(diagram, timer) for timer in watching}
    query = (
        select(
            entries.c.definition_id,
            waits.c.node_id,
            waits.c.instance_id,
            waits.c.seq,
            waits.c.due_at,
            waits.c.closed_at,
            waits.c.closed_why,
        )
        .join(entries, (entries.c.instance_id == waits.c.instance_id) & (entries.c.seq == waits.c.seq))
        .where(waits.c.kind == "timer", waits.c.due_at < NEVER, waits.c.node_id.in_({each[1] for each in hosts}))
        .where(waits.c.closed_why.is_(None) | waits.c.closed_why.not_in(("cancelled", "moved")))
    )
    last: dict[tuple[int, int, str], Any] = {}
    for row in session.execute(query) if hosts else ():
        host = hosts.get(DiagramPlace(row.definition_id, row.node_id))
        if host is not None:
            together = row.instance_id, row.seq, host
            last[together] = max(last.get(together, row), row, key=lambda each: each.due_at)
    return iter(last.values())


def _timer_kept(row: Any, now: datetime) -> Deadlines:
    """A timer that fired was missed; one that closed because what it watched was done in time was kept."""
    if row.closed_why == "completed" or (row.closed_at or now) > row.due_at:
        return Deadlines(missed=1)
    return Deadlines(kept=1) if row.closed_at else Deadlines(running=1)


def watches(node: Node) -> bool:
    """Whether a node is a timer beside work: on an activity's edge, or starting an event sub-process."""
    event = node.event
    if event is None or event.kind != "timer" or event.timer == "cycle":
        return False
    return node.attached_to is not None or (node.type == "startEvent" and node.parent is not None)


def _host(diagram: Diagram, timer: Node) -> str:
    """The activity a timer stands on; of an event sub-process, the scope around it."""
    return timer.attached_to or diagram.nodes[timer.parent or ""].parent or ""


def watched(diagram: Diagram, timer: Node) -> Iterator[Node]:
    """The activity a timer stands on and all inside it; of an event sub-process, everything in the scope around it."""
    host = _host(diagram, timer)
    return (node for node in diagram.nodes.values() if host in ("", node.id, *_around(diagram.nodes, node)))


def _around(nodes: Mapping[str, Node], node: Node) -> Iterator[str]:
    while node.parent is not None:
        yield node.parent
        node = nodes[node.parent]
