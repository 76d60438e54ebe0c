"""The database: SQLite (WAL) or PostgreSQL behind the same two transactions, one for reading, one for writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from engine.errors import ClauseflowError
from engine.prepared import VersionConflict
from engine.session import Session

T = TypeVar("T")
ATTEMPTS = 20
"""How often a command is run again when another writer came first; sooner or later each of n writers wins."""

BUSY_SECONDS = 30
_SERIALIZATION, _DEADLOCK, _LOCK_TIMEOUT = "40001", "40P01", "55P03"


class BadDatabaseUrl(ClauseflowError):
    """A database address that is neither SQLite nor PostgreSQL."""

    zh = "数据库地址“{url}”无效：应为 sqlite:///路径 或 postgresql://用户@主机/库。"
    en = "The database address “{url}” is not valid: use sqlite:///path or postgresql://user@host/name."


class DatabaseBusy(ClauseflowError):
    """Other writers came first every time; nothing was done."""

    zh = "系统正忙，未执行任何操作，请稍后重试。"
    en = "The system is busy and nothing was done. Please try again in a moment."


class Database:
    """One database address and its connections; safe to share between threads."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise BadDatabaseUrl(url=url) from error
        self.dialect = parsed.get_backend_name()
        if self.dialect == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
            self.engine = create_engine(parsed, pool_size=10, max_overflow=20, pool_pre_ping=True)
        elif self.dialect == "sqlite":
            self.engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
            _prepare_sqlite(self.engine)
        else:
            raise BadDatabaseUrl(url=url)
        self.url = url

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: PostgreSQL refuses changes, SQLite forgets them."""
        with self.engine.connect().execution_options(postgresql_readonly=True) as connection:
            yield Session(connection)
            if self.dialect == "postgresql":
                # The driver forgets on the server what it prepared there whenever a transaction is rolled back.
                connection.commit()

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction and commit it; run it again when another writer came first.

        On any exception everything is rolled back. Raises DatabaseBusy after ATTEMPTS conflicts.
        """
        for _ in range(ATTEMPTS):
            try:
                with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
                    session = Session(connection)
                    result = work(session)
                    session.send()
                for act in session.afterwards:
                    act()
                return result
            except VersionConflict:
                continue
            except DBAPIError as error:
                if not _came_second(error):
                    raise
        raise DatabaseBusy

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Commits of SQLite do not wait for the disk meanwhile: only for what can be loaded anew if the power fails."""
        if self.dialect != "sqlite":
            yield
            return
        self.engine.dispose()
        event.listen(self.engine, "checkout", _let_go_on)
        try:
            yield
        finally:
            event.remove(self.engine, "checkout", _let_go_on)
            self.engine.dispose()

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _came_second(error: DBAPIError) -> bool:
    if isinstance(error, OperationalError) and isinstance(error.orig, sqlite3.OperationalError):
        return "locked" in str(error.orig) or "busy" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in {_SERIALIZATION, _DEADLOCK, _LOCK_TIMEOUT}


def _let_go_on(connection: Any, _record: Any, _proxy: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _prepare_sqlite(engine: Engine) -> None:
    """Take transactions into our own hands: the driver would begin them late and read locks could not upgrade."""

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # A page holds several entries: at 4 KB, the default, a tenth of each would stay empty.
        pragmas = ("page_size=8192", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
