"""The schema's revisions lead to exactly the tables that the code declares, and back, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import column, insert, inspect, select, table

import migrations
from engine.database import Database
from engine.history.acts import check_acts, newest_act
from engine.tables import UtcDateTime, metadata, people_log
from tests.product import START


@pytest.fixture
def migrated(database_url: str) -> Iterator[Database]:
    """A database at the newest revision."""
    db = Database(database_url)
    yield db
    db.dispose()


def test_the_migrated_schema_is_the_declared_one(migrated: Database) -> None:
    with migrated.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []


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


def test_what_administrators_did_before_is_chained_as_it_is(migrated: Database) -> None:
    """The rows of before get their hashes, and numbers without the gaps that failed transactions left."""
    _to(migrated, command.downgrade, "0009")
    row = {"actor": "admin", "act": "activate", "details": "{}"}
    rows = [row | {"id": number, "at": START, "subject": f"p{number}"} for number in (2, 3, 7)]
    old = table("people_log", *map(column, ("id", "actor", "act", "subject", "details")), column("at", UtcDateTime))
    migrated.write(lambda session: session.execute(insert(old), rows))

    migrations.upgrade(migrated)

    with migrated.reading() as session:
        assert check_acts(session, []) == []
        assert newest_act(session) is not None
        found = session.execute(select(people_log.c.id, people_log.c.subject).order_by(people_log.c.id)).all()
    assert [tuple(row) for row in found] == [(1, "p2"), (2, "p3"), (3, "p7")]


def _to(db: Database, change: Callable[[Config, str], None], revision: str) -> None:
    config = migrations._config()
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        change(config, revision)


def test_an_empty_database_is_at_no_revision(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/empty.db")

    assert migrations.current(db) is None
    db.dispose()
