"""Writing a backup while others go on working: all that is in it is of one moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Table, func, select

import migrations
from cli.archive.format import (  # fmt: skip
    ANCHORS,
    CHUNK,
    FILE_KINDS,
    FORMAT,
    MANIFEST,
    TABLES,
    as_text,
    columns_of,
    member_of,
    whole_file,
)
from company.files.store import FileMissing, FileStore
from company.files.tables import attachments
from engine.database import Database
from engine.session import Session
from engine.tables import anchors


@dataclass(slots=True)
class Written:
    """What a backup holds: rows by table, digests by member; how many uploaded files, and those the store lacks."""

    rows: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)


def write_backup(db: Database, path: Path, anchor_file: Path, now: datetime, store: FileStore | None = None) -> Written:
    """Write a consistent backup; uploaded files go along if `store`, where they lie, is given.

    What goes wrong leaves no file. Raises FileExists, CannotWrite, DatabaseTrouble.
    """
    with whole_file(path) as target, ZipFile(target, "w", ZIP_DEFLATED) as file, db.reading() as session:
        session.repeatable()
        written = Written()
        for table in TABLES:
            _write_table(session, file, table, written)
        _write_member(file, ANCHORS, _anchor_lines(db, session, anchor_file), written)
        if store:
            _write_files(session, file, store, written)
        manifest = {
            "format": FORMAT, "schema": migrations.newest(), "at": now.isoformat(),
            "columns": {table.name: columns_of(table) for table in TABLES},
            "rows": written.rows, "files": bool(store), "sha256": written.digests,
        }  # fmt: skip
        file.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return written


def _write_table(session: Session, file: ZipFile, table: Table, written: Written) -> None:
    written.rows[table.name] = 0
    _write_member(file, member_of(table), _lines(session, table, written), written)


def _lines(session: Session, table: Table, written: Written) -> Iterator[bytes]:
    rows = session.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=CHUNK))
    for row in rows:
        written.rows[table.name] += 1
        yield json.dumps([as_text(value) for value in row], ensure_ascii=False).encode() + b"\n"


def _anchor_lines(db: Database, session: Session, path: Path) -> Iterator[bytes]:
    """The lines of the anchor file without those of anchors taken since the moment of the backup.

    A line whose anchor the database does not know even now goes along: it tells that something was rolled back.
    """
    if not path.exists():
        return
    size, newest = path.stat().st_size, session.execute(select(func.max(anchors.c.id))).scalar() or 0
    with db.reading() as later:
        since = {root.hex() for root in later.execute(select(anchors.c.root).where(anchors.c.id > newest)).scalars()}
    with path.open("rb") as lines:
        for line in lines:
            if lines.tell() > size:
                return
            if not any(root.encode() in line for root in since):
                yield line


def _write_files(session: Session, file: ZipFile, store: FileStore, written: Written) -> None:
    query = select(attachments.c.sha256, attachments.c.picture).order_by(attachments.c.sha256)
    for row in session.execute(query).all():
        written.files += 1
        for kind in FILE_KINDS[: 1 + row.picture]:
            try:
                content = store.read(row.sha256, kind)
            except FileMissing:
                written.missing.append(f"{kind}/{row.sha256}")
            else:  # compressed already, most of them
                _write_member(file, f"{kind}/{row.sha256}", content, written, ZIP_STORED)


def _write_member(
    file: ZipFile, name: str, blocks: Iterable[bytes], written: Written, compression: int = ZIP_DEFLATED
) -> None:
    digest, info = hashlib.sha256(), ZipInfo(name)
    info.compress_type = compression
    with file.open(info, "w", force_zip64=True) as member:
        for block in blocks:
            member.write(block)
            digest.update(block)
    written.digests[name] = digest.hexdigest()
