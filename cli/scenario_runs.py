"""The scenarios of a checkout, run in a database of their own by people made for them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cli.clock import now
from cli.content import bundle, prepare, process_keys
from cli.invented_people import add_people, invented_people
from cli.settings import HOME
from company.files.samples import SampleFiles
from company.files.store import FileStore
from engine.actor import SYSTEM
from engine.bpmn import Definition
from engine.commands import deploy_definition
from engine.database import Database
from engine.errors import ClauseflowError
from engine.lint import LintContext
from engine.scenarios import Coverage, ScenarioFile, ScenarioOutcome, read_scenarios, run_scenario, with_accounts
from handlers import HANDLERS


class NoScenarios(ClauseflowError):
    """A process without a scenario file."""

    zh = "流程“{key}”没有场景：“{path}”不存在。"
    en = "The process “{key}” has no scenarios: there is no “{path}”."


def samples_folder(root: Path = HOME) -> Path:
    """Where the files lie that scenarios hand in."""
    return root / "processes" / "scenario_files"


def scenario_path(key: str, root: Path = HOME) -> Path:
    """Where the scenarios of a process stand, if it has any."""
    return root / "processes" / f"{key}.scenarios.yaml"


def scenario_file(key: str, root: Path = HOME) -> ScenarioFile:
    """The scenarios of a process, done by people under their names. Raises NoScenarios, Refused."""
    path = scenario_path(key, root)
    if not path.exists():
        raise NoScenarios(key=key, path=path)
    return read_scenarios(path.read_bytes(), path.name)


@contextmanager
def own_database() -> Iterator[Database]:
    """An empty database that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/scenarios.db")
        yield db
        db.dispose()


def run_scenarios_in(
    db: Database, context: LintContext, key: str, root: Path = HOME
) -> tuple[list[ScenarioOutcome], Coverage]:
    """Run the scenarios of a process, deployed with what it calls into an empty database with people made for them."""
    file, definition = scenario_file(key, root), bundle(key, root)
    prepare(db)
    invented = invented_people(file)
    add_people(db, invented, now())
    file = with_accounts(file, {person.name: person.account for person in invented})
    context = replace(context, processes=frozenset(context.processes) | frozenset(process_keys(root)))
    for needed in with_called(definition, root):
        deploy_definition(db, SYSTEM, now(), needed.key, needed.files, context)
    samples = SampleFiles(db, FileStore(), samples_folder(root))
    outcomes = [run_scenario(db, file, scenario, HANDLERS, samples=samples) for scenario in file.scenarios]
    return outcomes, Coverage.of(definition.diagram, (outcome.path for outcome in outcomes))


def with_called(definition: Definition, root: Path = HOME) -> list[Definition]:
    """A process and those it calls, directly or through others: of its own checkout, else of the product's."""
    homes = {**dict.fromkeys(process_keys(), HOME), **dict.fromkeys(process_keys(root), root)}
    found, unread = {definition.key: definition}, [definition]
    while unread:
        called = {node.called for node in unread.pop().diagram.nodes.values()}
        more = [bundle(key, home) for key, home in homes.items() if key in called - found.keys()]
        found.update((each.key, each) for each in more)
        unread += more
    return list(found.values())
