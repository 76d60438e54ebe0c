"""The scenarios of a checkout: read with the demo's people in them, and run in a database of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cli.clock import now
from cli.content import NoDiagram, bundle, prepare, process_keys
from cli.settings import HOME
from company.files.samples import SampleFiles
from company.files.store import FileStore
from demo import people as demo
from engine.actor import SYSTEM
from engine.bpmn import Definition
from engine.commands import deploy_definition
from engine.database import Database
from engine.lint import LintContext
from engine.scenarios import Coverage, Outcome, Scenario, ScenarioFile, read_scenarios, run_scenario
from handlers import HANDLERS

SAMPLES = HOME / "processes" / "scenario_files"


def scenario_path(key: str) -> Path:
    """Where the scenarios of a process stand, if it has any."""
    return HOME / "processes" / f"{key}.scenarios.yaml"


def scenario_file(key: str) -> ScenarioFile:
    """The scenarios of a process, done by the accounts of the demo's people. Raises NoDiagram, Refused."""
    path = scenario_path(key)
    if not path.exists():
        raise NoDiagram(path=str(path.relative_to(HOME)))
    return _with_accounts(read_scenarios(path.read_bytes(), path.name))


@contextmanager
def own_database() -> Iterator[Database]:
    """An empty database that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/scenarios.db")
        yield db
        db.dispose()


def run_scenarios_in(db: Database, context: LintContext, key: str) -> tuple[list[Outcome], Coverage]:
    """Run the scenarios of a process, deployed with what it calls into an empty database with the demo's people."""
    file, definition = scenario_file(key), bundle(key)
    prepare(db)
    demo.load_people(db, now())
    for needed in with_called(definition):
        deploy_definition(db, SYSTEM, now(), needed.key, needed.files, context)
    samples = SampleFiles(db, FileStore(), SAMPLES)
    outcomes = [run_scenario(db, file, scenario, HANDLERS, samples=samples) for scenario in file.scenarios]
    return outcomes, Coverage.of(definition.diagram, (outcome.path for outcome in outcomes))


def with_called(definition: Definition) -> list[Definition]:
    """A process and those of the checkout that it calls, directly or through others."""
    found, unread = {definition.key: definition}, [definition]
    while unread:
        called = {node.called for node in unread.pop().diagram.nodes.values()}
        more = [bundle(key) for key in process_keys() if key in called - found.keys()]
        found.update((each.key, each) for each in more)
        unread += more
    return list(found.values())


def _with_accounts(file: ScenarioFile) -> ScenarioFile:
    """The file with the people's account names in place of their names, so that the demo's people do the work."""
    accounts = {person.name: person.account for person in demo.PEOPLE}
    people = {accounts.get(name, name): roles for name, roles in file.people.items()}
    names = {account: name for name, account in accounts.items()}
    return replace(file, people=people, names=names, scenarios=tuple(_renamed(s, accounts) for s in file.scenarios))


def _renamed(scenario: Scenario, accounts: Mapping[str, str]) -> Scenario:
    steps = tuple(replace(step, by=accounts.get(step.by, step.by)) for step in scenario.steps)
    return replace(scenario, by=accounts.get(scenario.by, scenario.by), steps=steps)
