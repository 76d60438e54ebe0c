"""Restoring a backup: looked through from end to end first, then loaded whole or not at all."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Table, func, insert, literal, select, text
from sqlalchemy.exc import StatementError

import migrations
from cli.archive.format import (  # fmt: skip
    ANCHORS,
    BLOCK,
    CHUNK,
    FILE_KINDS,
    FORMAT,
    MANIFEST,
    TABLES,
    NoBackup,
    columns_of,
    from_text,
    member_of,
    whole_file,
)
from company.files.store import FileStore
from company.people.tables import people
from engine import trouble
from engine.database import Database
from engine.errors import ClauseflowError
from engine.session import Session
from engine.tables import definitions, instances

IN_USE = (definitions, instances, people)
"""A database with rows in one of these is somebody's."""

_UNREADABLE = (BadZipFile, zlib.error, EOFError, OSError, KeyError, RuntimeError)
"""What reading a member raises when it is cut, damaged, missing, locked or packed otherwise."""


class OtherSchema(ClauseflowError):
    """A backup made with another schema."""

    zh = "备份的数据结构是 {theirs}，本程序是 {ours}：请用做备份的那个版本恢复，再升级。"
    en = "The backup has schema {theirs}, this program {ours}: restore it with the version that made it, then migrate."


class NotEmpty(ClauseflowError):
    """Restoring into a database that is in use."""

    zh = "数据库里已有数据；只能恢复到空数据库，请另设 CLAUSEFLOW_DATABASE_URL。"
    en = "The database holds data already; restore into an empty one, named by CLAUSEFLOW_DATABASE_URL."


@dataclass(frozen=True, slots=True)
class Restored:
    """What was loaded: rows by table, the number of uploaded files; `with_files` tells whether the backup has them."""

    rows: dict[str, int]
    files: int
    with_files: bool


def read_backup(db: Database, path: Path, store: FileStore, anchor_file: Path) -> Restored:
    """Load a backup into an empty, migrated database, its files into the store, its anchors where there are none.

    Raises NoBackup, OtherSchema, NotEmpty, FilesUnreachable, CannotWrite, DatabaseTrouble; then the database is empty.
    """
    backup = _Backup(path)
    try:
        with backup.opened():
            backup.look_through()
            return db.write(lambda session: _load(session, backup, store, anchor_file))
    except (BadZipFile, OSError) as error:
        raise backup.unreadable(error) from error


class _Backup:
    """A backup being read."""

    file: ZipFile
    manifest: dict[str, Any]

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def opened(self) -> Iterator[None]:
        try:
            self.file = ZipFile(self.path)
        except (*_UNREADABLE, ValueError) as error:
            raise self.unreadable(error) from error
        with self.file:
            yield

    def unreadable(self, error: object) -> NoBackup:
        return self.refused(f"无法读取（{error}）", f"it cannot be read ({error})")

    def refused(self, zh: str, en: str) -> NoBackup:
        return NoBackup(path=self.path, why_zh=zh, why_en=en)

    def damaged(self, name: str, error: object) -> NoBackup:
        return self.refused(f"其中的 {name} 无法读取（{error}）", f"{name} in it cannot be read ({error})")

    def look_through(self) -> None:
        """Raise NoBackup or OtherSchema unless everything is there as it was written."""
        with self._readable(MANIFEST):
            content = self.file.read(MANIFEST)
        try:
            self.manifest = json.loads(content)
            self._judge()
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise self.damaged(MANIFEST, f"{type(error).__name__}: {error}") from error
        for name, digest in self.manifest["sha256"].items():
            if self._digest(name) != digest:
                raise self.refused(f"其中的 {name} 被改动", f"{name} in it was changed")

    def _judge(self) -> None:
        found = self.manifest
        if found["format"] != FORMAT:
            raise self.refused("格式不符", "its format is another one")
        if found["schema"] != migrations.newest():
            raise OtherSchema(theirs=found["schema"], ours=migrations.newest())
        known = {table.name: columns_of(table) for table in TABLES}
        for kind in ("columns", "rows"):
            self._judge_names(kind, found[kind], known)
        for table, columns in known.items():
            self._judge_names(f"columns.{table}", found["columns"][table], columns)
        self._judge_members(set(found["sha256"]))
        if not isinstance(found["files"], bool):
            raise TypeError("files")

    def _judge_names(self, where: str, given: Any, known: Any) -> None:
        """Refuse names that are not ours, and ours that are missing."""
        for name in sorted(set(given) ^ set(known)):
            zh, en = ("没有", "lacks") if name in known else ("有未知的", "has an unknown")
            raise self.refused(f"{MANIFEST} 的 {where} {zh} {name}", f"{where} in {MANIFEST} {en} {name}")

    def _judge_members(self, listed: set[str]) -> None:
        for name in [member_of(table) for table in TABLES] + [ANCHORS]:
            if name not in listed:
                raise self.refused(f"{MANIFEST} 没有 {name}", f"{MANIFEST} lacks {name}")
        for name in self.file.namelist():
            if name not in listed | {MANIFEST}:
                raise self.refused(f"有未列出的文件 {name}", f"{name} in it is not listed")

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._readable(name), self.file.open(name) as member:
            for block in iter(partial(member.read, BLOCK), b""):
                digest.update(block)
        return digest.hexdigest()

    @contextmanager
    def _readable(self, name: str) -> Iterator[None]:
        try:
            yield
        except _UNREADABLE as error:
            raise self.damaged(name, error) from error

    def chunks(self, table: Table) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """The rows of a table in bunches, each with the number of its first line."""
        columns = self.manifest["columns"][table.name]
        rows: list[dict[str, Any]] = []
        with self.file.open(member_of(table)) as member:
            for number, line in enumerate(member, 1):
                rows.append(self._row(table, number, line, columns))
                if len(rows) == CHUNK:
                    yield number - CHUNK + 1, rows
                    rows = []
            if rows:
                yield number - len(rows) + 1, rows

    def _row(self, table: Table, number: int, line: bytes, columns: list[str]) -> dict[str, Any]:
        try:
            return dict(zip(columns, map(from_text, json.loads(line)), strict=True))
        except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
            raise self.broken_line(table, number, error) from error

    def broken_line(self, table: Table, number: int, error: object) -> NoBackup:
        name = member_of(table)
        return self.refused(
            f"{name} 第 {number} 行不能载入（{error}）", f"line {number} of {name} cannot be loaded ({error})"
        )

    def files(self) -> Iterator[tuple[str, str]]:
        """Kind and SHA-256 of every uploaded file in it."""
        for name in self.manifest["sha256"]:
            kind, _, sha256 = name.partition("/")
            if kind in FILE_KINDS:
                yield kind, sha256


