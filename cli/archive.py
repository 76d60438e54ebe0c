"""A backup: one file with every row of every table as text, readable on either database, checked by digests.

A zip of `manifest.json` (what it is, digests of the rest), `tables/<name>.jsonl` (a row per line, in the order of the
manifest's columns) and `anchors.jsonl` (the file outside the database as it was then).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import Table, func, insert, literal, select, text

import company.every_table  # noqa: F401 - their tables join the metadata
import migrations
from company.tables import people
from engine.database import Database
from engine.errors import ClauseflowError
from engine.session import Session
from engine.tables import definitions, instances, metadata

FORMAT = "clauseflow backup 1"
CHUNK = 500
TABLES: tuple[Table, ...] = tuple(metadata.sorted_tables)
"""Every table of the product, those first that others refer to."""

IN_USE = (definitions, instances, people)
"""A database with rows in one of these is somebody's."""


class NoBackup(ClauseflowError):
    """A file that is none of our backups, or a damaged one."""

    zh = "“{path}”不是完好的循章备份：{why_zh}。"
    en = "“{path}” is no sound Clauseflow backup: {why_en}."


class OtherSchema(ClauseflowError):
    """A backup made with another schema."""

    zh = "备份的数据结构是 {theirs}，本程序是 {ours}：请用做备份的那个版本恢复，再升级。"
    en = "The backup has schema {theirs}, this program {ours}: restore it with the version that made it, then migrate."


class NotEmpty(ClauseflowError):
    """Restoring into a database that is in use."""

    zh = "数据库里已有数据；只能恢复到空数据库，请另设 CLAUSEFLOW_DATABASE_URL。"
    en = "The database holds data already; restore into an empty one, named by CLAUSEFLOW_DATABASE_URL."


def write_backup(db: Database, path: Path, anchor_file: Path, now: datetime) -> dict[str, int]:
    """Write a consistent backup, while others go on working; gives the number of rows by table."""
    unfinished = path.with_name(path.name + ".part")
    counts: dict[str, int] = {}
    digests: dict[str, str] = {}
    unfinished.touch(mode=0o600)
    with db.reading() as session, ZipFile(unfinished, "w", ZIP_DEFLATED) as file:
        session.repeatable()
        for table in TABLES:
            counts[table.name], digests[f"tables/{table.name}.jsonl"] = _write_table(session, file, table)
        kept = anchor_file.read_bytes() if anchor_file.exists() else b""
        file.writestr("anchors.jsonl", kept)
        digests["anchors.jsonl"] = hashlib.sha256(kept).hexdigest()
        columns = {table.name: [column.name for column in table.c] for table in TABLES}
        manifest = {
            "format": FORMAT, "schema": migrations.newest(), "at": now.isoformat(),
            "columns": columns, "rows": counts, "sha256": digests,
        }  # fmt: skip
        file.writestr("manifest.json", json.dumps(manifest, indent=1))
    unfinished.replace(path)
    return counts


def _write_table(session: Session, file: ZipFile, table: Table) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    rows = session.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=CHUNK))
    with file.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:
        for row in rows:
            line = json.dumps([_written(value) for value in row], ensure_ascii=False).encode() + b"\n"
            member.write(line)
            digest.update(line)
            count += 1
    return count, digest.hexdigest()


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    return {"b": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["t"]) if "t" in value else base64.b64decode(value["b"])


def read_backup(db: Database, path: Path) -> bytes:
    """Load a backup into an empty, migrated database, whole or not at all; gives the anchor file it holds.

    Raises NoBackup, OtherSchema, NotEmpty.
    """
    try:
        with ZipFile(path) as file:
            manifest = _manifest(file, path)
            db.write(lambda session: _load(session, file, manifest))
            return file.read("anchors.jsonl")
    except (BadZipFile, OSError, KeyError, ValueError) as error:
        raise NoBackup(path=path, why_zh=f"无法读取（{error}）", why_en=f"it cannot be read ({error})") from error


def _manifest(file: ZipFile, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read("manifest.json"))
    if found["format"] != FORMAT:
        raise NoBackup(path=path, why_zh="格式不符", why_en="its format is another one")
    if found["schema"] != migrations.newest():
        raise OtherSchema(theirs=found["schema"], ours=migrations.newest())
    for name, digest in found["sha256"].items():
        if _digest(file, name) != digest:
            raise NoBackup(path=path, why_zh=f"{name} 被改动", why_en=f"{name} was changed")
    return found


def _digest(file: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with file.open(name) as member:
        for block in iter(partial(member.read, 1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _load(session: Session, file: ZipFile, manifest: dict[str, Any]) -> None:
    for table in IN_USE:
        if session.execute(select(literal(1)).select_from(table).limit(1)).first():
            raise NotEmpty
    for table in reversed(TABLES):
        session.execute(table.delete())
    for table in TABLES:
        columns = manifest["columns"][table.name]
        for rows in _chunks(file, table.name):
            session.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        _go_on_counting(session, table)


def _chunks(file: ZipFile, name: str) -> Iterator[list[list[Any]]]:
    with file.open(f"tables/{name}.jsonl") as member:
        rows: list[list[Any]] = []
        for line in member:
            rows.append([_read(value) for value in json.loads(line)])
            if len(rows) == CHUNK:
                yield rows
                rows = []
        if rows:
            yield rows


def _go_on_counting(session: Session, table: Table) -> None:
    """PostgreSQL draws ids from a sequence of its own, which the loaded rows did not move."""
    key = table.autoincrement_column
    if key is None or session.dialect != "postgresql":
        return
    highest = session.execute(select(func.max(key))).scalar()
    if highest is not None:
        statement = text("SELECT setval(pg_get_serial_sequence(:table, :key), :highest)")
        session.execute(statement, {"table": table.name, "key": key.name, "highest": highest})
