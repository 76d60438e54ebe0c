"""What every test may ask for: databases (`database_url`, `sqlite_url`, `postgres_url`) and a browser (`page`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings

import migrations
from engine.database import Database

pytest_plugins = ["tests.databases", "tests.browser", "tests.product", "tests.servers"]

# A slow machine is no failure, and a red run prints all that is needed to repeat it.
settings.register_profile("clauseflow", deadline=None, print_blob=True)
settings.load_profile("clauseflow")

BROWSER, POSTGRES = {"chromium", "new_page", "page"}, {"postgres_server", "postgres_template", "postgres_url"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs a browser or PostgreSQL, told by the fixtures a test asks for."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        params = getattr(getattr(item, "callspec", None), "params", {})
        if asked & BROWSER:
            item.add_marker(pytest.mark.browser)
        if asked & POSTGRES or "postgresql" in params.values():
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def prepare_database() -> Callable[[str], None]:
    """What is done once to an empty database before tests get copies of it: today's tables."""

    def upgrade(url: str) -> None:
        db = Database(url)
        migrations.upgrade(db)
        db.dispose()

    return upgrade
