"""Web and worker processes killed with -9 at random moments under load, and what must hold then.

The load is people at the real pages (`benchmarks.pages.visitors`), who are never killed. What a page confirmed to them
is written down outside the database, as a person would remember it; a job writes down that it ran. Afterwards both
must agree.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import Row, func, select

from benchmarks.pages.visitors import Visitor, free_port, hire, pages
from engine.commands import complete_task
from engine.database import Database
from engine.jobs import Handler, Job
from engine.proving.proof import verify_all
from engine.tables import entries, instances, waits
from engine.task_id import TaskId
from engine.values import decode
from engine.worker import Worker
from tests.bench import CLERK, Bench

PROCESSES = ("storm", "quote", "pulse")
LEASE = timedelta(seconds=1)
PEOPLE = 3
"""Browsers at work."""

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["benchmarks.crashes"])


def now() -> datetime:
    return datetime.now(UTC)


def work(url: str, name: str, log: Path) -> None:
    """A worker process."""
    db = Database(url)
    Worker(db, {"mail": Handler(lambda job: _mail(log, job), attempts=9)}, now, name, lease=LEASE).run(Event())


def hang(url: str, at: datetime, log: Path) -> None:
    """A worker process whose first job never ends; its clock stands still."""

    def never(job: Job) -> Mapping[str, Any]:
        _mail(log, job)
        Event().wait()
        raise AssertionError

    Worker(Database(url), {"mail": Handler(never)}, lambda: at, "hanging").run(Event())


def _mail(log: Path, job: Job) -> Mapping[str, Any]:
    _write_down(log, "job", job.key, now().isoformat())
    return {"mail_id": job.key}


def open_tasks(db: Database) -> list[TaskId]:
    """The tasks that wait now."""
    query = select(waits.c.instance_id, waits.c.seq, waits.c.k).where(waits.c.closed_at.is_(None))
    with db.reading() as session:
        return [TaskId(*row) for row in session.execute(query.where(waits.c.kind == "task").limit(50))]


def _write_down(log: Path, *words: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write("\t".join(words) + "\n")


@dataclass(slots=True)
class Storm:
    """The processes at work on one database; `dice` says which dies and when."""

    url: str
    log: Path
    dice: random.Random
    db: Database
    servers: dict[int, Any] = field(default_factory=dict)
    """Web processes by the port they listen on."""
    workers: dict[str, Any] = field(default_factory=dict)
    visitors: list[Thread] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    wrong: list[str] = field(default_factory=list)
    """What visitors saw that no page should answer."""
    made: int = 0
    kills: Counter[str] = field(default_factory=Counter)

    def fill_up(self) -> None:
        """Start what is missing of two web and two worker processes."""
        while len(self.servers) < 2:
            port = free_port()
            self.servers[port] = process_of(pages, self.url, port, self.log.parent)
        while len(self.workers) < 2:
            self.made += 1
            name = f"worker-{self.made}"
            self.workers[name] = process_of(work, self.url, name, self.log)

    def let_people_in(self) -> None:
        """Let people work at the pages until the storm is over."""
        for _ in range(PEOPLE):
            seed = self.dice.randrange(10**9)
            visitor = Visitor(self.servers, partial(_write_down, self.log), self.over, seed, self.wrong)
            self.visitors.append(Thread(target=visitor.run, daemon=True))
            self.visitors[-1].start()

    def kill_one(self) -> None:
        """Let some steps be taken, then kill one process wherever it is, and start another in its place."""
        self.await_entries(self.entries() + self.dice.randrange(2, 10))
        kind: str = self.dice.choice(["web", "worker"])
        group: dict[Any, Any] = {"web": self.servers, "worker": self.workers}[kind]
        kill(group.pop(self.dice.choice(list(group))))
        self.kills[kind] += 1
        self.fill_up()

    def await_entries(self, count: int) -> None:
        """Until so many steps are committed."""
        await_that(lambda: self.entries() >= count or bool(self.wrong), *self.servers.values(), *self.workers.values())

    def entries(self) -> int:
        with self.db.reading() as session:
            return session.execute(select(func.count()).select_from(entries)).scalar_one()

    def stop(self) -> None:
        """Kill everybody who is left, and send the people home."""
        self.over.set()
        for process in (*self.servers.values(), *self.workers.values()):
            kill(process)
        for visitor in self.visitors:
            visitor.join()
        self.servers.clear()
        self.workers.clear()


def process_of(target: Any, *arguments: Any) -> Any:
    """A started process of one of the functions above."""
    process = _context.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def await_that(reached: Callable[[], bool], *processes: Any) -> None:
    """Until something is so; a process that ended by itself meanwhile is an error."""
    pause = Event()
    while not reached():
        assert all(process.is_alive() for process in processes), "a process ended by itself"
        pause.wait(0.02)


def kill(process: Any) -> None:
    """Kill -9. One that is dead already stays dead: whoever must not have ended by itself asks before."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.join()


