"""Databases for tests: every test gets a fresh one of its own, copied from a prepared one in milliseconds."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.database import Database
from engine.session import Session
from tests.postgres import PostgresServer, shared_server

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[PostgresServer]:
    """The PostgreSQL of this test run, shared by all workers."""
    own = tmp_path_factory.getbasetemp()
    with shared_server(own if worker_id == "master" else own.parent) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, prepare_database: Callable[[str], None]) -> Path:
    """A prepared SQLite file; tests copy it."""
    return prepared_file(tmp_path_factory, prepare_database)


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer, worker_id: str, prepare_database: Callable[[str], None]
) -> Iterator[str]:
    """The name of a prepared PostgreSQL database; tests copy it."""
    yield from prepared_database(postgres_server, f"template_{worker_id}", prepare_database)


@contextmanager
def forging(db: Database) -> Iterator[Session]:
    """A session of somebody who changes rows as the program never would; none of it is kept."""
    with db.engine.connect() as connection:
        sqlite = db.dialect == "sqlite"
        connection.execute(
            text("PRAGMA defer_foreign_keys = ON" if sqlite else "SET session_replication_role = replica")
        )
        yield Session(connection)


HOLDING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(url: str) -> Iterator[None]:
    """Another program holds SQLite's write lock meanwhile."""
    path = url.removeprefix("sqlite:///")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout and other.stdout.readline() == b"held\n"
        yield
        other.communicate()


def prepared_file(folders: pytest.TempPathFactory, prepare: Callable[[str], None]) -> Path:
    """A SQLite file that was prepared."""
    path = folders.mktemp("sqlite") / "template.db"
    prepare(f"sqlite:///{path}")
    path.touch()
    return path


def prepared_database(server: PostgresServer, name: str, prepare: Callable[[str], None]) -> Iterator[str]:
    """The name of a PostgreSQL database that was prepared, until it is no longer needed."""
    prepare(server.create(name))
    yield name
    server.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A fresh SQLite database."""
    path = tmp_path / "clauseflow.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str, worker_id: str) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    name = f"test_{worker_id}_{next(_numbers)}"
    yield postgres_server.create(name, template=postgres_template)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database; the test runs once on each kind."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url
