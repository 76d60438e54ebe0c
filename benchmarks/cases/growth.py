"""A step of a case that has reported 2,000 times beside that of a fresh case, in turn, through the database."""

from __future__ import annotations

import gc
from statistics import median

from benchmarks.cases.daily_reports import SHAPES, deploy, report, report_often, start, state_size
from benchmarks.cases.durable_step import timed
from benchmarks.databases import fresh
from engine.database import Database

LOOPS = 2_000
STEPS = 100
WARM = 10


def main() -> None:
    """Print medians, their ratio (at most 1.2 is wanted) and the size of the state (under 16 KB) for both databases."""
    with fresh(("growth",)) as kinds:
        for kind, (db,) in kinds:
            deploy(db)
            for shape, key in SHAPES.items():
                old, new, size = _measured(db, key)
                print(
                    f"{kind:<11} {shape:<17} fresh p50 {new * 1e3:6.2f} ms   after {LOOPS} loops {old * 1e3:6.2f} ms   "
                    f"ratio {old / new:.2f}   state {size:,} bytes"
                )


def _measured(db: Database, key: str) -> tuple[float, float, int]:
    old, new = start(db, key), start(db, key)
    report_often(db, old, LOOPS)
    times: dict[int, list[float]] = {old: [], new: []}
    gc.freeze()
    for turn in range(WARM + STEPS):
        for case in (old, new) if turn % 2 else (new, old):
            took = timed(lambda: report(db, case))  # noqa: B023
            if turn >= WARM:
                times[case].append(took)
    gc.unfreeze()
    return median(times[old]), median(times[new]), state_size(db, old)
