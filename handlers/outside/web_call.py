"""Posting to an address of the settings: to it and nowhere else, within a deadline, with an answer of bounded size."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from handlers.outside.answers import Away, Declined, Deferred
from handlers.outside.connection import Deadline, connect, tls

MOST_ANSWER = 1 << 20
"""Bytes of an answer that are read."""

BUSY = {408, 425, 429}
"""Refusals of the client's that say: not now."""


class _StayHere(HTTPRedirectHandler):
    """A redirect could lead to a host nobody configured."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Plain(HTTPConnection):
    def __init__(self, *arguments: Any, deadline: Deadline, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._create_connection = lambda address, *_: connect(address[0], address[1], deadline)


class _Secure(HTTPSConnection):
    def __init__(self, *arguments: Any, deadline: Deadline, **named: Any) -> None:
        super().__init__(*arguments, context=tls(), **named)
        self._create_connection = lambda address, *_: connect(address[0], address[1], deadline)


class _Within(HTTPHandler, HTTPSHandler):
    """Opens addresses within a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, request: Request) -> HTTPResponse:
        return self._open(_Plain, request)

    def https_open(self, request: Request) -> HTTPResponse:
        return self._open(_Secure, request)

    def _open(self, kind: Any, request: Request) -> HTTPResponse:
        return self.do_open(partial(kind, deadline=self._deadline), request)


def send(url: str, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> bytes:
    """Post to an address and give the answer.

    Raises Declined where it refuses for good or sends elsewhere, Deferred where it is busy or broken, Away otherwise.
    """
    request = Request(url, body, dict(headers))  # noqa: S310 - the settings allow only http and https
    opener = build_opener(_StayHere, _Within(deadline))
    try:
        with opener.open(request, timeout=deadline.left()) as answer:
            return bytes(answer.read(MOST_ANSWER))
    except HTTPError as error:
        with error:
            raise _refusal(error) from error
    except (OSError, HTTPException) as error:  # HTTPException: an answer that is no HTTP
        raise Away(f"{request.host}: {getattr(error, 'reason', None) or error or type(error).__name__}") from error


def _refusal(error: HTTPError) -> Declined | Deferred:
    answer = f"HTTP {error.code} {error.reason}"[:500]
    if error.code in BUSY or error.code >= 500:
        return Deferred(answer, _asked_to_wait(error.headers.get("Retry-After", "")))
    return Declined(answer)


def _asked_to_wait(text: str) -> timedelta:
    """What `Retry-After` says, seconds or a date; nothing where it says nothing that can be read."""
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**6))
    try:
        return max(parsedate_to_datetime(text) - datetime.now(UTC), timedelta(0))
    except (TypeError, ValueError):
        return timedelta(0)
