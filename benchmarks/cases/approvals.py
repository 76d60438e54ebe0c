"""Price approvals carried out by the real commands, one command at a time: what several measurements run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from cli.content import bundle
from cli.settings import HOME
from engine.actor import SYSTEM
from engine.clauses import load_register
from engine.commands import claim_task, complete_task, deploy_definition, start_instance
from engine.database import Database
from engine.lint import LintContext
from engine.scenarios import ScenarioFile, read_scenarios
from engine.scenarios.running import invented_actor
from engine.scenarios.scenario_file import Scenario
from engine.tables import waits
from engine.task_id import TaskId

SEVEN_ENTRIES = "1000 元整归销售副总"
ELEVEN_ENTRIES = "财务两次退回重拟"


def deploy(db: Database) -> ScenarioFile:
    """Deploy the price approval as the product does; gives its scenarios."""
    context = LintContext(load_register(HOME / "regulations"))
    files = bundle("price_approval").files
    deploy_definition(db, SYSTEM, datetime.now(UTC), "price_approval", files, context)
    path = HOME / "processes" / "price_approval.scenarios.yaml"
    return read_scenarios(path.read_bytes(), path.name)


def named(file: ScenarioFile, name: str) -> Scenario:
    """The scenario of that name."""
    return next(scenario for scenario in file.scenarios if scenario.name == name)


def walk(
    db: Database, file: ScenarioFile, scenario: Scenario, *, claims_first: bool = False
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The commands of a scenario by kind, each to be called before the next is asked for.

    `claims_first` adds a step: whoever does the first task claims it before.
    """
    now, by = scenario.at, invented_actor(file, scenario.by)
    started: list[int] = []
    yield (
        "start",
        lambda: started.append(start_instance(db, by, now, file.process, scenario.values).instance_id),
    )
    for number, step in enumerate(scenario.steps):
        now += step.after
        actor, task = invented_actor(file, step.by), _open_task(db, started[0])
        if claims_first and number == 0:
            yield "claim", partial(claim_task, db, actor, now, task)
        yield "complete", partial(complete_task, db, actor, now, task, step.values)


def finish(db: Database, file: ScenarioFile, scenario: Scenario, *, claims_first: bool = False) -> None:
    """Carry out all commands of a scenario."""
    for _, command in walk(db, file, scenario, claims_first=claims_first):
        command()


def _open_task(db: Database, case: int) -> TaskId:
    here = select(waits.c.instance_id, waits.c.seq, waits.c.k).where(waits.c.instance_id == case)
    with db.reading() as session:
        return TaskId(*session.execute(here.where(waits.c.closed_at.is_(None))).one())
