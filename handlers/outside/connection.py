"""Connections to the outside on which everything together, from the first packet on, is bounded in time and in size.

The timeout of a socket bounds each single wait: whoever sends a byte now and then could hold it for ever. Here each
wait is given what is left of one deadline. Names are looked up by the system, which has bounds of its own.
"""

from __future__ import annotations

import socket
import ssl
from time import monotonic
from typing import Any

CONNECT_SECONDS = 10.0
"""For one of a host's addresses, so that the next one is tried while there is time."""

MOST_BYTES = 2 << 20
"""Bytes that the other side may send on one connection."""


class Deadline:
    """A moment, so many seconds from now by a clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = monotonic() + seconds

    def left(self) -> float:
        """The seconds left. Raises TimeoutError when there are none."""
        left = self._ends - monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> TimeoutError:
        """The error that says so."""
        return TimeoutError(f"{self.seconds:g} 秒内没有办完 · not done within {self.seconds:g} s")


class _Bounded(socket.socket):
    deadline: Deadline
    allowance = MOST_BYTES

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(self.deadline.left())
        try:
            count = super().recv_into(buffer, nbytes or len(buffer), flags)
        except TimeoutError as error:
            raise self.deadline.missed() from error
        self.allowance -= count
        if self.allowance < 0:
            raise ConnectionError(f"应答超过 {MOST_BYTES} 字节 · the answer is longer than {MOST_BYTES} bytes")
        return count

    def send(self, data: Any, flags: int = 0) -> int:
        self.settimeout(self.deadline.left())
        return super().send(data, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        self.settimeout(self.deadline.left())
        super().sendall(data, flags)


class _BoundedTLS(_Bounded, ssl.SSLSocket):
    """The same within TLS."""


class _Context(ssl.SSLContext):
    sslsocket_class = _BoundedTLS

    def wrap_socket(self, sock: socket.socket, *arguments: Any, **named: Any) -> ssl.SSLSocket:
        assert isinstance(sock, _Bounded)
        deadline, allowance = sock.deadline, sock.allowance
        sock.settimeout(deadline.left())  # for the whole handshake
        wrapped = super().wrap_socket(sock, *arguments, **named)
        assert isinstance(wrapped, _BoundedTLS)
        wrapped.deadline, wrapped.allowance = deadline, allowance
        return wrapped


def tls() -> ssl.SSLContext:
    """What `ssl.create_default_context` makes, for connections made here."""
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first address of the host that answers. Raises OSError."""
    error = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        made = _Bounded(family, kind, protocol)
        made.deadline = deadline
        try:
            made.settimeout(min(CONNECT_SECONDS, deadline.left()))
            made.connect(address)
        except OSError as refused:
            made.close()
            error = refused
        else:
            return made
    raise error
