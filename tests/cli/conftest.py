"""A product in use, and a second database, for commands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from cli.clock import now
from cli.content import prepare
from engine.database import Database
from engine.history.anchoring.anchors import take_anchor
from engine.tables import metadata
from tests.bench import Bench


@pytest.fixture
def product(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A product in use: cases of two processes, one of them anchored; commands find it by the environment."""
    use(monkeypatch, database_url, tmp_path / "var")
    db = Database(database_url)
    prepare(db)
    bench = Bench(db, now()).deploy("quote", "repair", "notice", "deadline")
    bench.start("repair", amount=3)
    take_anchor(db, bench.now, tmp_path / "var" / "anchors.jsonl")
    bench.do("offer", amount=2)
    bench.start("notice")
    yield bench
    db.dispose()


@pytest.fixture
def fresh_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A second database of the same kind, without any table."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/restored.db"
        return
    name = f"restored_{os.getpid()}"
    server = request.getfixturevalue("postgres_server")
    yield server.create(name)
    server.drop(name)


def use(monkeypatch: pytest.MonkeyPatch, url: str, var: Path) -> None:
    for name, value in {"DATABASE_URL": url, "VAR": str(var), "LANGUAGE": "en"}.items():
        monkeypatch.setenv(f"CLAUSEFLOW_{name}", value)


def rows(url: str) -> dict[str, list[Any]]:
    """Everything a database holds."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {t.name: [tuple(r) for r in connection.execute(select(t).order_by(*t.primary_key))]
                 for t in metadata.sorted_tables}  # fmt: skip
    engine.dispose()
    return found
