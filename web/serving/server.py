"""The HTTP server: waitress, held to limits, so that silent, slow or greedy clients cost nobody else an answer.

One thread reads and writes all connections (a `Channel` each), others run the application. Whatever waitress limits
by an adjustment of its own is set in `create_server`; the rest stands here: room for new connections, how slow a
client may be, and how much it may send before anybody has seen who it is.
"""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from web.serving.bodies import Admission, Request
from web.shared.forms.uploads import MAX_UPLOAD, takes_files

DESCRIPTORS = 3
"""Of a connection at most: its socket, and files for a large body and a large answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What every client is held to. Bodies: `web.shared.forms.uploads`; work: the budgets of forms and files."""

    connections: int = 1000
    """In all; a new one takes the place of whoever has been silent, or half through a header, longest."""
    per_address: int = 200
    """From one address, in the same way. A proxy is many people: behind one, as many as in all."""
    header_bytes: int = 100_000
    """Of a request before its body; what is handed on in an address may have 50,000."""
    header_seconds: float = 15
    """From the first byte of a request to the end of its header."""
    idle_seconds: float = 75
    """Between two requests."""
    window_seconds: float = 30
    """In this time a body or an answer must move on by `slowest` bytes a second, or the connection ends."""
    slowest: int = 500
    body_seconds: float = 3600
    """From the first byte of a request to the last."""
    waiting_bytes: int = 2_000_000_000
    """Of all answers that clients have not fetched yet; they lie in temporary files."""


class Channel(HTTPChannel):
    """One connection. `moved` counts its bytes in both directions; times are monotonic."""

    deciding = False
    request: Any

    def __init__(self, server: Server, sock: socket.socket, addr: Any, adj: Adjustments, **more: Any) -> None:
        self.parser_class = partial(Request, taking=partial(takes_files, server.app))
        self.moved = 0
        self.quiet_since = self.begun = monotonic()
        self.checked: tuple[float, int] | None = None
        super().__init__(server, sock, addr, adj, **more)
        server.make_room(self)

    def recv(self, size: int) -> bytes:
        data: bytes = super().recv(size)
        self.moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close=do_close)
        self.moved += sent
        return sent

    def readable(self) -> bool:
        return not self.deciding and bool(super().readable())

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.begun = monotonic()
        taken = bool(super().received(data))
        if self.request is not None and self.request.undecided and not self.deciding:
            self.deciding = True
            self.server.add_task(Admission(self.server.app, self.request, self._decided))
        return taken

    def _decided(self) -> None:
        self.deciding = False
        with self.requests_lock:
            if self.request.refused:
                self.requests.append(self.request)
                self.request = None
                self.server.add_task(self)
        self.server.pull_trigger()

    def service(self) -> None:
        self.quiet_since = monotonic()
        super().service()
        self.quiet_since = monotonic()

    @property
    def idle(self) -> bool:
        """Whether nothing has been asked and nothing is to be answered."""
        return self.request is None and not self.requests and not self.total_outbufs_len

    @property
    def asking(self) -> bool:
        """Whether a header has begun and not ended."""
        return self.request is not None and not self.request.headers_finished

    @property
    def waiting_since(self) -> float:
        """Of one that is idle or asking: since when it has kept us waiting."""
        return self.begun if self.asking else self.quiet_since

    def overdue(self, now: float, limits: Limits) -> bool:
        """Whether the client has been slower than it may be."""
        if self.deciding:
            return False
        if self.asking or self.idle:
            self.checked = None
            return now - self.waiting_since > (limits.header_seconds if self.asking else limits.idle_seconds)
        sending = self.request is not None
        return self._stands_still(now, limits) or (sending and now - self.begun > limits.body_seconds)

    def _stands_still(self, now: float, limits: Limits) -> bool:
        """Whether a body or an answer has hardly moved; not while we are at work and the client waits."""
        if self.request is None and not self.total_outbufs_len:
            self.checked = None
            return False
        if self.checked is None:
            self.checked = now, self.moved
        since, moved = self.checked
        if now - since < limits.window_seconds:
            return False
        self.checked = now, self.moved
        return self.moved - moved < limits.window_seconds * limits.slowest

    def drop(self) -> None:
        """End the connection: its socket reports that it is over, and the loop does the rest."""
        self.will_close = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class Server(TcpWSGIServer):
    """Accepts connections, makes room for them, and ends those that are slower than they may be."""

    channel_class = Channel

    def __init__(self, app: Flask, limits: Limits, **waitress: Any) -> None:
        self.app, self.limits = app, limits
        self._next_look = 0.0
        super().__init__(app, **waitress)

    def readable(self) -> bool:
        """Asked in each round of the loop, at least once a second."""
        now = monotonic()
        if now >= self._next_look:
            self._next_look = now + min(1, self.limits.header_seconds / 2)
            self.look(now)
        return bool(super().readable())

    def look(self, now: float) -> None:
        """End what is overdue, and the largest answer while too much waits to be fetched."""
        channels = self._live()
        for channel in channels:
            if channel.overdue(now, self.limits):
                channel.drop()
        if sum(channel.total_outbufs_len for channel in channels) > self.limits.waiting_bytes:
            max(channels, key=lambda channel: channel.total_outbufs_len).drop()

    def make_room(self, newest: Channel) -> None:
        """Keep within the number: who has been silent or half-sent longest goes, else the new one."""
        others = [channel for channel in self._live() if channel is not newest]
        theirs = [channel for channel in others if channel.addr[0] == newest.addr[0]]
        crowded = len(theirs) >= self.limits.per_address
        if crowded or len(others) >= self.limits.connections:
            (_first_to_go(theirs if crowded else others) or newest).drop()

    def _live(self) -> list[Channel]:
        return [channel for channel in self.active_channels.values() if not channel.will_close]


def _first_to_go(channels: Iterable[Channel]) -> Channel | None:
    """The one that has kept us waiting longest; None while each sends a body or is owed an answer."""
    waiting = [each for each in channels if each.idle or each.asking]
    return min(waiting, key=lambda each: each.waiting_since, default=None)


def create_server(
    app: Flask,
    host: str,
    port: int,
    threads: int,
    *,
    limits: Limits = Limits(),
) -> Server | MultiSocketServer:
    """A server that `run` runs until interrupted. Raises OSError."""
    settings = Adjustments(
        host=host,
        port=port,
        threads=threads,
        ident="clauseflow",
        asyncore_use_poll=True,  # select knows no descriptor above 1023
        recv_bytes=65_536,
        connection_limit=2 * limits.connections,
        max_request_header_size=limits.header_bytes,
        max_request_body_size=1 << 62,  # decided by `Request`
        outbuf_high_watermark=2 * MAX_UPLOAD,  # no answer is longer, so none holds a thread: it goes to a file
        channel_timeout=1 << 31,  # `Channel.overdue` knows what a client is late with
        log_socket_errors=False,
        clear_untrusted_proxy_headers=False,  # the application believes them, or not, by its own setting
    )
    _have_descriptors(DESCRIPTORS * limits.connections)
    dispatcher, map_ = ThreadedTaskDispatcher(), dict[int, Any]()
    dispatcher.set_thread_count(threads)
    servers = [Server(app, limits, map=map_, dispatcher=dispatcher, adj=settings, sockinfo=each)
               for each in settings.listen]  # fmt: skip
    if len(servers) == 1:
        return servers[0]
    places = [(server.effective_host, server.effective_port) for server in servers]
    return MultiSocketServer(map_, settings, places, dispatcher, servers[0].log_info)


def _have_descriptors(wanted: int) -> None:
    """Let the process open that many files, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