@contextmanager
def storm(url: str, folder: Path, seed: int) -> Iterator[Storm]:
    """A storm over a migrated database; its processes are gone when it is over."""
    db = Database(url)
    Bench(db, now()).deploy(*PROCESSES)
    hire(db, now())
    made = Storm(url, folder / "log", random.Random(seed), db)  # noqa: S311
    made.log.touch()
    try:
        made.fill_up()
        made.let_people_in()
        yield made
    finally:
        made.stop()
        db.dispose()


def settle(storm: Storm) -> None:
    """After the storm: let whoever comes finish everything, leases of the dead included."""
    bench = Bench(storm.db, now() + LEASE)
    worker = Worker(storm.db, {"mail": Handler(lambda job: _mail(storm.log, job))}, now, "last")
    while True:
        worker.drain(bench.later(seconds=1).now)
        tasks = open_tasks(storm.db)
        if not tasks:
            break
        for task in tasks:
            complete_task(storm.db, CLERK, bench.now, task, {"amount": 1})


def judge(storm: Storm) -> list[str]:
    """What is not as it must be: lost steps, steps taken twice, stuck waits, histories that do not hold."""
    reports, problems = verify_all(storm.db)
    with storm.db.reading() as session:
        open_waits = session.execute(select(func.count()).where(waits.c.closed_at.is_(None))).scalar_one()
        titles = Counter(session.execute(select(instances.c.title).where(instances.c.key == "storm")).scalars())
        rows = session.execute(select(entries.c.instance_id, entries.c.kind, entries.c.input)).all()
    inputs = [(row, decode(row.input)) for row in rows]
    answers = Counter((row.kind, _answered(row, given)) for row, given in inputs if given.get("wait"))
    typed = {_answered(row, given): given["values"].get("amount") for row, given in inputs if row.kind == "complete"}
    due = Counter(given.get("facts", {}).get("due") for row, given in inputs if row.kind == "start")
    due.pop(None, None)
    told = [line.split("\t") for line in storm.log.read_text(encoding="utf-8").splitlines()]
    done = {job for kind, job in answers if kind == "job_done"}
    confirmed = Counter(words[0] for words in told)
    return [
        *storm.wrong,
        *(f"nobody could {act} anything" for act in ("start", "complete") if not confirmed[act]),
        *(str(report) for report in reports if not report.ok),
        *(problem.en for problem in problems),
        *([f"{open_waits} waits are stuck"] if open_waits else []),
        *(f"answered twice: {answer}" for answer, count in answers.items() if count > 1),
        *(f"started twice: {title}" for title, count in titles.items() if count > 1),
        *([] if due else ["the clock began nothing"]),
        *(f"begun twice by the clock: {moment}" for moment, count in due.items() if count > 1),
        *(f"lost start: {words[1]}" for words in told if words[0] == "start" and not titles[words[1]]),
        *(f"lost: {words[1]}" for words in told if words[0] == "complete" and typed.get(words[1]) != Decimal(words[2])),
        *(f"done without being run: {job}" for job in done - {words[1] for words in told if words[0] == "job"}),
    ]


def _answered(row: Row[Any], given: Mapping[str, Any]) -> str:
    return str(TaskId(row.instance_id, *map(int, given["wait"])))


def job_delays(storm: Storm) -> list[float]:
    """Seconds from the step that opened a job to its first run, shortest first."""
    ran: dict[str, datetime] = {}
    for words in (line.split("\t") for line in storm.log.read_text(encoding="utf-8").splitlines()):
        if words[0] == "job":
            ran.setdefault(words[1], datetime.fromisoformat(words[2]))
    with storm.db.reading() as session:
        opened = session.execute(
            select(waits.c.instance_id, waits.c.seq, waits.c.k, waits.c.opened_at).where(waits.c.kind == "job")
        ).all()
    keys = {str(TaskId(row.instance_id, row.seq, row.k)): row.opened_at for row in opened}
    return sorted((ran[key] - at).total_seconds() for key, at in keys.items() if key in ran)
