"""Every scenario goes as written, and together they cover each diagram: half the processes on each database.

`SCENARIOS=both` runs every process on both databases.
"""

from __future__ import annotations

import os
from zlib import crc32

import pytest

from cli.content import process_keys
from cli.scenario_runs import run_scenarios_in
from engine.clauses import Register
from engine.database import Database
from engine.lint import Surroundings
from handlers import HANDLERS

DATABASES = ("sqlite", "postgresql")


def runs() -> list[tuple[str, str]]:
    """Every process with the database its name falls on, or with both."""
    both = os.environ.get("SCENARIOS") == "both"
    pairs = [(key, database) for key in process_keys() for database in DATABASES]
    return [(key, kind) for key, kind in pairs if both or DATABASES[crc32(key.encode()) % len(DATABASES)] == kind]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, kind: str) -> str:
    """A fresh database of that kind."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[kind])
    return url


@pytest.mark.parametrize(("key", "kind"), runs())
def test_scenarios_go_as_written_and_cover_the_diagram(key: str, kind: str, db: Database, register: Register) -> None:
    around = Surroundings(register, frozenset(HANDLERS), frozenset(process_keys()))

    outcomes, coverage = run_scenarios_in(db, around, key)

    assert {outcome.scenario.name: outcome.problems for outcome in outcomes if not outcome.ok} == {}
    assert coverage.missing() == []


def test_both_databases_are_met() -> None:
    assert {kind for _key, kind in runs()} == set(DATABASES)
