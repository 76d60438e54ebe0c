"""One transaction as commands and queries use it: statements of SQLAlchemy Core on one connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVarTuple, overload

from sqlalchemy import Connection, CursorResult, Executable, Insert, Select, Update
from sqlalchemy.sql.selectable import TypedReturnsRows

from engine.prepared import RowValues, Write, rows, send

Ts = TypeVarTuple("Ts")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Session:
    """What `Database.reading` and `Database.write` hand out; it ends with them.

    `dialect` is sqlite or postgresql; `writing` says whether what it changes is kept; `info` is what this transaction
    knows already, `afterwards` what is done once it is committed.
    """

    def __init__(self, connection: Connection, writing: bool = True) -> None:
        self.dialect = connection.dialect.name
        self.writing = writing
        self.info: dict[str, Any] = {}
        self.afterwards: list[Callable[[], None]] = []
        self._connection = connection
        self._unsent: list[Write] = []

    @overload
    def execute(self, statement: TypedReturnsRows[*Ts], parameters: Parameters = None) -> CursorResult[*Ts]: ...

    @overload
    def execute(self, statement: Executable, parameters: Parameters = None) -> CursorResult[*tuple[Any, ...]]: ...

    def execute(self, statement: Executable, parameters: Parameters = None) -> CursorResult[*tuple[Any, ...]]:
        """Carry out one statement; a list of rows is a batch of it."""
        self.send()
        return self._connection.execute(statement, parameters)

    def first(self, statement: Select[Any] | Insert, parameters: RowValues) -> Any | None:
        """The first row, a named tuple, that a statement built beforehand gives, or None."""
        return next(iter(self.all(statement, parameters)), None)

    def all(self, statement: Select[Any] | Insert, parameters: RowValues) -> list[Any]:
        """The rows, named tuples, that a statement built beforehand gives: the fast way for what every step asks."""
        self.send()
        return rows(self._connection, statement, parameters)

    def later(self, statement: Insert | Update, row: RowValues, *, moves: bool = False) -> None:
        """Write a row whose answer nobody needs: before the next statement or the commit, with others together.

        `moves` says that it must find its row: if it does not, the command is run again.
        """
        self._unsent.append(Write(statement, row, moves))

    def send(self) -> None:
        """Carry out what waits. Raises VersionConflict, DBAPIError."""
        if self._unsent:
            writes, self._unsent = self._unsent, []
            send(self._connection, writes)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is done meanwhile is undone alone when it fails; the transaction goes on."""
        self.send()
        with self._connection.begin_nested():
            yield

    def after_commit(self, act: Callable[[], None]) -> None:
        """Have something done once the transaction is committed, and never when it is not."""
        self.afterwards.append(act)

    def repeatable(self) -> None:
        """Have all that is read be of one moment; before the first statement. SQLite always does so."""
        if self.dialect == "postgresql":
            self._connection.execution_options(isolation_level="REPEATABLE READ")
