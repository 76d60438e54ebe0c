"""Processes killed with -9 at random moments under load: no lost step, none twice, nothing stuck, all of it proven."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.crashes import judge, settle, storm

KILLS = 20


@pytest.mark.parametrize("seed", [1])
def test_killed_staff_and_workers_lose_nothing_and_do_nothing_twice(
    database_url: str, tmp_path: Path, seed: int
) -> None:
    with storm(database_url, tmp_path, seed) as raging:
        for _ in range(KILLS):
            raging.kill_one()
        raging.stop()
        settle(raging)

        assert judge(raging) == []
        assert raging.kills.total() == KILLS
        assert len(raging.kills) == 2, "both staff and workers were killed"
