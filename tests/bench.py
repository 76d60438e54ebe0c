"""A small bench of small processes: the diagrams of `tests/engine/commands/diagrams`, really deployed and acted on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from sqlalchemy import select

from engine.actor import SYSTEM, Actor
from engine.bpmn import State, load_state
from engine.clauses import Register
from engine.commands import Moved, complete_task, deploy_definition, rebuild, start_instance
from engine.database import Database
from engine.history.reading_steps import steps_of
from engine.history.steps import Step
from engine.jobs import Handler, Job
from engine.lint import LintContext
from engine.proving.reexecute import verify
from engine.queries import instance_numbers
from engine.tables import instances, waits
from engine.task_id import TaskId
from engine.worker import Worker
from tests.product import START

DIAGRAMS = Path(__file__).parent / "engine" / "commands" / "diagrams"
CLERK = Actor("文员", "文员", frozenset({"work:clerk", "start:*", "see:*"}))
ADMIN = Actor("管理员", "管理员", frozenset({"correct", "see:*"}))
NO_REGISTER = Register({}, {})


def files_of(key: str) -> dict[str, bytes]:
    """The bundle of a process: its diagram, and the one form that all of them share."""
    diagram, form = (DIAGRAMS / f"{key}.bpmn").read_bytes(), (DIAGRAMS / "facts.form").read_bytes()
    return {f"processes/{key}.bpmn": diagram, f"forms/{key}/facts.form": form}


@dataclass(slots=True)
class Bench:
    """What a test does at the bench; `sent` collects what the handler `mail` was given."""

    db: Database
    now: datetime = START
    sent: list[Job] = field(default_factory=list)
    mail: Callable[[Job], Mapping[str, Any]] | None = None

    def deploy(self, *keys: str) -> Bench:
        processes = frozenset(path.stem for path in DIAGRAMS.glob("*.bpmn"))
        context = LintContext(NO_REGISTER, frozenset({"mail"}), processes)
        for key in keys:
            deploy_definition(self.db, SYSTEM, self.now, key, files_of(key), context)
        return self

    def deploy_renamed(self, key: str) -> None:
        """Deploy a version that differs by the name of the process alone."""
        files, path = files_of(key), f"processes/{key}.bpmn"
        files[path] = files[path].replace(b'name="', b'name="new ', 1)
        context = LintContext(NO_REGISTER, frozenset({"mail"}))
        deploy_definition(self.db, SYSTEM, self.now, key, files, context)

    def start(self, key: str, subject: str = "A1", **values: Any) -> Moved:
        return start_instance(self.db, CLERK, self.now, key, {"subject": subject} | values)

    def do(self, node_id: str, case: int | None = None, **values: Any) -> Moved:
        """Complete the oldest open task at a node, of one case or of any."""
        return complete_task(self.db, CLERK, self.now, self.wait(node_id, case), values)

    def wait(self, node_id: str, case: int | None = None) -> TaskId:
        """The oldest open wait at a node."""
        query = select(waits.c.instance_id, waits.c.seq, waits.c.k).where(
            waits.c.node_id == node_id, waits.c.closed_at.is_(None)
        )
        if case is not None:
            query = query.where(waits.c.instance_id == case)
        with self.db.reading() as session:
            row = session.execute(query.order_by(waits.c.instance_id, waits.c.seq, waits.c.k)).first()
        assert row is not None, f"{node_id} does not wait; open: {self.open()}"
        return TaskId(*row)

    def open(self, case: int | None = None) -> list[str]:
        """The nodes that wait now, of one case or of all."""
        query = select(waits.c.node_id).where(waits.c.closed_at.is_(None))
        if case is not None:
            query = query.where(waits.c.instance_id == case)
        with self.db.reading() as session:
            return sorted(session.execute(query).scalars())

    def later(self, **amount: float) -> Bench:
        self.now += timedelta(**amount)
        return self

    def drain(self) -> Bench:
        """Let a worker do everything that is due."""
        self.worker().drain(self.now)
        return self

    def worker(self, name: str = "worker") -> Worker:
        """A worker whose clocks are the bench's, the one on the wall and the one that nobody sets."""
        handlers = {"mail": Handler(self._mail, attempts=2)}
        return Worker(self.db, handlers, lambda: self.now, name, steady=lambda: self.now.timestamp())

    def _mail(self, job: Job) -> Mapping[str, Any]:
        self.sent.append(job)
        return self.mail(job) if self.mail else {}

    def column(self, name: str) -> dict[str, Any]:
        """A column of every instance by its number."""
        with self.db.reading() as session:
            return dict(session.execute(select(instances.c.number, instances.c[name]).order_by(instances.c.id)).all())

    def status(self) -> dict[str, str]:
        return self.column("status")

    def state(self, case: int) -> State:
        with self.db.reading() as session:
            return load_state(session.execute(select(instances.c.state).where(instances.c.id == case)).scalar_one())

    def variables(self, case: int) -> dict[str, Any]:
        return self.state(case).variables[""]

    def entries(self, case: int) -> list[Step]:
        with self.db.reading() as session:
            return steps_of(session, case)

    def kinds(self, case: int) -> list[str]:
        """The kinds of a case's entries in order."""
        return [entry.kind for entry in self.entries(case)]

    def check(self) -> None:
        """Every case is exactly where its history says, and history makes the same rows again."""
        with self.db.reading() as session:
            numbers = instance_numbers(session)
            reports = [verify(session, number) for number in numbers]
        assert [report for report in reports if not report.ok] == []
        before = self._rows()
        for number in numbers:
            rebuild(self.db, number)
        assert self._rows() == before

    def _rows(self) -> list[Any]:
        """State and waits but for leases, which are no history."""
        columns = [c for c in waits.c if c.name not in ("ready_at", "lease_owner", "attempts")]
        with self.db.reading() as session:
            states = session.execute(select(instances.c.id, instances.c.state, instances.c.title, instances.c.status))
            open_and_closed = session.execute(select(*columns).order_by("instance_id", "seq", "k"))
            return [sorted(states.all()), open_and_closed.all()]


@pytest.fixture
def bench(db: Database) -> Iterator[Bench]:
    """The bench before anything is deployed; what workers began beside has ended before its database goes."""
    yield Bench(db)
    for thread in enumerate_threads():
        if thread.name.startswith(("job ", "errand ")):
            thread.join(30)
