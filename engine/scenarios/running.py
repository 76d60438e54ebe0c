"""Carry out a scenario by the real commands and say where it departs from what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, union_all

from engine import forms
from engine.actor import Actor, NotPermitted
from engine.bpmn import load_state
from engine.bpmn.errors import FourEyes
from engine.commands import InvalidForm, Moved, TaskTaken, complete_task, start_by_clock, start_instance
from engine.database import Database
from engine.errors import ClauseflowError, Problem
from engine.history.reading_steps import steps_of
from engine.jobs import Handler
from engine.scenarios.clock import Clock
from engine.scenarios.files import Samples, no_samples, with_files
from engine.scenarios.people import people_lists
from engine.scenarios.scenario_file import Scenario, ScenarioFile, ScenarioStep
from engine.session import Session
from engine.tables import instances, waits
from engine.task_id import TaskId
from engine.values import Value, encode
from engine.worker import Worker

REFUSALS: Mapping[str, type[ClauseflowError]] = {
    "not_same_as": FourEyes,
    "not_permitted": NotPermitted,
    "invalid_form": InvalidForm,
    "taken": TaskTaken,
}
"""The refusals a scenario may demand, by the word it uses."""


AGAIN = timedelta(minutes=30)
"""How long a patient person waits before looking again whether there is something to do."""


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
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
) -> ScenarioOutcome:
    """Start and complete as written, draining timers and jobs at each moment; the process must be deployed.

    `samples` keeps the files the scenario names, as people's uploads are kept.
    """
    clock = clock or Clock()
    run = ScenarioRun(db, file, scenario, clock, samples)
    last = None
    for moment in run.acts():
        if last is not None:
            drain(db, handlers, last)
        if clock.over(moment):
            return run.outcome(finished=False)
        drain(db, handlers, moment)
        last = moment
    if last is not None:
        drain(db, handlers, last)
    return run.outcome()


def drain(db: Database, handlers: Mapping[str, Handler], now: datetime) -> None:
    """Let timers and jobs that are due happen."""
    Worker(db, handlers, lambda: now, "scenarios").drain(now)


def invented_actor(file: ScenarioFile, name: str) -> Actor:
    """The person of a scenario file, with the permissions of the roles it gives them."""
    permissions = {f"work:{role}" for role in file.people[name]} | {f"start:{file.process}"}
    return Actor(name, name, frozenset(permissions))


_tree = union_all(
    select(instances.c.id).where(instances.c.id == bindparam("case")),
    select(instances.c.id).where(instances.c.root_id == bindparam("case")),
)
_open_waits = (
    select(
        *(
            waits.c[name]
            for name in ("instance_id", "seq", "k", "key", "node_id", "lane", "assignee", "opened_at", "kind")
        )
    )
    .where(waits.c.instance_id.in_(_tree), waits.c.closed_at.is_(None))
    .order_by(waits.c.instance_id, waits.c.seq, waits.c.k)
)
# A condition on the kind would let SQLite read every open task there is instead of the few waits of the case.


def open_tasks(session: Session, case_id: int) -> list[Any]:
    """The open tasks of a case and of those it called, with process and node, the oldest first."""
    return [wait for wait in session.execute(_open_waits, {"case": case_id}) if wait.kind == "task"]


@dataclass(slots=True)
class ScenarioRun:
    """A scenario under way: whoever drives it lets time pass until the moment of each act, then asks for the next.

    `done` counts the acts done; whoever holds the case up sets `not_before`. Acts go through the commands; whoever
    does them another way overrides `begin` and `act`.
    """

    db: Database
    file: ScenarioFile
    scenario: Scenario
    clock: Clock
    samples: Samples = no_samples
    number: str | None = None
    instance_id: int | None = None
    done: int = 0
    not_before: datetime | None = None
    _line: int = 0
    _problems: list[Problem] = field(default_factory=list)

    def acts(self) -> Iterator[datetime]:
        """The moment of the start and of each step, before it is done; ends early where the scenario departs."""
        try:
            now = self.clock.begins(self.scenario)
            self._line = self.scenario.line
            yield now
            self.begin(now)
            self.done = 1
            for step in self.scenario.steps:
                self._line, now = step.line, self.clock.at(now + step.after)
                latest = now + self.clock.patience
                yield now
                while not (there := self._is_there(step)) and now < latest:
                    now = self.clock.at(now + AGAIN)
                    yield now
                now = max(now, self.not_before or now)
                if there:
                    self.act(step, now)
                self.done += 1
        except _Departed as departed:
            self._problems.append(departed.problem)
        except ClauseflowError as error:
            self._problems.append(Problem("scenario", "", error.text("zh"), error.text("en"), self._line))

    def outcome(self, *, finished: bool = True) -> ScenarioOutcome:
        """How it went; only a finished run is held against how it should end."""
        path = self.path()
        if finished and not self._problems:
            self._problems += self.departures(path)
        return ScenarioOutcome(self.scenario, self.number, tuple(path), tuple(self._problems))

    def begin(self, now: datetime) -> None:
        """Start the case."""
        started = self._started(now)
        self.number, self.instance_id = started.number, started.instance_id

    def act(self, step: ScenarioStep, now: datetime) -> None:
        """Do a step, or have it refused as it must be."""
        task_id, by = self._open_task(step), invented_actor(self.file, step.by)
        try:
            self.complete(by, now, task_id, step)
        except ClauseflowError as error:
            if step.refused is None or not isinstance(error, REFUSALS.get(step.refused, ())):
                raise
            return
        if step.refused is not None:
            raise _Departed(step.line, f"“{step.do}”本应被拒绝（{step.refused}），却办成了",
                            f"“{step.do}” should have been refused ({step.refused}), but was not")  # fmt: skip

    def complete(self, by: Actor, now: datetime, task_id: TaskId, step: ScenarioStep) -> None:
        """Complete a task of the case as this person, with the values of a step."""
        given, outside = self._brought(by, now, step.values, step.written)
        complete_task(self.db, by, now, task_id, given, outside)

    def _started(self, now: datetime) -> Moved:
        scenario, process = self.scenario, self.file.process
        if scenario.clock:
            return start_by_clock(self.db, now, process, scenario.clock)
        by = invented_actor(self.file, scenario.by)
        values, outside = self._brought(by, now, scenario.values, scenario.at)
        return start_instance(self.db, by, now, process, values, outside)

    def _brought(
        self, by: Actor, now: datetime, values: Mapping[str, Value], written: datetime
    ) -> tuple[Value, forms.FormEnvironment]:
        """The values as this person sends them now, with the files that come with them and the people they name."""
        kept: dict[str, forms.FileRef] = {}

        def take(name: str) -> forms.FileRef:
            found = self.samples(by, now, name)
            kept[str(found["sha256"])] = found
            return found

        return with_files(self.clock.dated(values, written, now), take), forms.FormEnvironment(
            sources=people_lists(self.file), files=kept.get
        )

    def _open_task(self, step: ScenarioStep) -> TaskId:
        """The oldest open task at the node. Raises _Departed naming those that are open."""
        open_tasks = self.open_tasks()
        for row in open_tasks:
            if row.node_id == step.do:
                return TaskId(row.instance_id, row.seq, row.k)
        there = "、".join(sorted(row.node_id for row in open_tasks)) or "—"
        raise _Departed(step.line, f"此时没有“{step.do}”任务；等待中的有：{there}",
                        f"there is no task “{step.do}” now; waiting are: {there}")  # fmt: skip

    def _is_there(self, step: ScenarioStep) -> bool:
        """Whether to act: those without patience do not look first."""
        return not self.clock.patience or any(row.node_id == step.do for row in self.open_tasks())

    def open_tasks(self) -> Sequence[Any]:
        """The open tasks of the case itself and of those it called, with process and node, the oldest first."""
        if self.instance_id is None:
            return ()
        with self.db.reading() as session:
            return open_tasks(session, self.instance_id)

    def path(self) -> list[str]:
        if self.instance_id is None:
            return []
        with self.db.reading() as session:
            return [passed for step in steps_of(session, self.instance_id) for passed in step.path]

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