def _load(session: Session, backup: _Backup, store: FileStore, anchor_file: Path) -> Restored:
    for table in IN_USE:
        if session.execute(select(literal(1)).select_from(table).limit(1)).first():
            raise NotEmpty
    for table in reversed(TABLES):
        session.execute(table.delete())
    rows = {table.name: _load_table(session, backup, table) for table in TABLES}
    found = list(backup.files())
    for kind, sha256 in found:
        with backup.file.open(f"{kind}/{sha256}") as content:
            store.put(sha256, content, kind)
    if not anchor_file.exists() and backup.file.getinfo(ANCHORS).file_size:
        with backup.file.open(ANCHORS) as kept, whole_file(anchor_file) as target:
            copyfileobj(kept, target)
    return Restored(rows, sum(kind == FILE_KINDS[0] for kind, _ in found), bool(backup.manifest["files"]))


def _load_table(session: Session, backup: _Backup, table: Table) -> int:
    count = 0
    for first, rows in backup.chunks(table):
        if not _fits(session, table, rows):
            _name_the_line(session, backup, table, first, rows)
        count += len(rows)
    promised = backup.manifest["rows"][table.name]
    if count != promised:
        raise backup.refused(f"{member_of(table)} 有 {count} 行，应有 {promised} 行",
                             f"{member_of(table)} has {count} lines instead of {promised}")  # fmt: skip
    _go_on_counting(session, table)
    return count


def _fits(session: Session, table: Table, rows: list[dict[str, Any]]) -> bool:
    return _insert(session, table, rows) is None


def _name_the_line(session: Session, backup: _Backup, table: Table, first: int, rows: list[dict[str, Any]]) -> None:
    """Load them one by one, to refuse the backup by the first row that the database does not take."""
    for number, row in enumerate(rows, first):
        error = _insert(session, table, [row])
        if error is not None:
            raise backup.broken_line(table, number, str(getattr(error, "orig", error)).splitlines()[0]) from error


def _insert(session: Session, table: Table, rows: list[dict[str, Any]]) -> Exception | None:
    """Insert rows; what speaks against one of them, and then none is in."""
    try:
        with trouble.told(), session.savepoint():
            session.execute(insert(table), rows)
    except (StatementError, OverflowError, ValueError, TypeError) as error:
        return error
    return None


def _go_on_counting(session: Session, table: Table) -> None:
    """PostgreSQL draws ids from a sequence of its own, which the loaded rows did not move."""
    key = table.autoincrement_column
    if key is None or session.dialect != "postgresql":
        return
    highest = session.execute(select(func.max(key))).scalar()
    if highest is not None:
        statement = text("SELECT setval(pg_get_serial_sequence(:table, :key), :highest)")
        session.execute(statement, {"table": table.name, "key": key.name, "highest": highest})
