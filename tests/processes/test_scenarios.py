"""Every scenario goes as written, all cover each diagram, and SpiffWorkflow's own layer bears out every step.

Half the processes on each database; what is recorded there is what the second opinion is given, so nothing runs twice.

`SCENARIOS=both` runs every process on both databases.
"""

from __future__ import annotations

import os
from collections import Counter
from zlib import crc32

import pytest

from cli.content import bundle, process_keys
from cli.scenario_runs import run_scenarios_in, with_called
from cli.second_opinions import Opinions
from cli.settings import HOME
from engine.clauses import Register
from engine.database import Database
from engine.lint import LintContext
from handlers import HANDLERS

pytestmark = pytest.mark.long

DATABASES = ("sqlite", "postgresql")


def runs() -> list[tuple[str, str]]:
    """Every process with the database its name falls on, or with both."""
    both = os.environ.get("SCENARIOS") == "both"
    pairs = [(key, database) for key in process_keys() for database in DATABASES]
    return [(key, kind) for key, kind in pairs if both or DATABASES[crc32(key.encode()) % len(DATABASES)] == kind]


ROWS = {
    row[0].strip("`"): tuple(row[1:])
    for line in (HOME / "docs" / "spiffworkflow.md").read_text("utf-8").splitlines()
    if len(row := [cell.strip() for cell in line.strip("|").split("|")]) == 4 and row[0].strip("`") in process_keys()
}
"""What the documentation says of each process: scenarios, those on which stock agrees, the traps that say why not."""


def told(opinions: Opinions) -> tuple[str, ...]:
    """What the documentation must say."""
    found = opinions.by_scenario.values()
    traps = Counter(trap for opinion in found for trap in opinion.traps)
    named = ", ".join(f"{trap} ({count})" for trap, count in sorted(traps.items()))
    return str(len(found)), str(sum(opinion.agrees for opinion in found)), named or "–"


def test_the_documented_sum_is_that_of_the_processes() -> None:
    scenarios, agreed = (sum(int(row[n]) for row in ROWS.values()) for n in (0, 1))
    text = (HOME / "docs" / "spiffworkflow.md").read_text("utf-8")

    assert set(ROWS) == set(process_keys())
    assert f"{agreed} of our {scenarios} scenarios" in text
    assert f"{scenarios} 个场景" in text


@pytest.fixture
def database_url(request: pytest.FixtureRequest, kind: str) -> str:
    """A fresh database of that kind."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[kind])
    return url


@pytest.mark.parametrize(("key", "kind"), runs())
def test_scenarios_go_as_written_cover_the_diagram_and_bear_a_second_opinion(
    key: str, db: Database, register: Register
) -> None:
    context = LintContext(register, frozenset(HANDLERS), frozenset(process_keys()))

    outcomes, coverage = run_scenarios_in(db, context, key)

    assert {outcome.scenario.name: outcome.problems for outcome in outcomes if not outcome.ok} == {}
    assert coverage.missing() == []
    opinions = Opinions.on(db, with_called(bundle(key)), outcomes)
    differing = {name: opinion.unexplained for name, opinion in opinions.by_scenario.items() if not opinion.ok}
    assert differing == {}
    assert told(opinions) == ROWS[key]


def test_both_databases_are_met() -> None:
    assert {kind for _key, kind in runs()} == set(DATABASES)
