"""The database: SQLite (WAL) or PostgreSQL behind the same two transactions, one for reading, one for writing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from engine import trouble
from engine.errors import ClauseflowError
from engine.prepared import VersionConflict
from engine.session import Session
from engine.trouble import DatabaseBusy, DatabaseHeld

P = ParamSpec("P")
T = TypeVar("T")
ATTEMPTS = 20
"""How often a command is run again when another writer came first; sooner or later each of n writers wins."""

PATIENCE = 60.0
"""Seconds a writer waits for SQLite's one write lock, unless the database was opened with another patience."""

MOMENT = 0.2
"""Seconds a writer waits while another program is known to hold the lock, or for what can be left undone."""

OWNER_ONLY = 0o600
_SERIALIZATION, _DEADLOCK, _LOCK_TIMEOUT = "40001", "40P01", "55P03"


class BadDatabaseUrl(ClauseflowError):
    """A database address that is neither SQLite nor PostgreSQL."""

    zh = "数据库地址“{url}”无效：应为 sqlite:///路径 或 postgresql://用户@主机/库。"
    en = "The database address “{url}” is not valid: use sqlite:///path or postgresql://user@host/name."


class Database:
    """One database address and its connections; safe to share between threads.

    `patience` is how many seconds a writer waits for SQLite's one write lock.
    """

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise BadDatabaseUrl(url=url) from error
        self.dialect = parsed.get_backend_name()
        if self.dialect == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
            self.engine = create_engine(parsed, pool_size=10, max_overflow=20, pool_pre_ping=True)
        elif self.dialect == "sqlite":
            self.engine = create_engine(parsed, connect_args={"timeout": patience})
            _prepare_sqlite(self.engine)
        else:
            raise BadDatabaseUrl(url=url)
        self.url = url
        self.patience = patience
        self._writers = Lock()
        self._held = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: PostgreSQL refuses changes, SQLite forgets them. Raises DatabaseTrouble."""
        with trouble.told(), self.engine.connect().execution_options(postgresql_readonly=True) as connection:
            yield Session(connection, writing=False)
            if self.dialect == "postgresql":
                # The driver forgets on the server what it prepared there whenever a transaction is rolled back.
                connection.commit()

    def write(self, work: Callable[[Session], T], patience: float | None = None) -> T:
        """Run `work` in one transaction and commit it; run it again when another writer came first.

        `patience` is how many seconds to wait for SQLite's write lock, the database's own by default. On any exception
        everything is rolled back. Raises DatabaseTrouble, DatabaseBusy among them after ATTEMPTS conflicts.
        """
        for _ in range(ATTEMPTS):
            try:
                with trouble.told():
                    session, result = self._attempt(work, self.patience if patience is None else patience)
                for act in session.afterwards:
                    act()
                return result
            except VersionConflict:
                continue
            except DBAPIError as error:
                if not _came_second(error):
                    raise
        raise DatabaseBusy

    def _attempt(self, work: Callable[[Session], T], patience: float) -> tuple[Session, T]:
        with self._turn(patience) as seconds:
            options = {"writing": True, "patience": None if seconds == self.patience else seconds}
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                self._held = False
                session = Session(connection)
                result = work(session)
                session.send()
        return session, result

    @contextmanager
    def _turn(self, patience: float) -> Iterator[float]:
        """The turn to write, and for how many seconds to ask for the lock of the file.

        SQLite has one writer, and who waits for its lock looks again from time to time only: threads queue here
        instead. Once one has waited in vain, those behind it ask for a moment until one gets through.
        """
        if self.dialect != "sqlite":
            yield patience
            return
        if not self._writers.acquire(timeout=min(patience, MOMENT) if self._held else patience):
            raise DatabaseHeld if self._held else DatabaseBusy
        try:
            yield min(patience, MOMENT) if self._held else patience
        except DBAPIError as error:
            self._held = self._held or trouble.is_held(error)
            raise
        finally:
            self._writers.release()

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


def command(act: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Database | Session, P], T]:
    """Let a function of a session take a Database in its place: then it is a transaction of its own, as of `write`.

    With a session it is part of the caller's transaction, which keeps all of it or nothing and is what a conflict runs
    again; who goes on after its error calls it within `Session.savepoint`. A session that only reads is a TypeError.
    """

    @wraps(act)
    def run(where: Database | Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if isinstance(where, Database):
            return where.write(lambda session: act(session, *args, **kwargs))
        if not where.writing:
            raise TypeError(f"{act.__qualname__} needs a session that writes")
        return act(where, *args, **kwargs)

    return run


def _came_second(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in {_SERIALIZATION, _DEADLOCK, _LOCK_TIMEOUT}


def _let_go_on(connection: Any, _record: Any, _proxy: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _prepare_sqlite(engine: Engine) -> None:
    """Take transactions into our own hands: the driver would begin them late and read locks could not upgrade."""

    @event.listens_for(engine, "do_connect")
    def make_file(_dialect: Any, _record: Any, _arguments: Any, _options: Any) -> None:
        # SQLite would make a file that everybody on the machine may read; what it adds beside it has the file's mode.
        if engine.url.database not in (None, "", ":memory:"):
            with suppress(OSError):  # it is there already, or SQLite says why it cannot be
                os.close(os.open(str(engine.url.database), os.O_CREAT | os.O_EXCL, OWNER_ONLY))

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # A page holds several entries: at 4 KB, the default, a tenth of each would stay empty.
        pragmas = ("page_size=8192", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if not options.get("writing"):
            connection.exec_driver_sql("BEGIN")
        elif options.get("patience") is None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            _begin_soon(connection, options["patience"])


def _begin_soon(connection: Any, seconds: float) -> None:
    """Begin to write within some seconds other than the connection's own."""
    own = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(seconds * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={own}")
