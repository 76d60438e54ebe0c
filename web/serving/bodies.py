"""Bodies of requests: kept only as far as their route and their sender may send, before any of the application runs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver

from web.shared.forms.uploads import MAX_BODY, MAX_UPLOAD, is_known

log = logging.getLogger("clauseflow.server")


class Nothing:
    """A body that is read past: what came is counted by its receiver and kept nowhere."""

    def append(self, data: bytes) -> None:
        """Drop it."""

    def __len__(self) -> int:
        return 0

    def getfile(self) -> BytesIO:
        """An empty body; the application sees by its length that it was too large, and says so in a page."""
        return BytesIO()

    def close(self) -> None:
        """Nothing to give back."""


class Request(HTTPRequestParser):
    """A request whose body is kept only as far as its route and its sender may send.

    `undecided`: the body is large, the route takes files, and who sends it must be looked up. `refused`: no more of it
    is read, and what still comes is no request.
    """

    undecided = False
    refused = False
    body_rcv: Any = None

    def __init__(self, adj: Adjustments, taking: Callable[[str, str], bool] = lambda _method, _path: False) -> None:
        super().__init__(adj)
        self._taking = taking
        self._most = MAX_BODY

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header, and settle how much of the body may come."""
        super().parse_header(header_plus)
        if self.chunked or self.content_length > MAX_BODY:
            path = self.path.encode("latin-1").decode("utf-8", "replace")
            self.undecided = self._taking(self.command, path)
            if not self.undecided:
                self.decide(known=False)

    def decide(self, *, known: bool) -> None:
        """Take the body from people who are known, and read past that of others."""
        self.undecided = False
        self._most = MAX_UPLOAD if known else MAX_BODY
        if self.content_length > self._most and self.content_length <= 2 * MAX_UPLOAD:
            # Whoever is cut off while sending never reads why.
            left = self.body_rcv.remain
            self.body_rcv.getbuf().close()
            self.body_rcv = FixedStreamReceiver(left, Nothing())
        elif self.content_length > self._most:
            self._refuse()

    def received(self, data: bytes) -> int:
        """Read on; a chunked body says only by coming how long it is."""
        consumed: int = super().received(data)
        if self.chunked and not self.undecided and self.body_bytes_received > self._most:
            self._refuse()
        return len(data) if self.refused else consumed

    def _refuse(self) -> None:
        """Hand on the header alone, by which the application says in a page what is too large; the connection ends."""
        self.refused, self.completed, self.expect_continue = True, True, False
        if self.body_rcv:
            self.body_rcv.getbuf().close()
        self.body_rcv = FixedStreamReceiver(0, Nothing())
        self.headers |= {"CONNECTION": "close", "CONTENT_LENGTH": str(max(self.content_length, self._most + 1))}


class Admission:
    """Looks up, in a thread of the application, who sends a large body; meanwhile no more of it is read."""

    def __init__(self, app: Flask, request: Request, decided: Callable[[], None]) -> None:
        self._app, self._request, self._decided = app, request, decided

    def service(self) -> None:
        """Decide, and let the loop read on."""
        known = False
        try:
            known = is_known(self._app, self._request.headers.get("COOKIE", ""))
        except Exception:
            log.exception("nobody could be looked up for a large body")
        self._request.decide(known=known)
        self._decided()

    def cancel(self) -> None:
        """The server ends: nothing more is read anyway."""
