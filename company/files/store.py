"""Where the bytes of files lie, through obstore: a folder, an S3 bucket or memory. A file is named by its SHA-256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from engine.errors import ClauseflowError

if TYPE_CHECKING:
    from obstore.store import RetryConfig, S3Config

CHUNK = 1_000_000
"""Bytes handed on at a time."""

RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
"""Whoever waits for a page does not wait for minutes; each request has 30 seconds to the end of its answer, too."""


class FileMissing(ClauseflowError):
    """The store does not have the file, or does not answer."""

    status = 404
    zh = "文件 {sha256} 不在文件库里，请联系管理员。"
    en = "The file {sha256} is not in the file store; tell the administrator."


class FileAltered(FileMissing):
    """What the store gives is not what was kept: changed there, cut, or somebody else's answer."""

    zh = "文件 {sha256} 在文件库里被改动过，不能打开；请联系管理员从备份里取回。"
    en = "The file {sha256} was altered in the file store and is not opened; ask for the copy in the backup."


class FilesUnreachable(ClauseflowError):
    """The store took nothing; nothing was kept."""

    zh = "文件库现在写不进去，文件没有保存，请稍后重试。"
    en = "The file store cannot be written now and the file was not kept. Please try again in a moment."


class FileStore:
    """A store that only ever adds: the same name always means the same bytes."""

    def __init__(self, store: ObjectStore | None = None) -> None:
        self._store = store or MemoryStore()

    @classmethod
    def at(cls, place: str) -> FileStore:
        """The store at a folder's path or an address such as `s3://bucket/prefix`; keys come from the environment."""
        if "://" in place:
            return cls(from_url(place, config=_bucket_in_host(place, os.environ), retry_config=RETRIES))
        Path(place).mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(LocalStore(prefix=place))

    def put(self, sha256: str, content: IO[bytes], kind: str = "files") -> None:
        """Keep the content of an open file, read in pieces from its beginning. Raises FilesUnreachable."""
        content.seek(0)
        try:
            obstore.put(self._store, _key(kind, sha256), content)
        except (obstore.exceptions.BaseError, OSError) as error:
            raise FilesUnreachable from error

    def read(self, sha256: str, kind: str = "files") -> Iterator[bytes]:
        """The content in pieces. Raises FileMissing, or FileAltered where it is other content, before the first one.

        A large file lies on disk meanwhile: nothing of it is handed on before all of it is known to be right. Only the
        files themselves have the name of their content; a thumbnail is what we drew.
        """
        with ExitStack() as open_until_read:
            content = open_until_read.enter_context(SpooledTemporaryFile(CHUNK))
            if self._copy(sha256, kind, content) != sha256 and kind == "files":
                raise FileAltered(sha256=sha256[:64])
            open_until_read.pop_all()
        return _pieces(content)

    def _copy(self, sha256: str, kind: str, target: IO[bytes]) -> str:
        """The SHA-256 of what was copied."""
        digest = hashlib.sha256()
        try:
            for piece in obstore.get(self._store, _key(kind, sha256)).stream(min_chunk_size=CHUNK):
                digest.update(piece)
                target.write(piece)
        except (obstore.exceptions.BaseError, OSError) as error:
            raise FileMissing(sha256=sha256[:64]) from error
        return digest.hexdigest()


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        content.seek(0)
        while piece := content.read(CHUNK):
            yield piece


def _bucket_in_host(place: str, environment: Mapping[str, str]) -> S3Config:
    """What obstore needs to be told where a server other than Amazon's has the bucket in its host's name.

    obstore then sends everything to the endpoint as it stands, whichever bucket it was asked for.
    """
    endpoint = urlsplit(environment.get("AWS_ENDPOINT_URL") or environment.get("AWS_ENDPOINT") or "")
    wanted = environment.get("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "").lower() in ("true", "1", "yes", "on")
    bucket = urlsplit(place).netloc
    if not (wanted and endpoint.netloc and place.startswith("s3://")) or endpoint.netloc.startswith(f"{bucket}."):
        return {}
    return {"endpoint": endpoint._replace(netloc=f"{bucket}.{endpoint.netloc}").geturl()}


def _key(kind: str, sha256: str) -> str:
    return f"{kind}/{sha256[:2]}/{sha256}"
