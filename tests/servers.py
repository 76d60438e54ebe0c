"""Servers that really listen, for what leaves the bench: mail, web, S3, a time-stamp authority."""

from __future__ import annotations

import hmac
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, socket
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class _Mail(StreamRequestHandler):
    """As much SMTP as it takes to receive a mail.

    `server.answers` holds what is said instead to the command that a pattern fits (`RCPT.*ghost`): an answer, or
    nothing to hang up.
    """

    def handle(self) -> None:
        server: Any = self.server
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            if server.tls and self._secured(line.upper()):
                continue
            fitting = (said for what, said in server.answers.items() if re.match(what, line.decode(), re.IGNORECASE))
            said = next(fitting, b"250 ok")
            if not said:
                return
            if line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                server.received += [content] if said == b"250 ok" else []
            self.wfile.write(b"221 bye\r\n" if line.upper() == b"QUIT" else said + b"\r\n")

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _secured(self, line: bytes) -> bool:
        """Offer STARTTLS and do it; false for anything else."""
        server: Any = self.server
        if line.startswith(b"EHLO"):
            self.wfile.write(b"250-here\r\n250 STARTTLS\r\n")
        elif line == b"STARTTLS":
            self.wfile.write(b"220 go on\r\n")
            self.connection = server.tls.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        return line.startswith((b"EHLO", b"STARTTLS"))


class _Drip(StreamRequestHandler):
    """A server that greets for ever, a byte every now and then: no single wait for it is long."""

    def handle(self) -> None:
        server: Any = self.server
        server.met.set()
        with suppress(OSError):
            while not server.over.wait(server.pause):
                self.wfile.write(server.drop)


class _Web(BaseHTTPRequestHandler):
    """Takes what is posted, or answers with the status that `server.status` says."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.received.append((dict(self.headers), body))
        self.send_response(server.status)
        self.send_header("Location", f"http://127.0.0.1:{server.server_address[1]}/elsewhere")
        for name, value in server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing on the terminal."""


def _served(server: Any) -> Iterator[Any]:
    server.received, server.status, server.headers, server.answers, server.tls = [], 200, {}, {}, None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


@pytest.fixture
def dripping_server() -> Iterator[Any]:
    """A server that says `drop` every `pause` seconds and never comes to an end; `met` is set when it was met."""
    server: Any = ThreadingTCPServer(("127.0.0.1", 0), _Drip)
    server.daemon_threads = True
    server.met, server.over, server.pause, server.drop = threading.Event(), threading.Event(), 0.05, b"2"
    for each in _served(server):
        yield each
        server.over.set()


@pytest.fixture
def mail_server() -> Iterator[Any]:
    """A mail server; `received` holds the mails, `answers` what it says instead of `250 ok`, `tls` is for STARTTLS."""
    yield from _served(ThreadingTCPServer(("127.0.0.1", 0), _Mail))


@pytest.fixture
def web_server() -> Iterator[Any]:
    """A web server; `received` holds headers and bodies, `status` is its answer."""
    yield from _served(ThreadingHTTPServer(("127.0.0.1", 0), _Web))


class _Stamps(_Web):
    """A time-stamp authority: `openssl ts` answers, unless the server's status says that it is away."""

    def do_POST(self) -> None:
        server: Any = self.server
        query = self.rfile.read(int(self.headers["Content-Length"]))
        server.received.append((dict(self.headers), query))
        self.send_response(server.status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Location", f"http://127.0.0.1:{server.server_address[1]}/elsewhere")
        self.end_headers()
        self.wfile.write(server.authority.answer(query))


@dataclass(frozen=True)
class Authority:
    """A root certificate, and a key under it that stamps; `root` is PEM."""

    folder: Path
    root: bytes

    @classmethod
    def made(cls, folder: Path) -> Authority:
        """With fresh keys."""
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = _certificate("验真根", "验真根", root_key, root_key, x509.BasicConstraints(True, None))
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        mine = _certificate("验真时间戳", "验真根", key, root_key, purpose)
        folder.mkdir()
        (folder / "signer.pem").write_bytes(mine.public_bytes(Encoding.PEM))
        (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
        (folder / "ts.cnf").write_text(OPENSSL)
        return cls(folder, root.public_bytes(Encoding.PEM))

    @property
    def root_file(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        """What it answers to a request."""
        (self.folder / "query").write_bytes(query)
        command = ["openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "answer"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "answer").read_bytes()


OPENSSL = """[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = signer.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


def _certificate(subject: str, issuer: str, key: Any, signing_key: Any, purpose: Any) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(_named(subject)).issuer_name(_named(issuer))
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return builder.add_extension(purpose, critical=True).sign(signing_key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A time-stamp authority that one may trust."""
    return Authority.made(tmp_path_factory.mktemp("authority") / "made")


@pytest.fixture
def stamp_server(authority: Authority) -> Iterator[Any]:
    """The authority's server; `received` holds headers and requests, `status` is its answer."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Stamps)
    server.authority = authority
    yield from _served(server)


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


class _Buckets(_Web):
    """A server, met as a proxy, that knows a bucket by the host's name alone and asks for the right signature."""

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self._trusted(content):
            self.server.received[self._place()] = content  # type: ignore[attr-defined]
            self._answer(200)

    def do_GET(self) -> None:
        found = self.server.received.get(self._place())  # type: ignore[attr-defined]
        if self._trusted(b""):
            self._answer(404 if found is None else 200, found or b"")

    def _place(self) -> tuple[str, str]:
        return self.headers["Host"], urlsplit(self.path).path

    def _trusted(self, content: bytes) -> bool:
        """Whether AWS Signature Version 4 covers host and content; otherwise it is refused."""
        credential, signed, signature = re.findall(r"=([^, ]+)", self.headers["Authorization"])
        scope, (path, query) = credential.partition("/")[2], urlsplit(self.path)[2:4]
        digest = sha256(content).hexdigest()
        lines = [f"{name}:{self.headers[name]}" for name in signed.split(";")]
        asked = sha256("\n".join([self.command, path, query, *lines, "", signed, digest]).encode()).hexdigest()
        key = f"AWS4{S3_SETTINGS['AWS_SECRET_ACCESS_KEY']}".encode()
        for part in (*scope.split("/"), "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope, asked])):
            key = hmac.digest(key, part.encode(), "sha256")
        right = key.hex() == signature and self.headers["x-amz-content-sha256"] == digest and "host" in signed
        if not right:
            self._answer(403)
        return right

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        headers = {"ETag": '"1"', "Last-Modified": formatdate(usegmt=True), "Content-Length": str(len(content))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def bucket_host() -> Iterator[Any]:
    """A proxy to buckets that have hosts of their own; `received` holds contents by (host, path)."""
    for server in _served(ThreadingHTTPServer(("127.0.0.1", 0), _Buckets)):
        server.received = {}
        yield server


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, "the S3 server did not start"
            time.sleep(0.1)
