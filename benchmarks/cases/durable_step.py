"""A durable step of the price approval beside the same rows written by SQLAlchemy Core with no engine.

A step loads the instance, authorises, lets the form judge the values, advances, appends with hashes, keeps the waits
and commits. The yardstick writes the very rows that the step left, in one transaction, and does nothing else; both
take turns, a step each, and at the end the two databases hold the same rows. Statements of the yardstick are built
once, as ours are.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, insert, select, update

from benchmarks.cases.approvals import SEVEN_ENTRIES, deploy, named, walk
from benchmarks.databases import fresh
from engine.database import Database
from engine.session import Session
from engine.tables import definition_files, definitions, entries, entry_texts, instances, sequences, waits

CASES = 60
WARM = 10
TABLES = (sequences, instances, entries, entry_texts, waits)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """The rows one step left: case, entry and what it is found by, waits opened and closed, a number's series."""

    instance: Row
    entry: Row
    opened: list[Row]
    closed: list[Row]
    series: Row | None = None
    texts: Sequence[Row] = ()


@dataclass(slots=True)
class Times:
    """Seconds of one kind of step, ours and the yardstick's."""

    ours: list[float]
    theirs: list[float]


def main() -> None:
    """Print median and 95th percentile per step, and the ratio of medians, for both databases."""
    with fresh(("engine", "core")) as kinds:
        for kind, (engine, core) in kinds:
            for name, times in measured(engine, core, CASES).items():
                ours, theirs = times.ours, times.theirs
                print(
                    f"{kind:<11} {name:<9} engine p50 {median(ours) * 1e3:6.2f} ms  p95 {_p95(ours) * 1e3:6.2f} ms   "
                    f"core p50 {median(theirs) * 1e3:6.2f} ms  p95 {_p95(theirs) * 1e3:6.2f} ms   "
                    f"ratio {median(ours) / median(theirs):.2f}"
                )


def measured(engine: Database, core: Database, cases: int) -> dict[str, Times]:
    """Times of starts and completions of that many cases, after some to warm up."""
    file = deploy(engine)
    scenario = named(file, SEVEN_ENTRIES)
    _copy(engine, core, (definitions, definition_files))
    times: dict[str, Times] = {}
    for number in range(WARM + cases):
        if number == WARM:
            times = {}
            gc.freeze()
        for kind, command in walk(engine, file, scenario):
            here = times.setdefault(kind, Times([], []))
            here.ours.append(timed(command))
            with engine.reading() as session:
                step = _left_by_last_step(session)
            here.theirs.append(timed(lambda: write_step(core, step)))  # noqa: B023
    gc.unfreeze()
    assert [_all(engine, table) for table in TABLES] == [_all(core, table) for table in TABLES]
    return times


def timed(work: Callable[[], Any]) -> float:
    """Seconds that some work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _copy(source: Database, target: Database, tables: tuple[Table, ...]) -> None:
    for table in tables:
        rows = _all(source, table)
        target.write(lambda session: session.execute(insert(table), rows))  # noqa: B023


def _all(db: Database, table: Table) -> list[dict[str, Any]]:
    with db.reading() as session:
        return [dict(row) for row in session.execute(select(table).order_by(*table.primary_key)).mappings()]


def _left_by_last_step(session: Session) -> Step:
    """What the newest step of the newest case left."""

    def rows(table: Table, *where: ColumnElement[bool]) -> list[Row]:
        return [dict(row) for row in session.execute(select(table).where(*where)).mappings()]

    (instance,) = session.execute(select(instances).order_by(instances.c.id.desc()).limit(1)).mappings()
    here, seq = instance["id"], instance["seq"]
    (entry,) = rows(entries, entries.c.instance_id == here, entries.c.seq == seq)
    opened = rows(waits, waits.c.instance_id == here, waits.c.seq == seq)
    closed = rows(waits, waits.c.instance_id == here, waits.c.closed_seq == seq)
    texts = rows(entry_texts, entry_texts.c.instance_id == here, entry_texts.c.seq == seq)
    return Step(instance, entry, opened, closed, rows(sequences)[0] if seq == 0 else None, texts)


_MOVED = ("title", "status", "seq", "state", "state_hash", "changed_at", "ended_at")
_CLOSED = ("closed_at", "closed_seq", "closed_why", "closed_by", "ready_at", "lease_owner", "incident")
_begin = insert(instances).returning(instances.c.id)
_add = insert(entries)
_keep = insert(entry_texts)
_open = insert(waits)
_first = insert(sequences)
_draw = update(sequences).where(sequences.c.name == bindparam("of")).values(last=bindparam("last"))
_move = (
    update(instances)
    .where(instances.c.id == bindparam("at_id"), instances.c.seq == bindparam("at_seq"))
    .values({name: bindparam(name) for name in _MOVED})
)
_close = (
    update(waits)
    .where(
        waits.c.instance_id == bindparam("at_id"), waits.c.seq == bindparam("at_seq"), waits.c.k == bindparam("at_k")
    )
    .values({name: bindparam(name) for name in _CLOSED})
)


def write_step(core: Database, step: Step) -> None:
    """Write the rows that one step left, in one transaction."""
    instance, entry = step.instance, step.entry
    with core.engine.connect().execution_options(writing=True) as connection, connection.begin():
        if step.series is not None:
            draw = _first if step.series["last"] == 1 else _draw
            connection.execute(draw, {"of": step.series["name"], **step.series} if draw is _draw else step.series)
        if entry["seq"] == 0:
            assert connection.execute(_begin, _without_id(instance)).scalar_one() == instance["id"]
        else:
            moved = {name: instance[name] for name in _MOVED}
            connection.execute(_move, {"at_id": instance["id"], "at_seq": entry["seq"] - 1, **moved})
        connection.execute(_add, entry)
        if step.texts:
            connection.execute(_keep, step.texts[0])
        if step.opened:
            connection.execute(_open, step.opened if len(step.opened) > 1 else step.opened[0])
        for wait in step.closed:
            key = {"at_id": wait["instance_id"], "at_seq": wait["seq"], "at_k": wait["k"]}
            connection.execute(_close, key | {name: wait[name] for name in _CLOSED})


def _without_id(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


def write_rows(
    core: Database,
    instance: dict[str, Any],
    entry: Mapping[str, Any],
    opened: list[dict[str, Any]],
    closed: list[dict[str, Any]],
) -> None:
    """Write the rows of a step that draws no number, in one transaction."""
    write_step(core, Step(instance, entry, opened, closed))
