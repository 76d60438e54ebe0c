"""The address the web is to listen on, tried before anything is started."""

from __future__ import annotations

import socket

from engine.errors import ClauseflowError


class AddressUnusable(ClauseflowError):
    """Nothing can listen there: another program does, or the address is none of this machine."""

    zh = "无法监听 {host}:{port}（{reason}）。请关掉占用它的程序，或另设 CLAUSEFLOW_PORT、CLAUSEFLOW_HOST。"
    en = (
        "Cannot listen on {host}:{port} ({reason}). Close the program that uses it, "
        "or set another CLAUSEFLOW_PORT or CLAUSEFLOW_HOST."
    )


def try_address(host: str, port: int) -> None:
    """Listen there for an instant. Raises AddressUnusable."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(
                    socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
                )  # as the server will: what just ended is free
                probe.bind(address)
                probe.listen(1)
    except (OSError, UnicodeError) as error:  # UnicodeError: a host no name can be
        raise AddressUnusable(host=host, port=port, reason=getattr(error, "strerror", None) or error) from error
