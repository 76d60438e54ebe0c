"""Demo cases: scenarios really run, side by side on one simulated clock over the last months, by the demo's people."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from cli.scenario_runs import samples_folder
from company.calendar.seed import seeded
from company.files.samples import SampleFiles
from company.files.store import FileStore
from demo.life import lived
from demo.plans import plans
from demo.troubles import Troubles
from engine.database import Database
from engine.history.anchoring.anchors import take_anchor
from engine.queries.due import next_due
from engine.scenarios import ScenarioRun
from engine.tables import instances
from engine.worker import Worker

EVENING = time(20, 0)
"""When the anchor of a day is taken."""


def load_cases(db: Database, store: FileStore, anchor_file: Path, now: datetime, size: int) -> Iterator[int]:
    """Run `size` scenarios into a database without cases; yields how many stand where they stand now."""
    with db.reading() as session:
        if session.execute(select(instances.c.id).limit(1)).first():
            return
    calendar = seeded()
    planned = plans(now, size, calendar)
    if not planned:
        return
    first = planned[0].begins.astimezone(calendar.zone).date()
    days = Days(db, anchor_file, Troubles(now), datetime.combine(first, EVENING, calendar.zone))
    samples = SampleFiles(db, store, samples_folder())
    under_way: list[tuple[datetime, int, Iterator[datetime]]] = []
    done, held = 0, Counter[str]()
    for plan in [*planned, None]:
        while under_way and (plan is None or under_way[0][0] <= plan.begins):
            moment, number, case = heapq.heappop(under_way)
            days.pass_until(moment)
            following = next(case, None)
            if following is None or following > now:
                done += 1
                yield done
            else:
                heapq.heappush(under_way, (following, number, case))
        if plan is not None:
            case = lived(db, plan, ScenarioRun(db, plan.file, plan.scenario, plan.clock, samples), held)
            heapq.heappush(under_way, (next(case), plan.number, case))
    days.pass_until(now)
    take_anchor(db, now, anchor_file)


@dataclass(slots=True)
class Days:
    """Time as it passes: timers, jobs and messages happen when they are due, anchors every evening."""

    db: Database
    anchor_file: Path
    troubles: Troubles
    evening: datetime
    at: datetime | None = None
    _worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self._worker = Worker(self.db, self.troubles.handlers(), lambda: self.at or self.evening, "demo")

    def pass_until(self, moment: datetime) -> None:
        """Let everything happen that is due until then, in its order."""
        while (due := self._next(moment)) is not None:
            while self.evening <= due:
                self._anchor()
            self._drain(due)
        while self.evening <= moment:
            self._anchor()
        self._drain(moment)

    def _next(self, until: datetime) -> datetime | None:
        with self.db.reading() as session:
            due = next_due(session, until)
        return due if due is not None and (self.at is None or due > self.at) else None

    def _drain(self, moment: datetime) -> None:
        self.at = moment
        self._worker.drain(moment)

    def _anchor(self) -> None:
        take_anchor(self.db, self.evening, self.anchor_file)
        self.evening += timedelta(days=1)
