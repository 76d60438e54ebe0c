"""What worker processes that have nothing to do cost: statements and share of a core."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from threading import Event, Timer

from sqlalchemy import event

from benchmarks.crashes import kill, now, process_of, work
from benchmarks.databases import fresh
from engine.database import Database
from engine.worker import Worker
from tests.bench import Bench

SECONDS = 10
WARM = 3
WORKERS = 2


def main() -> None:
    """Print statements per second and worker, and the share of one core that a process takes, for both databases."""
    with fresh(("idle",)) as kinds, tempfile.TemporaryDirectory() as folder:
        for kind, (db,) in kinds:
            Bench(db, now()).deploy("notice")
            share = _share_of_core(db, Path(folder) / kind)
            print(f"{kind:<11} idle worker: {_statements(db):.1f} statements/s   {share * 100:.2f} % of a core")


def _share_of_core(db: Database, log: Path) -> float:
    """CPU seconds by second of one worker process, the average of some."""
    log.touch()
    url = db.engine.url.render_as_string(hide_password=False)
    workers = [process_of(work, url, f"worker-{number}", log) for number in range(WORKERS)]
    time.sleep(WARM)
    before = [_cpu_seconds(worker.pid) for worker in workers]
    time.sleep(SECONDS)
    after = [_cpu_seconds(worker.pid) for worker in workers]
    for worker in workers:
        kill(worker)
    return (sum(after) - sum(before)) / WORKERS / SECONDS


def _cpu_seconds(pid: int | None) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _statements(db: Database) -> float:
    """Statements per second of a worker in this process; on SQLite each BEGIN is one of them."""
    stop, count = Event(), 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", counted)
    Timer(SECONDS, stop.set).start()
    Worker(db, {}, now, "counted").run(stop)
    event.remove(db.engine, "before_cursor_execute", counted)
    return count / SECONDS
