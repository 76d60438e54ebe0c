"""Processes killed with -9 at random moments under load: no lost step, none twice, nothing stuck, all of it proven."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.crashes import await_that, hang, judge, kill, process_of, settle, storm
from engine.worker import LEASE
from tests.bench import Bench, bench

pytestmark = pytest.mark.long

__all__ = ["bench"]

KILLS = 20


@pytest.mark.parametrize("seed", [1])
def test_killed_web_and_workers_lose_nothing_and_do_nothing_twice(database_url: str, tmp_path: Path, seed: int) -> None:
    with storm(database_url, tmp_path, seed) as raging:
        for _ in range(KILLS):
            raging.kill_one()
        raging.stop()
        settle(raging)

        assert judge(raging) == []
        assert raging.kills.total() == KILLS
        assert len(raging.kills) == 2, "both web and workers were killed"


def test_a_killed_workers_job_is_taken_over_when_its_lease_ends_and_applied_once(
    bench: Bench, database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    bench.deploy("notice").start("notice")
    hanging = process_of(hang, database_url, bench.now, log)
    await_that(lambda: log.exists() and log.read_text().endswith("\n"), hanging)
    kill(hanging)

    assert bench.drain().sent == [], "the dead worker still has its lease"
    bench.later(seconds=LEASE.total_seconds()).drain()

    assert [job.key for job in bench.sent] == [log.read_text().split("\t")[1]], "the same idempotency key again"
    assert bench.kinds(1) == ["start", "job_done"]
    assert LEASE.total_seconds() <= 30
    bench.check()
