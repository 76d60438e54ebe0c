"""Carry out a scenario by the real commands and say where it departs from what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from engine import forms
from engine.actor import Actor, NotPermitted
from engine.bpmn import load_state
from engine.bpmn.errors import FourEyes
from engine.calendar import Calendar
from engine.commands import InvalidForm, TaskTaken, complete_task, start_instance
from engine.database import Database
from engine.errors import ClauseflowError, Problem
from engine.history.reading import entries_of
from engine.scenarios.files import Samples, no_samples, with_files
from engine.scenarios.reading import Scenario, ScenarioFile, Step
from engine.tables import instances, waits
from engine.task_id import TaskId
from engine.values import Value, decode, encode
from engine.worker import Handler, Worker

REFUSALS: Mapping[str, type[ClauseflowError]] = {
    "not_same_as": FourEyes,
    "not_permitted": NotPermitted,
    "invalid_form": InvalidForm,
    "taken": TaskTaken,
}
"""The refusals a scenario may demand, by the word it uses."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scenario went: what was passed (node and flow ids in order), and every departure."""

    scenario: Scenario
    number: str | None
    path: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


class _Departed(Exception):
    def __init__(self, line: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.problem = Problem("scenario", "", zh, en, line)


def run_scenario(
    db: Database,
    file: ScenarioFile,
    scenario: Scenario,
    handlers: Mapping[str, Handler],
    clock: Clock | None = None,
    samples: Samples = no_samples,
) -> Outcome:
    """Start and complete as written, draining timers and jobs at each moment; the process must be deployed.

    `samples` keeps the files the scenario names, as people's uploads are kept.
    """
    run = _Run(db, file, scenario, handlers, clock or Clock(), samples)
    problems: list[Problem] = []
    try:
        run.go()
    except _Departed as departed:
        problems.append(departed.problem)
    except ClauseflowError as error:
        problems.append(Problem("scenario", "", error.text("zh"), error.text("en"), run.line))
    path = run.path()
    if not problems and run.finished:
        problems += run.departures(path)
    return Outcome(scenario, run.number, tuple(path), tuple(problems))


def invented_actor(file: ScenarioFile, name: str) -> Actor:
    """The person of a scenario file, with the permissions of the roles it gives them."""
    permissions = {f"work:{role}" for role in file.people[name]} | {f"start:{file.process}"}
    return Actor(name, name, frozenset(permissions))


SOON = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a scenario lies in time: moved by `shift` (whole days), into the hours of `calendar`, ended at `until`."""

    shift: timedelta = timedelta(0)
    until: datetime | None = None
    calendar: Calendar | None = None

    def at(self, moment: datetime) -> datetime:
        """When what is written for `moment` happens: then, or soon after work begins again."""
        return self.calendar.add_working(moment, SOON) if self.calendar else moment

    def dated(self, value: Value) -> Value:
        """The value with every date in it moved like the scenario."""
        if isinstance(value, date):
            return value + self.shift
        if isinstance(value, Mapping):
            return {key: self.dated(inner) for key, inner in value.items()}
        return [self.dated(inner) for inner in value] if isinstance(value, list) else value

    def over(self, now: datetime) -> bool:
        """Whether the scenario stops before `now`."""
        return self.until is not None and now > self.until


@dataclass(slots=True)
class _Run:
    db: Database
    file: ScenarioFile
    scenario: Scenario
    handlers: Mapping[str, Handler]
    clock: Clock
    samples: Samples
    number: str | None = None
    instance_id: int | None = None
    line: int = 0
    finished: bool = False

    def go(self) -> None:
        scenario, self.line = self.scenario, self.scenario.line
        now = self.clock.at(scenario.at + self.clock.shift)
        by = invented_actor(self.file, scenario.by)
        values, outside = self._brought(by, now, scenario.values)
        started = start_instance(self.db, by, now, self.file.process, values, outside)
        self.number, self.instance_id = started.number, started.instance_id
        for step in scenario.steps:
            self._drain(now)
            now, self.line = self.clock.at(now + step.after), step.line
            if self.clock.over(now):
                return
            self._drain(now)
            self._act(step, now)
        self._drain(now)
        self.finished = True

    def _act(self, step: Step, now: datetime) -> None:
        task_id, by = self._open_task(step), invented_actor(self.file, step.by)
        values, outside = self._brought(by, now, step.values)
        try:
            complete_task(self.db, by, now, task_id, values, outside)
        except ClauseflowError as error:
            if step.refused is None or not isinstance(error, REFUSALS.get(step.refused, ())):
                raise
            return
        if step.refused is not None:
            raise _Departed(step.line, f"“{step.do}”本应被拒绝（{step.refused}），却办成了",
                            f"“{step.do}” should have been refused ({step.refused}), but was not")  # fmt: skip

    def _brought(self, by: Actor, now: datetime, values: Mapping[str, Value]) -> tuple[Value, forms.Surroundings]:
        """The values as this person sends them now, and the files that come with them."""
        kept: dict[str, forms.FileRef] = {}

        def take(name: str) -> forms.FileRef:
            found = self.samples(by, now, name)
            kept[str(found["sha256"])] = found
            return found

        return with_files(self.clock.dated(values), take), forms.Surroundings(files=kept.get)

    def _open_task(self, step: Step) -> TaskId:
        """The oldest open task at the node, in the case itself or in one it called."""
        case = or_(instances.c.id == self.instance_id, instances.c.root_id == self.instance_id)
        found = (
            select(waits.c.instance_id, waits.c.seq, waits.c.k, waits.c.node_id)
            .join(instances, instances.c.id == waits.c.instance_id)
            .where(case, waits.c.kind == "task", waits.c.closed_at.is_(None))
            .order_by(waits.c.instance_id, waits.c.seq, waits.c.k)
        )
        with self.db.reading() as session:
            open_tasks = session.execute(found).all()
        for row in open_tasks:
            if row.node_id == step.do:
                return TaskId(row.instance_id, row.seq, row.k)
        there = "、".join(sorted(row.node_id for row in open_tasks)) or "—"
        raise _Departed(step.line, f"此时没有“{step.do}”任务；等待中的有：{there}",
                        f"there is no task “{step.do}” now; waiting are: {there}")  # fmt: skip

    def _drain(self, now: datetime) -> None:
        Worker(self.db, self.handlers, lambda: now, "scenarios").drain(now)

    def path(self) -> list[str]:
        if self.instance_id is None:
            return []
        with self.db.reading() as session:
            history = entries_of(session, self.instance_id)
            return [passed for entry in history for passed in decode(entry.effects).get("path", ())]

    def departures(self, path: list[str]) -> list[Problem]:
        """What the finished run did otherwise than written: the path, the end, the variables."""
        scenario, found = self.scenario, []
        rest = iter(path)
        missing = next((node for node in scenario.path if node not in rest), None)
        if missing is not None:
            found.append(
                self._problem(f"路径没有按顺序经过“{missing}”", f"the path does not pass “{missing}” in order")
            )
        if scenario.ends is not None and (not path or path[-1] != scenario.ends):
            last = path[-1] if path else "—"
            found.append(self._problem(f"应结束于“{scenario.ends}”，实际停在“{last}”",
                                       f"should end at “{scenario.ends}”, but is at “{last}”"))  # fmt: skip
        variables = self._variables()
        for name, wanted in scenario.expect.items():
            value = variables.get(name)
            if encode(value) != encode(wanted):
                is_, should = encode(value).decode(), encode(wanted).decode()
                found.append(self._problem(f"变量 {name} 应为 {should}，实际为 {is_}",
                                           f"the variable {name} should be {should}, but is {is_}"))  # fmt: skip
        return found

    def _problem(self, zh: str, en: str) -> Problem:
        return Problem("scenario", "", zh, en, self.scenario.line)

    def _variables(self) -> dict[str, Any]:
        with self.db.reading() as session:
            state = session.execute(select(instances.c.state).where(instances.c.id == self.instance_id)).scalar_one()
            return load_state(state).variables[""]
