"""Demo cases: the scenarios, really run on a simulated clock over the last 120 days by the demo people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from cli.content import process_keys
from cli.scenario_runs import SAMPLES, scenario_file, scenario_path
from company.file_store import FileStore
from company.sample_files import SampleFiles
from company.working_calendar import seeded
from engine.database import Database
from engine.scenarios import Clock, run_scenario
from engine.tables import instances
from handlers import HANDLERS

DAYS = 120
RECENT_DAYS = 3
"""Every third case begins in the last days, so that inboxes are full."""

CUSTOMERS = (
    "北岭轨道装备公司", "南川机车厂", "东湖地铁运营公司", "西原车辆段", "长桥铁路局工务段", "青石动车检修基地",
    "云台城轨公司", "白沙机械厂", "金岸港务公司", "远山矿业公司",
)  # fmt: skip


def load_cases(db: Database, store: FileStore, now: datetime, size: int) -> Iterator[int]:
    """Run `size` scenarios into a database without cases, oldest first; yields how many are done."""
    with db.reading() as session:
        if session.execute(select(instances.c.id).limit(1)).first():
            return
    calendar = seeded()
    samples = SampleFiles(db, store, SAMPLES)
    files = [scenario_file(key) for key in process_keys() if scenario_path(key).exists()]
    pairs = [(file, scenario) for file in files for scenario in file.scenarios]
    begins = sorted(_begin(number, size, now) for number in range(size))
    for number, begin in enumerate(begins):
        file, scenario = pairs[number * 7 % len(pairs)]
        if "customer" in scenario.values:
            customer = CUSTOMERS[number * 3 % len(CUSTOMERS)]
            scenario = replace(scenario, values={**scenario.values, "customer": customer})
        shift = timedelta(days=(begin.date() - scenario.at.date()).days)
        run_scenario(db, file, scenario, HANDLERS, Clock(shift, now, calendar), samples)
        yield number + 1


def _begin(number: int, size: int, now: datetime) -> datetime:
    span = RECENT_DAYS if number % 3 == 0 else DAYS
    return now - timedelta(days=1 + span * (number + 1) / (size + 1))
