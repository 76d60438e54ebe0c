"""What every test may ask for: databases (`database_url`, `sqlite_url`, `postgres_url`) and a browser (`page`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

import migrations
from engine.database import Database

pytest_plugins = ["tests.databases", "tests.browser", "tests.product", "tests.servers"]

# A slow machine is no failure, and a red run prints all that is needed to repeat it.
settings.register_profile("clauseflow", deadline=None, print_blob=True)
settings.load_profile("clauseflow")

BROWSER, POSTGRES = {"chromium"}, {"postgres_server", "postgres_template", "postgres_url"}
PAGES = Path(__file__).parent / "web"
ABOUT_THE_DATABASE = {"test_forged_addresses.py", "test_held_database.py", "test_hostile_names.py", "test_keys.py"}
"""Tests of pages that both databases may answer differently, and so run on both in `make test`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs a browser or PostgreSQL, by its fixtures, and pages on the other database."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        params = getattr(getattr(item, "callspec", None), "params", {})
        if asked & BROWSER:
            item.add_marker(pytest.mark.browser)
        other = "postgresql" in params.values()
        if asked & POSTGRES or other:
            item.add_marker(pytest.mark.postgres)
        if other and item.path.is_relative_to(PAGES) and item.path.name not in ABOUT_THE_DATABASE:
            item.add_marker(pytest.mark.more)


@pytest.fixture(scope="session")
def prepare_database() -> Callable[[str], None]:
    """What is done once to an empty database before tests get copies of it: today's tables."""

    def upgrade(url: str) -> None:
        db = Database(url)
        migrations.upgrade(db)
        db.dispose()

    return upgrade
