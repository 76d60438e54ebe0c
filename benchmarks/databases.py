"""The two databases a measurement runs on: a SQLite file and a PostgreSQL of its own, both migrated and empty.

Both keep what is committed when the power fails, as the product's do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import migrations
from engine.database import Database
from tests.postgres import shared_server


@contextmanager
def fresh(names: tuple[str, ...]) -> Iterator[list[tuple[str, list[Database]]]]:
    """For each kind of database a list of fresh ones, one per name."""
    with tempfile.TemporaryDirectory() as text, shared_server(Path(text), durable=True) as server:
        kinds = [
            ("SQLite", [Database(f"sqlite:///{text}/{name}.db") for name in names]),
            ("PostgreSQL", [Database(server.create(name)) for name in names]),
        ]
        for _, databases in kinds:
            for db in databases:
                migrations.upgrade(db)
        yield kinds
        for _, databases in kinds:
            for db in databases:
                db.dispose()
