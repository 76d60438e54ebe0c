"""Verifying an entry beside the durable step that wrote it: chain and re-execution of finished price approvals."""

from __future__ import annotations

import gc
from statistics import median

from benchmarks.cases.approvals import ELEVEN_ENTRIES, deploy, named, walk
from benchmarks.cases.durable_step import timed
from benchmarks.databases import fresh
from engine.database import Database
from engine.proving.reexecute import verify
from engine.queries import instance_numbers

CASES = 20
WARM = 2


def main() -> None:
    """Print medians and their ratio (at most 0.5 is wanted) for both databases."""
    with fresh(("verifying",)) as kinds:
        for kind, (db,) in kinds:
            steps, entries = _measured(db)
            print(
                f"{kind:<11} durable step p50 {median(steps) * 1e3:6.2f} ms   verify, per entry p50 "
                f"{median(entries) * 1e3:6.2f} ms   ratio {median(entries) / median(steps):.2f}"
            )


def _measured(db: Database) -> tuple[list[float], list[float]]:
    """Seconds of each step, and of verifying each case, per entry, right after its last step."""
    file = deploy(db)
    scenario = named(file, ELEVEN_ENTRIES)
    steps: list[float] = []
    entries: list[float] = []
    for number in range(WARM + CASES):
        if number == WARM:
            steps, entries = [], []
            gc.freeze()
        steps += [timed(command) for _, command in walk(db, file, scenario)]
        with db.reading() as session:
            case = instance_numbers(session)[-1]
        entries.append(timed(lambda: _verify(db, case)) / (1 + len(scenario.steps)))  # noqa: B023
    gc.unfreeze()
    return steps, entries


def _verify(db: Database, number: str) -> None:
    with db.reading() as session:
        assert verify(session, number).ok
