"""The inbox: open tasks a person holds or may take, by due time and then age, and what they have done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Row, Select, bindparam, func, literal, literal_column, select, union_all

from engine.actor import Actor, lanes_in
from engine.forms import Form
from engine.history import calendars
from engine.history.definitions import stored
from engine.queries.cases import HEAD
from engine.queries.paging import Page, behind, cursor
from engine.queries.search import Condition, tasks_with
from engine.search_text import words
from engine.session import Session
from engine.tables import NEVER, definitions, instances, waits
from engine.task_id import TaskId

InboxView = Literal["mine", "groups", "overdue", "team", "done"]
COUNT_CAP = 1000
"""Counting stops here; people read "999+"."""


@dataclass(frozen=True, slots=True)
class TaskItem:
    """A task as a list shows it. Names come from the version of the diagram the case is on; times are UTC."""

    id: TaskId
    number: str
    title: str
    title_en: str
    key: str
    process_name: str
    process_name_en: str
    node_id: str
    name: str
    name_en: str
    lane: str | None
    lane_name: str
    lane_name_en: str
    assignee: str | None
    due_at: datetime | None
    opened_at: datetime
    priority: int
    closed_at: datetime | None
    suspended: bool
    """Whether the case rests, so that nobody can do it now."""
    form: Form | None


_by_due = (waits.c.due_at, waits.c.opened_at, waits.c.instance_id, waits.c.seq, waits.c.k)
_by_close = (waits.c.closed_at, waits.c.instance_id, waits.c.seq, waits.c.k)
_open = waits.c.closed_at.is_(None)
# A bound value would not be seen to be the one the index is about.
_resting = select(instances.c.id).where(instances.c.status == literal_column("'suspended'"))
_rests = waits.c.instance_id.in_(_resting)
RESTING = "~"
"""What the place of a page begins with when it is among resting tasks."""
_columns = (
    waits,
    instances.c.number,
    instances.c.title,
    instances.c.title_en,
    instances.c.status.label("case_status"),
    instances.c.definition_id,
    definitions.c.version,
    definitions.c.hash.label("definition_hash"),
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a reader wants of every view: words, one process (its key), or only what has a priority."""

    search: str = ""
    process: str | None = None
    first: bool = False

    def conditions(self, session: Session) -> list[Condition]:
        """On waits alone, so that counting reads no case; none where everything is wanted."""
        found = [tasks_with(session, self.search)] if words(self.search) else []
        found += [waits.c.key == self.process] if self.process else []
        return found + ([waits.c.priority > 0] if self.first else [])


EVERYTHING = Narrowed()


