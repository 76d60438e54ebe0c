"""The schema's history: Alembic revisions that bring any database of ours to today's tables.

A revision is a file of `versions/` and is called as it: the next number and a word. It writes out what it does and
imports nothing of ours, so that it does the same for ever; one that was released is not changed.
"""

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
from engine.errors import ClauseflowError

FOLDER = Path(__file__).resolve().parent


class UnknownSchema(ClauseflowError):
    """The database is at a revision that this program does not know; it was left alone."""

    zh = (
        "数据库的结构版次“{revision}”不是本程序所知的，未作改动。如果它出自更新的程序，请用那个程序；"
        "0.1.0 发布之前的开发版本留下的数据库不能升级，请另设 CLAUSEFLOW_DATABASE_URL 或 CLAUSEFLOW_VAR，"
        "从空数据库开始（演示资料用 clauseflow demo 载入）。"
    )
    en = (
        "This program does not know the schema “{revision}” of the database, which was left alone. If a newer program "
        "made it, use that one. A database left by development before the release of 0.1.0 cannot be upgraded: set "
        "another CLAUSEFLOW_DATABASE_URL or CLAUSEFLOW_VAR and begin with an empty one; clauseflow demo loads the demo."
    )


def upgrade(db: Database) -> None:
    """Bring the database to the newest revision, in one transaction; a database that is there already is left alone.

    Raises UnknownSchema.
    """
    config = _config()
    with trouble.told(), db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        revision = MigrationContext.configure(connection).get_current_revision()
        if not is_known(revision):
            raise UnknownSchema(revision=revision)
        if revision != newest():
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


def is_known(revision: str | None) -> bool:
    """Whether a database at this revision can be brought to the newest; one at no revision is empty."""
    known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
    return revision is None or revision in known


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
