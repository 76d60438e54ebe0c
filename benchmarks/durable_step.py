"""A durable step of the price approval beside the same rows written by SQLAlchemy Core with no engine.

A step loads the instance, authorises, lets the form judge the values, advances, appends with hashes, keeps the waits
and commits. The yardstick writes the very rows that the steps left, in as many transactions, and does nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any

from sqlalchemy import insert, select, update

from benchmarks.databases import fresh
from cli.content import bundle
from cli.settings import HOME
from engine.actor import SYSTEM
from engine.clauses import load_register
from engine.commands import complete_task, deploy_definition, start_instance
from engine.database import Database
from engine.lint import Surroundings
from engine.scenarios import ScenarioFile, read_scenarios
from engine.scenarios.running import invented_actor
from engine.tables import definition_files, definitions, entries, instances, waits
from engine.task_id import TaskId

CASES = 60
WARM = 10
SCENARIO = 2
"""An approval by the sales VP with all its steps: seven entries."""


def main() -> None:
    """Print median and 95th percentile per step, and the ratio of medians, for both databases."""
    with fresh(("engine", "core")) as kinds:
        for kind, (engine, core) in kinds:
            steps, cases = _with_engine(engine)
            rows = _with_core(engine, core, cases)
            for name, times in (("start", "start"), ("complete", "complete")):
                ours, theirs = steps[times], rows[times]
                print(
                    f"{kind:<11} {name:<9} engine p50 {median(ours) * 1e3:6.2f} ms  p95 {_p95(ours) * 1e3:6.2f} ms   "
                    f"core p50 {median(theirs) * 1e3:6.2f} ms  p95 {_p95(theirs) * 1e3:6.2f} ms   "
                    f"ratio {median(ours) / median(theirs):.2f}"
                )


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _timed(times: list[float], work: Callable[[], Any]) -> Any:
    begin = time.perf_counter()
    result = work()
    times.append(time.perf_counter() - begin)
    return result


def _with_engine(db: Database) -> tuple[dict[str, list[float]], list[int]]:
    """Times of the warmed-up steps, and the ids of the measured cases."""
    register = load_register(HOME / "regulations")
    definition = bundle("price_approval")
    deploy_definition(db, SYSTEM, datetime.now(UTC), "price_approval", definition.files, Surroundings(register))
    path = HOME / "processes" / "price_approval.scenarios.yaml"
    file = read_scenarios(path.read_bytes(), path.name)
    times: dict[str, list[float]] = {"start": [], "complete": []}
    measured = []
    for number in range(WARM + CASES):
        if number == WARM:
            times = {"start": [], "complete": []}
        case = _run(db, file, times)
        if number >= WARM:
            measured.append(case)
    return times, measured


def _run(db: Database, file: ScenarioFile, times: dict[str, list[float]]) -> int:
    scenario = file.scenarios[SCENARIO]
    now, by = scenario.at, invented_actor(file, scenario.by)
    moved = _timed(times["start"], lambda: start_instance(db, by, now, file.process, scenario.values))
    for step in scenario.steps:
        now += step.after
        with db.reading() as session:
            row = session.execute(
                select(waits.c.instance_id, waits.c.seq, waits.c.k).where(
                    waits.c.instance_id == moved.instance_id, waits.c.closed_at.is_(None)
                )
            ).one()
        actor, task_id = invented_actor(file, step.by), TaskId(*row)
        _timed(times["complete"], lambda: complete_task(db, actor, now, task_id, step.values))  # noqa: B023
    return int(moved.instance_id)


def _with_core(engine: Database, core: Database, cases: list[int]) -> dict[str, list[float]]:
    """Write the rows of the measured cases into an empty database, a transaction per step."""
    with engine.reading() as session:
        tables = (definitions, definition_files)
        shared = [(table, [*session.execute(select(table)).mappings()]) for table in tables]
        instance_rows = {row["id"]: dict(row) for row in session.execute(select(instances)).mappings()}
        entry_rows = [*session.execute(select(entries).order_by(entries.c.instance_id, "seq")).mappings()]
        wait_rows = [dict(row) for row in session.execute(select(waits)).mappings()]
    core.write(lambda session: [session.execute(insert(table), rows) for table, rows in shared])
    times: dict[str, list[float]] = {"start": [], "complete": []}
    for entry in entry_rows:
        if entry["instance_id"] not in cases:
            continue
        here = [wait for wait in wait_rows if wait["instance_id"] == entry["instance_id"]]
        opened = [wait | {"closed_at": None} for wait in here if wait["seq"] == entry["seq"]]
        closed = [wait for wait in here if wait["closed_seq"] == entry["seq"]]
        row = instance_rows[entry["instance_id"]] | {"seq": entry["seq"]}
        _timed(times["complete" if entry["seq"] else "start"], lambda: write_rows(core, row, entry, opened, closed))  # noqa: B023
    return times


def write_rows(
    core: Database,
    instance: dict[str, Any],
    entry: Mapping[str, Any],
    opened: list[dict[str, Any]],
    closed: list[dict[str, Any]],
) -> None:
    """Write the rows that one step left, in one transaction."""
    with core.engine.connect().execution_options(writing=True) as connection, connection.begin():
        if entry["seq"] == 0:
            connection.execute(insert(instances).values(instance).returning(instances.c.id)).scalar_one()
        else:
            changed = {name: instance[name] for name in ("title", "status", "seq", "state", "state_hash", "changed_at")}
            there = update(instances).where(instances.c.id == instance["id"], instances.c.seq == entry["seq"] - 1)
            connection.execute(there.values(changed))
        connection.execute(insert(entries), entry)
        if opened:
            connection.execute(insert(waits), opened)
        for wait in closed:
            key = (waits.c.instance_id == wait["instance_id"], waits.c.seq == wait["seq"], waits.c.k == wait["k"])
            names = ("closed_at", "closed_seq", "closed_why", "closed_by")
            connection.execute(update(waits).where(*key).values({name: wait[name] for name in names}))
