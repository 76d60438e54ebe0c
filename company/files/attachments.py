"""Files people add to forms: taken in, found again, and who may use which."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import IO, Any

from sqlalchemy import func, insert, select, update

from company.files import pictures
from company.files.store import CHUNK, FileStore
from company.files.tables import NAME, attachments, uploads
from company.files.types import PROGRAM, runs, sniff
from company.races import insert_or_retry
from engine.actor import Actor
from engine.database import Database, command
from engine.errors import ClauseflowError
from engine.session import Session
from engine.values import Value

PICTURES = frozenset(pictures.KEPT)
"""Types that have a thumbnail."""

MEGABYTE = 1_000_000
DAY_LIMIT = 2_000 * MEGABYTE
"""Bytes one person may add within 24 hours: what is never submitted cannot fill the disk."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\"<>|*?:]")


class NoSuchFile(ClauseflowError):
    """No file of that SHA-256, or none this person may have; which of the two is not told."""

    status = 404
    zh = "没有这个文件，或您不能下载它。"
    en = "There is no such file, or you may not download it."


class FileTooLarge(ClauseflowError):
    """Larger than its field takes."""

    zh = "“{name}”太大，每个文件最多 {limit} MB。"
    en = "“{name}” is too large; a file takes at most {limit} MB."


class EmptyFile(ClauseflowError):
    """Not a single byte."""

    zh = "“{name}”是空文件。"
    en = "“{name}” is an empty file."


class ProgramRefused(ClauseflowError):
    """Programs are no documents of an after-sales case, and dangerous to whoever opens them."""

    zh = "“{name}”是程序、脚本或快捷方式，打开就会运行，不能上传；请上传图片或文档。"
    en = "“{name}” is a program, a script or a shortcut: opening it would run it. Upload pictures or documents instead."


class TooMuchToday(ClauseflowError):
    """The person has added too much within 24 hours."""

    zh = "24 小时内上传的文件太多，最多 {limit} MB，请明天再传“{name}”。"
    en = "Too much was uploaded within 24 hours, at most {limit} MB. Upload “{name}” tomorrow."


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file as its person called it."""

    sha256: str
    name: str
    type: str
    size: int
    picture: bool

    @property
    def reference(self) -> dict[str, Value]:
        """How a form's value refers to it."""
        return {"sha256": self.sha256, "name": self.name, "type": self.type, "size": Decimal(self.size)}


def keep(
    db: Database,
    store: FileStore,
    actor: Actor,
    now: datetime,
    content: IO[bytes],
    name: str,
    *,
    megabytes: int,
    location: bool = False,
) -> Attachment:
    """Take in a file; the same content is stored once. The SHA-256 is that of what is kept.

    `content` is an open file that can be read anew; `location` keeps where a photo was taken.
    Raises FileTooLarge, EmptyFile, ProgramRefused, TooMuchToday, PictureKind, BadPicture, PictureTooLarge,
    FilesUnreachable; then nothing is kept.
    """
    name = clean_name(name)
    size = content.seek(0, io.SEEK_END)
    if size > megabytes * MEGABYTE:
        raise FileTooLarge(name=name, limit=megabytes)
    if size == 0:
        raise EmptyFile(name=name)
    type_ = sniff(content, name)
    if type_ == PROGRAM:
        raise ProgramRefused(name=name)
    if type_ in pictures.UNREADABLE and not location:
        raise pictures.PictureKind(name=name)
    with db.reading() as session:
        if _added_since(session, actor.id, now - timedelta(days=1)) + size > DAY_LIMIT:
            raise TooMuchToday(name=name, limit=DAY_LIMIT // MEGABYTE)
    thumbnail = None
    if type_ in pictures.KEPT:
        content, thumbnail = pictures.made_fit(content, type_, name, location=location)
    found = Attachment(_digest(content), name, type_, content.seek(0, io.SEEK_END), thumbnail is not None)
    store.put(found.sha256, content)
    if thumbnail:
        store.put(found.sha256, io.BytesIO(thumbnail), "thumbnails")
    _record(db, actor, now, found)
    return found


def usable(session: Session, actor: Actor, sha256: str) -> Attachment | None:
    """The file of that SHA-256 if this person added it."""
    query = _known.join(uploads, uploads.c.sha256 == attachments.c.sha256).add_columns(uploads.c.name)
    row = session.execute(query.where(attachments.c.sha256 == sha256, uploads.c.person == actor.id)).one_or_none()
    return Attachment(row.sha256, row.name, row.type, row.size, row.picture) if row else None


def own_reference(session: Session, actor: Actor, sent: str) -> dict[str, Value] | None:
    """The reference of a file this person added, by `SHA-256` or `SHA-256/name`; None for any other.

    It is called as `sent` says: the same bytes may have another name elsewhere.
    """
    sha256, _, name = sent.partition("/")
    found = usable(session, actor, sha256)
    if found is None:
        return None
    called = clean_name(name)
    return {**found.reference, "name": called} if name and not runs(called) else found.reference


def referred(session: Session, reference: Any) -> Attachment:
    """The stored file a form's value refers to, with the name it has there. Raises NoSuchFile."""
    row = session.execute(_known.where(attachments.c.sha256 == reference["sha256"])).one_or_none()
    if row is None:
        raise NoSuchFile
    return Attachment(row.sha256, str(reference["name"]), row.type, row.size, row.picture)


def references(value: Value) -> Iterator[dict[str, Value]]:
    """Every file that a value, or rows in it, refer to."""
    if isinstance(value, dict):
        if isinstance(value.get("sha256"), str) and isinstance(value.get("name"), str):
            yield value
        else:
            for inner in value.values():
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def clean_name(name: str) -> str:
    """A file name without folders, invisible characters and what no system takes, with its ending."""
    last = re.split(r"[\\/]", name)[-1]
    kept = _UNPRINTABLE.sub("", last).strip(" .") or "file"
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        return kept[:NAME]
    return stem[: NAME - len(ending) - 1] + dot + ending


_known = select(attachments.c.sha256, attachments.c.size, attachments.c.type, attachments.c.picture)


def _digest(content: IO[bytes]) -> str:
    content.seek(0)
    digest = hashlib.sha256()
    while piece := content.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def _added_since(session: Session, person: str, since: datetime) -> int:
    query = select(func.coalesce(func.sum(attachments.c.size), 0)).join(uploads)
    return int(session.execute(query.where(uploads.c.person == person, uploads.c.at > since)).scalar_one())


@command
def _record(session: Session, actor: Actor, now: datetime, found: Attachment) -> None:
    if session.execute(_known.where(attachments.c.sha256 == found.sha256)).one_or_none() is None:
        row = {"sha256": found.sha256, "size": found.size, "type": found.type, "picture": found.picture}
        insert_or_retry(session, insert(attachments).values(**row, stored_at=now))
    own = uploads.c.sha256 == found.sha256, uploads.c.person == actor.id
    if session.execute(select(uploads.c.name).where(*own)).one_or_none() is None:
        row = {"sha256": found.sha256, "person": actor.id, "name": found.name}
        insert_or_retry(session, insert(uploads).values(**row, at=now))
    else:
        session.execute(update(uploads).where(*own).values(name=found.name, at=now))
