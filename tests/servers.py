"""Servers that really listen, for what leaves the house: a mail server, a web server, an S3 server."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_connection, socket
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

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


S3_SETTINGS = {
    "AWS_ALLOW_HTTP": "true",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "anybody",
    "AWS_SECRET_ACCESS_KEY": "anything",
}
"""How the product is told to use a server without TLS; the address comes with the server."""


@dataclass(frozen=True)
class S3Server:
    """An S3-compatible server with one empty bucket."""

    address: str
    bucket: str

    def stored(self) -> list[str]:
        """What lies in the bucket."""
        with urlopen(f"{self.address}/{self.bucket}?list-type=2", timeout=10) as answer:  # noqa: S310  # our own server
            return re.findall(r"<Key>(.*?)</Key>", answer.read().decode())


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """Where the server listens, in another process; what it holds is gone with it."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def s3_server(s3_address: str) -> S3Server:
    """The server with a bucket of the test's own."""
    bucket = f"papers-{uuid4().hex}"
    urlopen(Request(f"{s3_address}/{bucket}", method="PUT"), timeout=60).close()  # noqa: S310  # our own server
    return S3Server(s3_address, bucket)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, "the S3 server did not start"
            time.sleep(0.1)
