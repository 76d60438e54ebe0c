"""Overall deadlines: by when a case must have taken a step that a task lies on the way to.

The diagram says so twice: by a timer over a whole scope (an event sub-process, or the edge of a sub-process or of the
call that a case belongs to), and by the step that states its own deadline for a clause of that timer. The timer says
when, as it runs from the beginning; the step says what. Where no step does, all of the scope must be done by then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from engine.bpmn import Diagram, Node
from engine.history.definitions import stored
from engine.queries.deadlines import watched, watches
from engine.session import Session
from engine.tables import definitions, instances, waits
from engine.task_id import TaskId


@dataclass(frozen=True, slots=True)
class Overall:
    """A deadline over a task: what must be done by then (no steps: everything), for which clauses."""

    due_at: datetime
    steps: tuple[Node, ...]
    clauses: tuple[str, ...]


def has_overall_deadlines(diagram: Diagram) -> bool:
    """Whether the diagram itself sets any; those of a calling case come besides."""
    return any(_spans(diagram))


def overall_deadlines(session: Session, tasks: Collection[TaskId]) -> dict[TaskId, list[Overall]]:
    """What is not done yet of each open task's case and of the cases that called it, first due first."""
    cases = _with_callers(session, {task.instance_id for task in tasks})
    versions = {case.definition_id: list(_spans(case.diagram)) for case in cases.values()}
    spans = {case.id: versions[case.definition_id] for case in cases.values()}
    rows = _rows(session, cases, versions) if any(versions.values()) else {}
    found: dict[TaskId, list[Overall]] = {}
    for task in tasks:
        here = [each for place in _places(task, cases, rows) for each in _over(place, spans, rows)]
        if here:
            found[task] = sorted(here, key=lambda each: each.due_at)
    return found


@dataclass(frozen=True, slots=True)
class _Case:
    id: int
    definition_id: int
    diagram: Diagram
    parent: TaskId | None
    """The wait of the calling case that this one answers."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A timer of a diagram with the nodes it is over, and those of them that it is to see done."""

    timer: Node
    over: frozenset[str]
    steps: tuple[Node, ...]


def _spans(diagram: Diagram) -> Iterator[_Span]:
    for timer in diagram.nodes.values():
        if not watches(timer) or not timer.clauses:
            continue
        over = {node.id: node for node in watched(diagram, timer) if node.id != timer.attached_to}
        steps = tuple(node for node in over.values() if node.due and set(node.clauses) & set(timer.clauses))
        if over or (timer.attached_to and diagram.nodes[timer.attached_to].called):
            yield _Span(timer, frozenset(over) | {timer.attached_to or ""}, steps)


_cases = (
    select(instances.c.id, instances.c.parent_id, instances.c.parent_seq, instances.c.parent_k,
           instances.c.definition_id, definitions.c.key, definitions.c.version, definitions.c.hash)
    .join(definitions, definitions.c.id == instances.c.definition_id)
    .where(instances.c.id.in_(bindparam("wanted", expanding=True)))
)  # fmt: skip


def _with_callers(session: Session, ids: set[int]) -> dict[int, _Case]:
    found: dict[int, _Case] = {}
    while missing := ids - found.keys():
        for row in session.execute(_cases, {"wanted": list(missing)}):
            diagram = stored(session, *row[4:]).definition.diagram
            parent = None if row.parent_id is None else TaskId(row.parent_id, row.parent_seq, row.parent_k)
            found[row.id] = _Case(row.id, row.definition_id, diagram, parent)
        ids = {case.parent.instance_id for case in found.values() if case.parent}
    return found


def _rows(session: Session, cases: Iterable[int], versions: dict[int, list[_Span]]) -> dict[int, list[Any]]:
    """Open waits, and what was done of timers and steps, by case."""
    told = {node.id for each in versions.values() for span in each for node in (span.timer, *span.steps)}
    done = and_(waits.c.closed_why == "completed", waits.c.node_id.in_(told))
    columns = [
        waits.c[name] for name in ("instance_id", "seq", "k", "kind", "node_id", "scope", "due_at", "closed_seq")
    ]
    query = select(*columns).where(waits.c.instance_id.in_(cases), or_(waits.c.closed_at.is_(None), done))
    found: dict[int, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.instance_id, []).append(row)
    return found


def _places(task: TaskId, cases: dict[int, _Case], rows: dict[int, list[Any]]) -> Iterator[Any]:
    """Where the work stands: the task's own wait, and the waits for it of the cases that called its case."""
    at: TaskId | None = task
    while at is not None:
        place = next((row for row in rows.get(at.instance_id, ()) if (row.seq, row.k) == at.wait), None)
        if place is not None:
            yield place
        at = cases[at.instance_id].parent


def _over(place: Any, spans: dict[int, list[_Span]], rows: dict[int, list[Any]]) -> Iterator[Overall]:
    """The deadlines of one case over one of its waits; of timers set together the last, as those before it remind."""
    last: dict[tuple[int, tuple[Node, ...]], tuple[Any, _Span]] = {}
    by_node = {span.timer.id: span for span in spans[place.instance_id]}
    for row in rows[place.instance_id]:
        span = by_node.get(row.node_id)
        if span is not None and _concerns(span, row, place) and _is_to_do(span, row, rows[place.instance_id]):
            together = row.seq, span.steps
            last[together] = max(last.get(together, (row, span)), (row, span), key=lambda each: each[0].due_at)
    for row, span in last.values():
        yield Overall(row.due_at, span.steps, span.timer.clauses)


def _concerns(span: _Span, timer: Any, place: Any) -> bool:
    inside = timer.scope in ("", place.scope) or place.scope.startswith(f"{timer.scope}/")
    return inside and place.node_id in span.over and place.node_id not in {node.id for node in span.steps}


def _is_to_do(span: _Span, timer: Any, rows: Iterable[Any]) -> bool:
    """Whether it is still to be done: a timer that went off says that it is late, until a step was done."""
    if not span.steps:
        return timer.closed_seq is None
    steps = {node.id for node in span.steps}
    return not any(row.node_id in steps and (row.closed_seq or 0) > timer.seq for row in rows)
