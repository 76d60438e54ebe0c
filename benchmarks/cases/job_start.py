"""How long after its commit a job starts, with two idle worker processes and a case started ten times a second."""

from __future__ import annotations

import tempfile
import time
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

from benchmarks.crashes import kill, now, process_of, work
from benchmarks.databases import fresh
from engine.commands import start_instance
from engine.database import Database
from tests.bench import CLERK, Bench

CASES = 60


def main() -> None:
    """Print median and 95th percentile for both databases; at most 0.5 s is wanted."""
    with fresh(("job_start",)) as kinds, tempfile.TemporaryDirectory() as folder:
        for kind, (db,) in kinds:
            delays = _measure(db, Path(folder) / kind)
            print(f"{kind:<11} job starts after p50 {median(delays):.3f} s  p95 {quantiles(delays, n=20)[-1]:.3f} s")


def _measure(db: Database, log: Path) -> list[float]:
    Bench(db, now()).deploy("notice")
    log.touch()
    url = db.engine.url.render_as_string(hide_password=False)
    workers = [process_of(work, url, f"worker-{number}", log) for number in range(2)]
    committed = {}
    for _ in range(CASES):
        started = start_instance(db, CLERK, now(), "notice", {"subject": "A1"})
        committed[f"{started.instance_id}-0-0"] = now()
        time.sleep(0.1)
    while len(lines := log.read_text(encoding="utf-8").splitlines()) < CASES:
        time.sleep(0.1)
    for worker in workers:
        kill(worker)
    ran = {words[1]: datetime.fromisoformat(words[2]) for words in (line.split("\t") for line in lines)}
    warm = list(committed)[CASES // 4 :]  # while the first cases start, the processes still do
    return [(ran[key] - committed[key]).total_seconds() for key in warm]
