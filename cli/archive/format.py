"""A backup: one file with every row of every table as text, readable on either database, checked by digests.

A zip of `tables/<name>.jsonl` (a row per line, in the order of the manifest's columns), `anchors.jsonl` (the file
outside the database as it was then), with them `files/<sha256>` and `thumbnails/<sha256>` if they go along, and at its
end `manifest.json`: what it is, and the digests of the rest.
"""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Table

import company.every_table  # noqa: F401 - their tables join the metadata
from engine.errors import ClauseflowError
from engine.tables import metadata

FORMAT = "clauseflow backup 2"
MANIFEST, ANCHORS = "manifest.json", "anchors.jsonl"
CHUNK = 50
"""Rows read or written at a time: one may be a file of megabytes, and memory stays flat."""

BLOCK = 1 << 20
"""Bytes read at a time."""

TABLES: tuple[Table, ...] = tuple(metadata.sorted_tables)
"""Every table of the product, those first that others refer to."""

FILE_KINDS = ("files", "thumbnails")
"""What the file store keeps, as the folders are named there and in a backup."""


class NoBackup(ClauseflowError):
    """A file that is none of our backups, or a damaged one."""

    zh = "“{path}”不是完好的循章备份：{why_zh}。没有恢复任何内容。"
    en = "“{path}” is no sound Clauseflow backup: {why_en}. Nothing was restored."


class CannotWrite(ClauseflowError):
    """A file that cannot be written where it was asked for; no part of it stays."""

    zh = "“{path}”写不进去：{reason}。请检查目录、权限和磁盘空间。"
    en = "“{path}” cannot be written: {reason}. Check the folder, permissions and room on the disk."


class FileExists(ClauseflowError):
    """A backup does not overwrite another."""

    zh = "“{path}”已存在，没有覆盖。"
    en = "“{path}” exists already and was not overwritten."


def member_of(table: Table) -> str:
    """The file inside a backup that holds a table's rows."""
    return f"tables/{table.name}.jsonl"


def columns_of(table: Table) -> list[str]:
    """The names of a table's columns, in order."""
    return [column.name for column in table.c]


def as_text(value: Any) -> Any:
    """A value of a column as JSON has it. Raises TypeError for a type that no column has yet."""
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, Decimal):
        return {"d": str(value)}
    return {"b": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def from_text(value: Any) -> Any:
    """The value that `as_text` wrote. Raises ValueError, TypeError, ArithmeticError."""
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return _READERS.get(kind, _unknown)(text)


def _unknown(_text: Any) -> Any:
    raise ValueError("a value of an unknown kind")


_READERS: dict[str, Callable[[Any], Any]] = {"t": datetime.fromisoformat, "d": Decimal, "b": base64.b64decode}


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner alone that stands at `path` once it is complete, or not at all.

    Raises CannotWrite, FileExists.
    """
    if path.exists():
        raise FileExists(path=path)
    try:
        handle, unfinished = tempfile.mkstemp(".part", f"{path.name}.", path.parent)
    except OSError as error:
        raise CannotWrite(path=path, reason=error.strerror) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except OSError as error:
        raise CannotWrite(path=path, reason=error.strerror or error) from error
    finally:
        Path(unfinished).unlink(missing_ok=True)
