"""Statements that every step needs, prepared once per database.

SQLAlchemy binds and wraps a statement anew each time, which takes longer than SQLite takes to carry it out. And on
PostgreSQL each statement is a round trip; writes that are sent together take one, and their answers come at its end.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

RowValues = Mapping[str, Any]
Statement = Insert | Update | Select[Any]


class VersionConflict(Exception):
    """Another transaction moved the same instance first. Internal: `Database.write` runs the command again."""


@dataclass(frozen=True, slots=True)
class Write:
    """A row for a statement whose values are bound by name; `moves` says that it must find the row it changes."""

    statement: Insert | Update
    row: RowValues
    moves: bool = False


def send(connection: Connection, writes: Sequence[Write]) -> None:
    """Carry out writes in order. Raises VersionConflict when one that moves a row finds none, and DBAPIError."""
    driver, dialect = _driver(connection), connection.dialect
    prepared = [(_prepared(write.statement, dialect), write.row) for write in writes]
    cursors: list[Any] = []
    try:
        with _one_round_trip(driver, dialect) if len(writes) > 1 else nullcontext():
            for (text, bound), row in prepared:
                cursors.append(driver.execute(text, bound(row)))
    except _errors(dialect) as error:
        # Whoever comes second finds no row to move, and its entry collides with the first one's.
        _refuse_conflict(writes, cursors)
        raise _wrapped(error, dialect, text) from error
    _refuse_conflict(writes, cursors)


def rows(connection: Connection, statement: Select[Any] | Insert, row: RowValues) -> list[Any]:
    """The rows a statement gives, as named tuples. Raises DBAPIError."""
    driver, dialect = _driver(connection), connection.dialect
    text, bound = _prepared(statement, dialect)
    try:
        with _one_round_trip(driver, dialect) if _begins(driver, dialect) else nullcontext():
            cursor = driver.execute(text, bound(row))
        found = cursor.fetchall()
    except _errors(dialect) as error:
        raise _wrapped(error, dialect, text) from error
    return list(map(_read_by(statement, dialect), found))


def _begins(driver: Any, dialect: Dialect) -> bool:
    """Whether the driver is about to send BEGIN, which can go along."""
    return dialect.name == "postgresql" and driver.info.transaction_status == 0


def _driver(connection: Connection) -> Any:
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.driver_connection


@contextmanager
def _one_round_trip(driver: Any, dialect: Dialect) -> Iterator[None]:
    """Send together what is carried out meanwhile; of an error and what could not follow it, the error is raised."""
    if dialect.name != "postgresql":
        yield
        return
    failed: Exception | None = None
    try:
        with driver.pipeline():
            try:
                yield
            except _errors(dialect) as error:
                failed = error
    except _errors(dialect) as error:
        raise failed or error from None
    if failed:
        raise failed


def _errors(dialect: Dialect) -> type[Exception]:
    assert dialect.dbapi is not None
    return dialect.dbapi.Error


def _wrapped(error: Exception, dialect: Dialect, text: str) -> BaseException:
    return DBAPIError.instance(text, None, error, _errors(dialect), dialect=dialect)


def _refuse_conflict(writes: Sequence[Write], cursors: Sequence[Any]) -> None:
    if any(write.moves and cursor.rowcount == 0 for write, cursor in zip(writes, cursors, strict=False)):
        raise VersionConflict


@lru_cache(256)
def _prepared(statement: Statement, dialect: Dialect) -> tuple[str, Callable[[RowValues], Any]]:
    """The text of a statement, and what makes its parameters of a row."""
    compiled = statement.compile(dialect=dialect)
    binds = compiled.binds
    order = tuple(compiled.positiontup or () if compiled.positional else binds)
    fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
    processors = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
    converted = [(place, process) for place, name in enumerate(order) if (process := processors[name])]

    def bound(row: RowValues) -> Any:
        given = {**fixed, **row} if fixed else row
        values = [given[name] for name in order]
        for place, process in converted:
            values[place] = process(values[place])
        return values if compiled.positional else dict(zip(order, values, strict=True))

    return compiled.string, bound


@lru_cache(256)
def _read_by(statement: Select[Any] | Insert, dialect: Dialect) -> Callable[[Sequence[Any]], Any]:
    """What makes a named tuple of a row as the driver gives it."""
    columns = statement.exported_columns
    found: Any = namedtuple("Found", map(str, columns.keys()), rename=True)  # type: ignore[misc]
    types = [column.type.dialect_impl(dialect) for column in columns]
    processors = [(place, process) for place, of in enumerate(types) if (process := of.result_processor(dialect, None))]

    def read(row: Sequence[Any]) -> Any:
        values = list(row)
        for place, process in processors:
            values[place] = process(values[place])
        return found._make(values)

    return read if processors else found._make
