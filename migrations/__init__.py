"""The schema's history: Alembic revisions that bring any database of ours to today's tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.database import Database

FOLDER = Path(__file__).resolve().parent


def upgrade(db: Database) -> None:
    """Bring the database to the newest revision, in one transaction; a database that is there already is left alone."""
    config = _config()
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        if MigrationContext.configure(connection).get_current_revision() != newest():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def current(db: Database) -> str | None:
    """The revision the database is at; None before the first."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest revision's id."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