def inbox(
    session: Session,
    actor: Actor,
    now: datetime,
    view: InboxView,
    wanted: Narrowed = EVERYTHING,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[TaskItem]:
    """One page of a view. Tasks that nobody can do now, as their case rests, stand below all others."""
    parts, conditions = list(_parts(actor, now, view)), wanted.conditions(session)
    if view == "done":
        rows = _rows(session, [(part, *conditions) for part in parts], _by_close, after, limit + 1, descending=True)
    else:
        rows = _live_then_resting(session, parts, conditions, after, limit + 1)
    more = _mark(rows[limit - 1], _by_close if view == "done" else _by_due) if len(rows) > limit else None
    return Page([item_of(session, row) for row in rows[:limit]], more)


def inbox_counts(session: Session, actor: Actor, now: datetime, wanted: Narrowed = EVERYTHING) -> dict[str, int]:
    """How many tasks each view holds of those that are wanted, counted up to COUNT_CAP."""
    conditions = wanted.conditions(session)
    return {view: _count(session, _parts(actor, now, view), conditions) for view in get_args(InboxView)}


def last_change(session: Session) -> datetime | None:
    """When any case last took a step; None before the first. While it stays, no inbox changes but by the clock."""
    return session.execute(select(func.max(instances.c.changed_at))).scalar()


def _count(session: Session, parts: Iterable[Condition], conditions: Sequence[Condition]) -> int:
    total = 0
    for part in parts:
        some = select(literal(1)).select_from(waits).where(part, *conditions).limit(COUNT_CAP).subquery()
        total += session.execute(select(func.count()).select_from(some)).scalar_one()
    return min(total, COUNT_CAP)


def _parts(actor: Actor, now: datetime, view: InboxView) -> Iterator[Condition]:
    """The view as disjoint conditions, each answered by one index in order."""
    if view == "done":
        yield (waits.c.closed_by == actor.id) & (waits.c.kind == "task")
        return
    if view == "team":
        for lane in _every_or_each(waits.c.lane, actor.lanes("reassign")):
            yield (
                _open & (waits.c.kind == "task") & waits.c.assignee.is_not(None) & (waits.c.assignee != actor.id) & lane
            )
        return
    late = (waits.c.due_at < now) & ~_rests if view == "overdue" else literal(True)
    if view in ("mine", "overdue"):
        for person, lanes in _holders(actor):
            yield _open & (waits.c.kind == "task") & (waits.c.assignee == person) & lanes & late
    if view in ("groups", "overdue"):
        unassigned = _open & (waits.c.kind == "task") & waits.c.assignee.is_(None) & late
        yield from (unassigned & lane for lane in _every_or_each(waits.c.lane, actor.lanes()))


def _holders(actor: Actor) -> Iterator[tuple[str, Condition]]:
    """The actor and whom they stand in for, each with the lanes in which what they hold can still be done."""
    for person, held in ((actor.id, actor.permissions), *sorted(actor.substitutes.items())):
        lanes = lanes_in(held)
        yield person, literal(True) if "*" in lanes else waits.c.lane.in_(sorted(lanes))


def _every_or_each(column: Any, lanes: set[str]) -> list[Condition]:
    """A condition for each lane, each answered by one index in order; for `*` one that holds for every lane."""
    return [literal(True)] if "*" in lanes else [column == lane for lane in sorted(lanes)]


def _joined() -> Select[Any]:
    return (
        select(*_columns)
        .join(instances, instances.c.id == waits.c.instance_id)
        .join(definitions, definitions.c.id == instances.c.definition_id)
    )


def _live_then_resting(
    session: Session, parts: Sequence[Condition], conditions: Sequence[Condition], after: str | None, limit: int
) -> list[Row[Any]]:
    """Resting tasks are asked for when the others do not fill the page: an index has no place for what rests."""
    resting = after is not None and after.startswith(RESTING)
    rows = []
    if not resting:
        rows = _rows(session, [(part, ~_rests, *conditions) for part in parts], _by_due, after, limit)
    if len(rows) < limit:
        behind_it = after.removeprefix(RESTING) if after and resting else None
        sources = [(part, _rests, *conditions) for part in parts]
        rows += _rows(session, sources, _by_due, behind_it, limit - len(rows))
    return rows


def _mark(row: Row[Any], order: Sequence[Any]) -> str:
    """Where the next page begins."""
    place = cursor([getattr(row, column.name) for column in order])
    return RESTING + place if row.case_status == "suspended" and order is _by_due else place


def _rows(
    session: Session, sources: Sequence[Sequence[Condition]], order: Sequence[Any], after: str | None, limit: int,
    *, descending: bool = False,
) -> list[Row[Any]]:  # fmt: skip
    """The first rows of all sources in one order; each source is read in the order of its index."""
    place = behind(order, after, descending=descending)
    found = [_ordered(_joined().where(*source, place), order, descending, limit) for source in sources]
    if len(found) < 2:
        return [row for one in found for row in session.execute(one)]
    merged = union_all(*(select(one.subquery()) for one in found)).subquery()
    columns = [merged.c[column.name] for column in order]
    return list(session.execute(_ordered(select(merged), columns, descending, limit)))


def _ordered(query: Select[Any], order: Sequence[Any], descending: bool, limit: int) -> Select[Any]:
    return query.order_by(*(column.desc() if descending else column for column in order)).limit(limit)


def item_of(session: Session, row: Row[Any]) -> TaskItem:
    """The item of a row of `waits` joined with its instance and definition."""
    definition = stored(session, row.definition_id, row.key, row.version, row.definition_hash).definition
    diagram = definition.diagram
    node = diagram.nodes[row.node_id]
    lane = diagram.lanes.get(row.lane or "")
    return TaskItem(
        id=TaskId(row.instance_id, row.seq, row.k),
        number=row.number,
        title=row.title,
        title_en=row.title_en,
        key=row.key,
        process_name=diagram.name,
        process_name_en=diagram.name_en,
        node_id=row.node_id,
        name=node.name,
        name_en=node.name_en,
        lane=row.lane,
        lane_name=lane.name if lane else "",
        lane_name_en=lane.name_en if lane else "",
        assignee=row.assignee,
        due_at=None if row.due_at == NEVER else row.due_at,
        opened_at=row.opened_at,
        priority=row.priority,
        closed_at=row.closed_at,
        suspended=row.case_status == "suspended",
        form=definition.form(row.node_id),
    )


_of_one = (
    _joined()
    .add_columns(instances.c.state, instances.c.parent_id, calendars.newest_hash.label("calendar"), *HEAD)
    .where(
        waits.c.instance_id == bindparam("at_id"), waits.c.seq == bindparam("at_seq"), waits.c.k == bindparam("at_k")
    )
)


def task_row(session: Session, task_id: TaskId) -> Any | None:
    """The joined row of one wait with its case's state, the calendar in force, and at the end HEAD; or None."""
    place = {"at_id": task_id.instance_id, "at_seq": task_id.seq, "at_k": task_id.k}
    return session.first(_of_one, place)
