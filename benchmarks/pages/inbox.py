"""The first page of the inbox with its capped counts, of 100,000 open tasks and more, beside the bare driver.

The yardstick is one indexed SELECT of the same fifty tasks by the driver alone, without SQLAlchemy. Tasks are copies of
one that the engine opened, put in by the million at once: their cases have rows of their own. Numbers as arguments of
`python -m benchmarks.pages.inbox` choose other sizes.
"""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime
from statistics import median
from typing import Any

from sqlalchemy import select, text

from benchmarks.cases.approvals import SEVEN_ENTRIES, deploy, named, walk
from benchmarks.cases.durable_step import timed
from benchmarks.databases import fresh
from engine.actor import Actor
from engine.database import Database
from engine.queries import Narrowed, inbox, inbox_counts
from engine.tables import entries, entry_texts, instances, waits

SIZE = 100_000
TURNS = 40
WARM = 5
SEARCHES = 5
PERIOD = 7_200
"""Due times repeat after so many minutes: as many tasks are late as would be anywhere."""

HELD_EVERY, PEOPLE = 10, 500
"""Every tenth task is held, by one of so many people; the others wait for whoever of the lane takes them."""

_SELECT = (
    "SELECT w.instance_id, w.seq, w.k, w.node_id, w.lane, w.assignee, w.due_at, w.opened_at, w.priority, w.key, "
    "i.number, i.title FROM waits w JOIN instances i ON i.id = w.instance_id WHERE w.closed_at IS NULL "
    "AND w.kind = 'task' AND w.assignee IS NULL AND w.lane = {} "
    "ORDER BY w.due_at, w.opened_at, w.instance_id, w.seq, w.k LIMIT 51"
)


def main(sizes: tuple[int, ...] = (SIZE,)) -> None:
    """Print medians and the ratio (at most 20 is wanted) for both databases and each size."""
    with fresh(("inbox",)) as kinds:
        for kind, (db,) in kinds:
            file = deploy(db)
            next(iter(walk(db, file, named(file, SEVEN_ENTRIES))))[1]()
            lane, there = _lane(db), 1
            for size in sizes:
                _copy(db, there, size)
                there = size
                page, counts, bare = _measured(db, lane)
                rare, common = (_searched(db, lane, search) for search in (f"{size - 1}", "压装机 服务"))
                print(
                    f"{kind:<11} {size:>9,} open   page p50 {page * 1e3:6.2f} ms   counts {counts * 1e3:6.2f} ms   "
                    f"bare driver {bare * 1e3:6.2f} ms   page and counts {(page + counts) / bare:.1f} times   "
                    f"search for one case {rare * 1e3:.0f} ms, for every case {common * 1e3:.0f} ms"
                )


def _lane(db: Database) -> str:
    with db.reading() as session:
        lane: str = session.execute(select(waits.c.lane)).scalar_one()
    return lane


def _copy(db: Database, there: int, size: int) -> None:
    """Cases after the first `there`, until there are `size`, each with its first entry and an open task."""
    more = f"WITH RECURSIVE more(n) AS (SELECT {there + 1} UNION ALL SELECT n + 1 FROM more WHERE n < {size}) "  # noqa: S608
    minutes = f"more.n * 37 % {PERIOD}"
    due = {
        "sqlite": f"strftime('%Y-%m-%d %H:%M:%S.000000', '2026-11-23', '+' || ({minutes}) || ' minutes')",
        "postgresql": f"timestamptz '2026-11-23 00:00:00+00' + ({minutes}) * interval '1 minute'",
    }[db.dialect]
    held = f"CASE WHEN more.n % {HELD_EVERY} = 0 THEN 'person-' || (more.n / {HELD_EVERY} % {PEOPLE}) END"
    with db.engine.begin() as connection:
        for table, changed in (
            (instances, {"id": "more.n", "number": "'C-' || more.n"}),
            (entries, {"instance_id": "more.n", "input": "'{}'", "effects": "'{}'"}),
            (entry_texts, {"instance_id": "more.n", "text": "one.text || ' C-' || more.n"}),
            (waits, {"instance_id": "more.n", "due_at": due, "assignee": held}),
        ):
            names = [column.name for column in table.c]
            values = [changed.get(name, f"one.{name}") for name in names]
            first = "one.id = 1" if table is instances else "one.instance_id = 1"
            rows = f"SELECT {', '.join(values)} FROM {table.name} one, more WHERE {first}"  # noqa: S608
            into = f"INSERT INTO {table.name} ({', '.join(names)}) "
            if db.dialect == "sqlite":
                connection.execute(text(f"{into}{more}{rows}"))
            else:
                connection.execute(text(f"{more}{into}{rows}"))
        connection.execute(text("ANALYZE"))


def _measured(db: Database, lane: str) -> tuple[float, float, float]:
    """Medians of page, counts and the bare SELECT, in turn."""
    actor, now = Actor("person-7", "person-7", frozenset({f"work:{lane}"})), datetime(2026, 11, 26, 8, tzinfo=UTC)
    pooled = db.engine.raw_connection()
    bare = pooled.driver_connection
    assert bare is not None
    select_bare = _SELECT.format("?" if db.dialect == "sqlite" else "%s")

    def page() -> list[tuple[int, int, int]]:
        with db.reading() as session:
            return [tuple(item.id) for item in inbox(session, actor, now, "groups").items]

    def counts() -> dict[str, int]:
        with db.reading() as session:
            return inbox_counts(session, actor, now)

    def driver() -> list[Any]:
        rows: list[Any] = bare.execute(select_bare, (lane,)).fetchall()
        bare.rollback()
        return rows

    assert page() == [tuple(row[:3]) for row in driver()[:50]]
    gc.freeze()
    times = [(timed(page), timed(counts), timed(driver)) for _ in range(WARM + TURNS)]
    gc.unfreeze()
    pooled.close()
    of_page, of_counts, of_driver = zip(*times[WARM:], strict=True)
    return median(of_page), median(of_counts), median(of_driver)


def _searched(db: Database, lane: str, search: str) -> float:
    """The median of page and counts of a search."""
    actor, now = Actor("person-7", "person-7", frozenset({f"work:{lane}"})), datetime(2026, 11, 26, 8, tzinfo=UTC)

    def board() -> None:
        with db.reading() as session:
            assert inbox(session, actor, now, "groups", Narrowed(search)).items
            inbox_counts(session, actor, now, Narrowed(search))

    return median(timed(board) for _ in range(SEARCHES))


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or (SIZE,))
