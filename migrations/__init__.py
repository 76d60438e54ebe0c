"""The schema's history: Alembic revisions that bring any database of ours to today's tables."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine import trouble
from engine.database import Database

FOLDER = Path(__file__).resolve().parent


def upgrade(db: Database) -> None:
    """Bring the database to the newest revision, in one transaction; a database that is there already is left alone."""
    config = _config()
    with trouble.told(), db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        if MigrationContext.configure(connection).get_current_revision() != newest():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    _close_to_others(db)


def _close_to_others(db: Database) -> None:
    """Earlier versions made the file of a database readable to everybody on the machine."""
    path = Path(db.engine.url.database or "")
    if db.dialect == "sqlite" and path.is_file():
        for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            with suppress(OSError):  # not there, or somebody else's
                file.chmod(stat.S_IMODE(file.stat().st_mode) & ~stat.S_IRWXO)


def current(db: Database) -> str | None:
    """The revision the database is at; None before the first."""
    with trouble.told(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest revision's id."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
