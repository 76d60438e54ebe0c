"""What can be wrong with a database itself, a sentence each: busy, held by another program, damaged, out of reach."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError

from engine.errors import ClauseflowError

_HELD = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_UNUSABLE = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}
)
_OUT_OF_REACH = ("08", "53", "57P", "58")
"""How PostgreSQL's codes begin for connections, a full disk or memory, a shutdown, its system."""

_DAMAGED_PAGES = ("XX001", "XX002")


class DatabaseTrouble(ClauseflowError):
    """The database did not do what it was asked; nothing was done, and the same may do well a little later."""

    status = 503


class DatabaseBusy(DatabaseTrouble):
    """Other writers came first every time; nothing was done."""

    zh = "系统正忙，未执行任何操作，请稍后重试。"
    en = "The system is busy and nothing was done. Please try again in a moment."


class DatabaseHeld(DatabaseBusy):
    """Another program holds SQLite's only write lock."""

    zh = (
        "数据库正被另一个程序占用，未执行任何操作。请稍等片刻再提交；"
        "几分钟后仍这样，请管理员关掉打开数据库文件的其他程序。"
    )
    en = (
        "Another program holds the database and nothing was done. Please wait a moment and submit again; "
        "if it lasts for minutes, the administrator should close other programs that have the database file open."
    )


class DatabaseDamaged(DatabaseTrouble):
    """A page of the database cannot be read for what it is."""

    status = 500
    zh = (
        "数据库已损坏（{reason}），未执行任何操作。请管理员停止循章，"
        "另设 CLAUSEFLOW_DATABASE_URL，用 clauseflow restore 恢复最近的备份。"
    )
    en = (
        "The database is damaged ({reason}) and nothing was done. The administrator should stop Clauseflow, "
        "name an empty database in CLAUSEFLOW_DATABASE_URL and load the last backup into it with clauseflow restore."
    )


class DatabaseUnusable(DatabaseTrouble):
    """The database cannot be reached, opened or written: no file, no server, no room."""

    zh = (
        "数据库无法使用（{reason}），未执行任何操作。请管理员检查 CLAUSEFLOW_DATABASE_URL、数据库服务、权限和磁盘空间。"
    )
    en = (
        "The database cannot be used ({reason}) and nothing was done. The administrator should check "
        "CLAUSEFLOW_DATABASE_URL, the server, permissions and room on the disk."
    )


@contextmanager
def told() -> Iterator[None]:
    """Raise DatabaseHeld, DatabaseDamaged or DatabaseUnusable instead of what the driver raised for it."""
    try:
        yield
    except DBAPIError as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise trouble from error


def is_held(error: DBAPIError) -> bool:
    """Whether another connection holds SQLite's lock."""
    return isinstance(_trouble(error), DatabaseHeld)


def _trouble(error: DBAPIError) -> DatabaseTrouble | None:
    reason = (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF, reason)  # the rest says more than we need
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in _DAMAGED_PAGES:
        return DatabaseDamaged(reason=reason)
    if state.startswith(_OUT_OF_REACH) or (isinstance(error, OperationalError) and not state):
        return DatabaseUnusable(reason=reason)
    return None


def _of_sqlite(code: int, reason: str) -> DatabaseTrouble | None:
    if code in _HELD:
        return DatabaseHeld()
    if code in _DAMAGED:
        return DatabaseDamaged(reason=reason)
    return DatabaseUnusable(reason=reason) if code in _UNUSABLE else None
