"""Requests whose texts are held to one bound, however many fields they are in; files beside them stream to disk."""

from __future__ import annotations

from io import RawIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Request
from typing_extensions import override
from werkzeug.exceptions import RequestEntityTooLarge

KEPT_IN_MEMORY = 500_000
"""Bytes of one file, after which it goes to disk."""


class BoundedRequest(Request):
    """Werkzeug bounds each field by itself, so thousands of them would fill the memory of the process."""

    max_text_bytes: int | None = None
    """Bytes of a body besides its files: the texts, their names and what parts them. None: no bound."""
    read_bytes = 0
    file_bytes = 0

    @override
    def _get_stream_for_parsing(self) -> IO[bytes]:
        stream = super()._get_stream_for_parsing()
        return _Counted(stream, self) if self.max_text_bytes is not None else stream  # type: ignore[return-value]

    @override
    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        return _CountedFile(self)


class _Counted(RawIOBase):
    """The body as it is parsed; it ends the reading as soon as too much of it is no file."""

    def __init__(self, stream: IO[bytes], request: BoundedRequest) -> None:
        self._stream = stream
        self._request = request

    @override
    def read(self, size: int = -1) -> bytes:
        request = self._request
        if request.max_text_bytes is not None and request.read_bytes - request.file_bytes > request.max_text_bytes:
            raise RequestEntityTooLarge
        data = self._stream.read(size)
        request.read_bytes += len(data)
        return data


class _CountedFile(SpooledTemporaryFile[bytes]):
    """One uploaded file on its way to disk."""

    def __init__(self, request: BoundedRequest) -> None:
        super().__init__(max_size=KEPT_IN_MEMORY, mode="rb+")
        self._request = request

    @override
    def write(self, data: Any) -> int:
        self._request.file_bytes += len(data)
        return super().write(data)
