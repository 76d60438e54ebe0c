"""What a stranger's file might make a reader do; named by test_confined.py and run in its child."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import IO, Any


def say(content: IO[bytes], *arguments: Any) -> list[Any]:
    return [content.read().decode(), *arguments]


def know(*args: IO[bytes]) -> list[str]:
    return sorted(os.environ)


def eat_memory(*args: IO[bytes]) -> int:
    return len(bytearray(4_000_000_000))


def never_end(*args: IO[bytes]) -> None:
    while True:
        pass


def abort(*args: IO[bytes]) -> None:
    os.kill(os.getpid(), signal.SIGABRT)


def fill_the_disk(*args: IO[bytes]) -> None:
    for _ in range(20):
        sys.stdout.buffer.write(bytes(1_000_000))


def fail(*args: IO[bytes]) -> None:
    raise BaseException("a panic is no Exception")


def wait(*args: Any) -> None:
    """Say that this child runs, and wait until the other end is closed."""
    with Path(args[-1]).open("rb") as other:
        other.read()
