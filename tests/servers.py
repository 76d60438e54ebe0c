"""Servers that really listen, for what leaves the house: a mail server and a web server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest


class _Mail(StreamRequestHandler):
    """As much SMTP as it takes to receive a mail."""

    def handle(self) -> None:
        server: Any = self.server
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            if line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if line.upper() == b"QUIT" else b"250 ok\r\n")


class _Web(BaseHTTPRequestHandler):
    """Takes what is posted, or answers with the status that `server.status` says."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.received.append((dict(self.headers), body))
        self.send_response(server.status)
        self.send_header("Location", f"http://127.0.0.1:{server.server_address[1]}/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing on the terminal."""


def _served(server: Any) -> Iterator[Any]:
    server.received, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


@pytest.fixture
def mail_server() -> Iterator[Any]:
    """A mail server; `received` holds the mails."""
    yield from _served(ThreadingTCPServer(("127.0.0.1", 0), _Mail))


@pytest.fixture
def web_server() -> Iterator[Any]:
    """A web server; `received` holds headers and bodies, `status` is its answer."""
    yield from _served(ThreadingHTTPServer(("127.0.0.1", 0), _Web))
