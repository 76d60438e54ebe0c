"""`make torture MINUTES=30`: storms of kill -9 and random processes with new dice, for as long as one likes.

Every round prints its seed; `python -m benchmarks.torture SEED` repeats one. The first thing that is wrong ends it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

import migrations
from benchmarks.crashes import job_delays, judge, settle, storm
from engine.database import Database
from tests.postgres import shared_server

KILLS = 100
"""Of one storm; a round has one on each database."""

RANDOM_PROCESSES = "tests/engine/bpmn/test_random_processes.py"


def main(arguments: list[str]) -> int:
    """Go on for MINUTES (2 by default), or carry out the one round of the given seed; 1 when anything was wrong."""
    minutes = float(os.environ.get("MINUTES", "2"))
    end, seed, kills = time.monotonic() + minutes * 60, int(arguments[0] if arguments else time.time()), 0
    while kills == 0 or (not arguments and time.monotonic() < end):
        wrong = _round(seed)
        if wrong:
            print(f"✗ 种子 seed {seed}", *wrong, sep="\n  ")
            return 1
        kills, seed = kills + 2 * KILLS, seed + 1
    print(f"✓ {kills} × kill -9")
    return 0


def _round(seed: int) -> list[str]:
    with tempfile.TemporaryDirectory() as text, shared_server(Path(text)) as server:
        for kind, url in (("SQLite", f"sqlite:///{text}/storm.db"), ("PostgreSQL", server.create("storm"))):
            wrong = _storm(kind, url, Path(text), seed)
            if wrong:
                return wrong
    return _random_processes(seed)


def _storm(kind: str, url: str, folder: Path, seed: int) -> list[str]:
    db = Database(url)
    migrations.upgrade(db)
    db.dispose()
    folder = folder / kind
    folder.mkdir()
    with storm(url, folder, seed) as raging:
        for _ in range(KILLS):
            raging.kill_one()
        raging.stop()
        delays = job_delays(raging)
        settle(raging)
        p95 = quantiles(delays, n=20)[-1] if len(delays) > 1 else float("nan")
        steps = raging.entries()
        print(f"{kind:<11} seed {seed}: {steps} steps, {KILLS} kills, job starts after {p95:.2f} s (p95)", flush=True)
        return judge(raging)


def _random_processes(seed: int) -> list[str]:
    command = [sys.executable, "-m", "pytest", RANDOM_PROCESSES, "-q", "-n", "0", f"--hypothesis-seed={seed}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"random processes: {done.stdout.splitlines()[-1]}", flush=True)
    return [] if done.returncode == 0 else done.stdout.splitlines()[-40:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
