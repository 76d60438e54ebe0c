"""A step at the 400th loop beside the way SpiffWorkflow's documentation shows: deserialize all, run, serialize all.

Both move the same diagram in turn. `moved` is what both do: stored bytes in, a step, stored bytes out, no database.
`durable` are whole steps in SQLite files that sync every commit; there ours also judges the form and keeps history and
inbox, and the documented way keeps its workflow and nothing else. Its limit of 1,000 tasks in depth is lifted, without
which it stops finding its own tasks.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskIterator, TaskState
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, insert, select, update

from benchmarks.cases.daily_reports import REPORTER, deploy, diagram, report, report_often, start, state_size
from benchmarks.cases.durable_step import timed
from benchmarks.databases import fresh
from engine.bpmn import Input, advance, load_state, store_state
from engine.database import Database
from engine.history.append import load

LOOPS = 400
STEPS = 12
WARM = 2
KEY = "day"

_tables = MetaData()
_workflows = Table(
    "workflows", _tables, Column("id", Integer, primary_key=True), Column("content", Text, nullable=False)
)
_load = select(_workflows.c.content).where(_workflows.c.id == 1)
_store = update(_workflows).where(_workflows.c.id == 1).values(content=bindparam("written"))


def main() -> None:
    """Print medians and by how much ours is faster (at least 80 times is wanted)."""
    _lift_limit()
    with fresh(("ours", "documented")) as kinds:
        _, (ours, theirs) = kinds[0]
        deploy(ours)
        case = start(ours, KEY)
        report_often(ours, case, LOOPS)
        documented = _Documented(theirs)
        documented.report_often(LOOPS)
        pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
            "moved": (_moving(ours, case), documented.moving()),
            "durable": (lambda: report(ours, case), documented.report),
        }
        for name, (our, their) in pairs.items():
            mine, other = _in_turn(our, their)
            print(
                f"SQLite  at {LOOPS} loops, {name:<8} ours p50 {mine * 1e3:6.2f} ms   "
                f"documented {other * 1e3:6.1f} ms   {other / mine:.0f} times as fast"
            )
        print(f"stored: ours {state_size(ours, case):,} bytes, documented {documented.size():,}")


def _in_turn(our: Callable[[], Any], their: Callable[[], Any]) -> tuple[float, float]:
    """Medians of both."""
    gc.freeze()
    times = [(timed(our), timed(their)) for _ in range(WARM + STEPS)]
    gc.unfreeze()
    mine, other = zip(*times[WARM:], strict=True)
    return median(mine), median(other)


def _moving(db: Database, case: int) -> Callable[[], bytes]:
    """Our step of the case as it stands, from stored bytes to stored bytes."""
    with db.reading() as session:
        instance = load(session, case)
    (wait,) = instance.state.waits
    given = Input("complete", datetime.now(UTC), REPORTER.id, None, wait.id, {"amount": Decimal(1)})
    data = store_state(instance.state)
    return lambda: store_state(advance(instance.deployed.definition, load_state(data), given)[0])


def _lift_limit() -> None:
    limited = TaskIterator.__init__

    def unlimited(self: Any, *args: Any, **options: Any) -> None:
        limited(self, *args, **options)
        self.max_depth = 1_000_000

    TaskIterator.__init__ = unlimited


class _Documented:
    """One workflow in a table of its own."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.serializer = BpmnWorkflowSerializer()
        parser = BpmnParser()
        parser.add_bpmn_str(diagram(KEY).encode())
        workflow = BpmnWorkflow(parser.get_spec(KEY))
        workflow.do_engine_steps()
        _tables.create_all(db.engine)
        written = self.serializer.serialize_json(workflow)
        db.write(lambda session: session.execute(insert(_workflows).values(id=1, content=written)))

    def report(self) -> None:
        """One report: everything read, run and written."""
        with self.db.reading() as session:
            workflow = self.serializer.deserialize_json(session.execute(_load).scalar_one())
        _run(workflow)
        written = self.serializer.serialize_json(workflow)
        self.db.write(lambda session: session.execute(_store, {"written": written}))

    def moving(self) -> Callable[[], str]:
        """Its step of the workflow as it stands, from stored text to stored text."""
        with self.db.reading() as session:
            data = session.execute(_load).scalar_one()

        def move() -> str:
            workflow = self.serializer.deserialize_json(data)
            _run(workflow)
            written: str = self.serializer.serialize_json(workflow)
            return written

        return move

    def report_often(self, times: int) -> None:
        """Many reports, kept once at the end."""
        with self.db.reading() as session:
            workflow = self.serializer.deserialize_json(session.execute(_load).scalar_one())
        for _ in range(times):
            _run(workflow)
        written = self.serializer.serialize_json(workflow)
        self.db.write(lambda session: session.execute(_store, {"written": written}))

    def size(self) -> int:
        """Characters of the workflow as stored."""
        with self.db.reading() as session:
            return len(session.execute(_load).scalar_one())


def _run(workflow: BpmnWorkflow) -> None:
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.data["amount"] = 1
    task.run()
    workflow.do_engine_steps()
