"""Which cases the demo holds: when each begins, how far it gets, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Literal

from cli.content import bundle, process_keys
from cli.scenario_runs import scenario_path
from demo.cast import dressed, played
from engine.calendar import Calendar
from engine.scenarios import Clock, Scenario, ScenarioFile, ScenarioStep

SEED = 2026
DAYS = 120
IN_WORK, MOST_IN_WORK = 0.4, 90
"""The share of cases that stand before a step now, so that everybody has work; more than so many nobody looks at."""

PATIENCE = timedelta(days=5)
"""For how long people look again for a task that is not there yet."""

AGES = (0, 0, 1, 0, 3, 0, 8)
"""For how many days those have stood there."""

WEIGHTS = {
    "service_request": 5, "price_approval": 5, "field_service": 3, "complaint": 4, "rma": 3, "exchange_return": 3,
    "appraisal": 1, "reward_penalty": 1,
}  # fmt: skip
FATES: tuple[Fate, ...] = ("cancelled", "suspended", "interrupted")
SELDOM = 0.04
"""How many cases meet each of the fates."""

Fate = Literal["", "cancelled", "suspended", "interrupted"]
"""Taken back; suspended for good; suspended for some days."""


Known = Mapping[tuple[str, str], tuple[ScenarioFile, ScenarioStep]]
"""By process and node: what some scenario enters there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A case to be: its scenario in time, the act before which it stops (None: it goes on), and its fate at an act.

    `known` helps with tasks that its scenario does not foresee.
    """

    number: int
    file: ScenarioFile
    scenario: Scenario
    clock: Clock
    begins: datetime
    stop: int | None
    fate: Fate
    fate_at: int
    known: Known


def plans(now: datetime, size: int, calendar: Calendar) -> list[Plan]:
    """The cases of the demo by when they begin; the same for the same size."""
    files = [played(key) for key in process_keys() if scenario_path(key).exists()]
    planner = _Planner(files, now, calendar)
    waiting = int(min(size * IN_WORK, MOST_IN_WORK))
    found = [*islice(planner.in_work(), waiting), *map(planner.past, range(waiting, size))]
    return sorted(found, key=lambda plan: plan.begins)


@dataclass(slots=True)
class _Planner:
    files: list[ScenarioFile]
    now: datetime
    calendar: Calendar
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        steps = ((file, step) for file in self.files for scenario in file.scenarios for step in scenario.steps)
        self.known = {(file.process, step.do): (file, step) for file, step in steps if step.refused is None}

    def past(self, number: int) -> Plan:
        """A case that began some time in the last months and goes as it goes."""
        dice = _dice(number)
        file = dice.choices(self.files, [WEIGHTS.get(each.process, 2) for each in self.files])[0]
        begins = self.now - timedelta(days=2 + (DAYS - 2) * dice.random())
        file, scenario = dressed(file, dice.choice(file.scenarios), dice)
        fate: Fate = next((fate for fate in FATES if dice.random() < SELDOM), "")
        fate_at = dice.randint(1, max(1, len(scenario.steps) - 1))
        clock = self._clock(number, scenario, begins)
        return Plan(number, file, scenario, clock, clock.begins(scenario), None, fate, fate_at, self.known)

    def in_work(self) -> Iterator[Plan]:
        """Cases that stand before a step of every lane in turn, today or for some days."""
        places, ages = _steps_by_lane(self.files), cycle(AGES)
        turns = ((turn, lane) for turn in range(MOST_IN_WORK) for lane in sorted(places))
        for number, (turn, lane) in enumerate(turns):
            file, scenario, step = places[lane][turn * 5 % len(places[lane])]
            refused = sum(each.refused is not None for each in scenario.steps[:step])
            played = dressed(file, scenario, _dice(number))
            yield self._standing(number, *played, step - refused + 1, self.now - timedelta(days=next(ages)))

    def _standing(self, number: int, file: ScenarioFile, scenario: Scenario, stop: int, since: datetime) -> Plan:
        """The case whose act before `stop` is the last one done by `since`."""
        begins = since
        for _day in range(DAYS):
            clock = self._clock(number, scenario, begins)
            *_, last = islice(clock.moments(scenario), stop)
            if last <= since:
                break
            begins -= timedelta(days=1)
        return Plan(number, file, scenario, clock, clock.begins(scenario), stop, "", 0, self.known)

    def _clock(self, number: int, scenario: Scenario, begins: datetime) -> Clock:
        def soon(moment: datetime) -> timedelta:
            """Some minutes after, as people are: never the same, always the same for the same case."""
            return timedelta(minutes=2 + (int(moment.timestamp()) // 60 * 31 + number * 17) % 23)

        shift = timedelta(days=(begins.date() - scenario.at.date()).days)
        return Clock(shift, self.now, self.calendar, soon, PATIENCE)


def _steps_by_lane(files: list[ScenarioFile]) -> Mapping[str, list[tuple[ScenarioFile, Scenario, int]]]:
    """The steps of all scenarios by the lane they are done in."""
    lanes = {key: {node.id: node.lane for node in bundle(key).diagram.nodes.values()} for key in process_keys()}
    found: dict[str, list[tuple[ScenarioFile, Scenario, int]]] = {}
    for file in files:
        for scenario in file.scenarios:
            for index, step in enumerate(scenario.steps):
                lane = lanes[file.process].get(step.do)
                if lane and step.refused is None:
                    found.setdefault(lane, []).append((file, scenario, index))
    return found


def _dice(number: int) -> Random:
    return Random(f"{SEED}-{number}")  # noqa: S311 - the demo is the same at every run
