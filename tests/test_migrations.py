"""The schema's revisions lead to exactly the tables that the code declares, with the data, on both databases."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Column, MetaData, inspect, select, text

import clauseflow
import company.every_table  # noqa: F401 - their tables join the metadata
import migrations
from cli.checkup import checkup
from cli.settings import Settings
from engine.database import Database
from engine.queries.search import cases_with
from engine.tables import SEARCH_INDEX, instances, metadata
from tests.bench import Bench
from tests.product import START

BASELINE = "0009_work"
"""The revision that completes what the first release began with."""

FILES = sorted((migrations.FOLDER / "versions").glob("*.py"))


@pytest.fixture
def migrated(database_url: str) -> Iterator[Database]:
    """A database at the newest revision."""
    db = Database(database_url)
    yield db
    db.dispose()


def test_the_migrated_schema_is_the_declared_one(migrated: Database) -> None:
    assert differences(migrated) == []


def differences(db: Database) -> list[Any]:
    """What a database has otherwise than the code declares."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_declared})
        return list(compare_metadata(context, metadata))


def _is_declared(name: str | None, _kind: str, _parents: Any) -> bool:
    """Everything but the index of texts, which each database has in its own way."""
    return name not in SEARCH_INDEX


def test_partial_indexes_are_there_with_their_conditions(migrated: Database) -> None:
    """Autogenerate compares no conditions; without them an index would hold every closed wait there ever was."""
    declared = {
        index.name
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options[migrated.dialect]["where"] is not None
    }

    assert {name for name, where in _conditions(migrated)} == declared
    assert declared >= {"ix_waits_ready", "ix_waits_open_lane", "ix_instances_unanchored"}


def _conditions(db: Database) -> set[tuple[Any, Any]]:
    inspector, option = inspect(db.engine), f"{db.dialect}_where"
    return {
        (index["name"], str(where))
        for table in inspector.get_table_names()
        for index in inspector.get_indexes(table)
        if (where := index.get("dialect_options", {}).get(option)) is not None
    }


def test_upgrading_what_is_new_already_changes_nothing(migrated: Database) -> None:
    assert migrations.current(migrated) == migrations.newest()
    migrations.upgrade(migrated)

    assert migrations.current(migrated) == migrations.newest()


def test_a_database_of_the_first_release_is_upgraded_with_its_data(migrated: Database) -> None:
    to(migrated, command.downgrade, "base")
    to(migrated, command.upgrade, BASELINE)
    before = filled(migrated)

    migrations.upgrade(migrated)

    assert differences(migrated) == []
    assert sum(map(len, before.values())) > 2 * 40
    assert contents(migrated, before) == before


def filled(db: Database) -> dict[str, list[dict[str, Any]]]:
    """Two rows in every table the database has, whatever the code declares by now; what refers is given its number."""
    there = MetaData()
    there.reflect(db.engine, only=lambda name, _: name not in {*SEARCH_INDEX, "alembic_version"})
    tables = there.sorted_tables
    rows = {table.name: [{c.name: value(c, n) for c in table.c} for n in (1, 2)] for table in tables}
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        for table in tables:
            connection.execute(table.insert(), rows[table.name])
    return rows


def value(column: Column[Any], number: int) -> Any:
    """What stands in a column of the row of a number."""
    kind = column.type.python_type
    if kind is datetime:
        return START if getattr(column.type, "timezone", False) else START.replace(tzinfo=None)
    return {int: number, str: str(number), bytes: bytes([number] * 32), bool: True}[kind]


def contents(db: Database, of: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """What stands in those tables and columns now."""
    there = MetaData()
    there.reflect(db.engine, only=list(of))
    with db.engine.connect() as connection:
        return {
            name: sorted(
                (dict(row._mapping) for row in connection.execute(select(*(there.tables[name].c[c] for c in rows[0])))),
                key=lambda row: str(list(row.values())),
            )
            for name, rows in of.items()
        }


def test_texts_of_the_first_release_are_found(migrated: Database) -> None:
    to(migrated, command.downgrade, "base")
    migrations.upgrade(migrated)
    Bench(migrated).deploy("sign_off").start("sign_off", subject="Ｎｏ．７ 压装机")

    with migrated.reading() as session:
        for word in ("压装", "机", "no.7", "7"):
            assert session.execute(select(instances.c.id).where(cases_with(session, word))).all(), word


def test_nothing_is_left_behind_the_first_revision(migrated: Database) -> None:
    to(migrated, command.downgrade, "base")

    assert inspect(migrated.engine).get_table_names() == ["alembic_version"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_migration_is_frozen(path: Path) -> None:
    """It stands on nothing of ours, which changes: a revision means the same for ever."""
    imports = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {
        name.partition(".")[0]
        for node in imports
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
    }

    assert names <= {"alembic", "sqlalchemy", *sys.stdlib_module_names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_revision_is_called_as_its_file(path: Path) -> None:
    """Unlike the bare numbers of development before the first release, which nobody shall take for ours."""
    assert f'\nrevision = "{path.stem}"\n' in path.read_text("utf-8")


@pytest.mark.parametrize("revision", ["0016", "9999_made_tomorrow"])
def test_a_database_of_another_program_is_left_alone(
    migrated: Database,
    revision: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    migrated.write(lambda session: session.execute(text(f"update alembic_version set version_num = '{revision}'")))
    environment = {
        "CLAUSEFLOW_DATABASE_URL": migrated.url,
        "CLAUSEFLOW_VAR": str(tmp_path),
        "CLAUSEFLOW_LANGUAGE": "en",
    }
    for name, setting in environment.items():
        monkeypatch.setenv(name, setting)

    assert clauseflow.main(["migrate"]) == 2

    said = capsys.readouterr().err
    assert f"does not know the schema “{revision}”" in said
    assert "empty one" in said
    assert migrations.current(migrated) == revision
    [found] = [
        each for each in checkup(migrated, Settings.from_environment(os.environ), START) if each.check == "schema"
    ]
    assert found.state == "broken"
    assert f"“{revision}”" in found.zh


def to(db: Database, change: Callable[[Config, str], None], revision: str) -> None:
    """Lead a database to a revision."""
    config = migrations._config()
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        change(config, revision)


def test_an_empty_database_is_at_no_revision(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/empty.db")

    assert migrations.current(db) is None
    db.dispose()
