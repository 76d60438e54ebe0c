"""Files of strangers are opened in a child process with little memory and time: whatever they do there, we go on.

`run` names a function `package.module:function`. In the child it is given the file, open to be read, and arguments of
plain data, and returns plain data (what JSON can say). The child has no environment, so it knows no secret. Linux
holds it to its memory; macOS, which cannot, holds it to its time alone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

import orjson

from engine.errors import ClauseflowError

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1_000_000
AT_ONCE = 2
"""Children of one product at the same time, so that their memory adds up to something a small machine has."""

WAITING = 2
"""Files that may wait for their turn: each keeps a thread of the web server, and people who bring no file need some."""

PATIENCE = 30
"""Seconds that a file waits for its turn."""

_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
_OUT_OF_MEMORY = 75
_turns, _places = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + WAITING)
log = logging.getLogger("clauseflow.confined")


class Unreadable(ClauseflowError):
    """The child failed over the file: it is broken."""

    zh = "这个文件已损坏，读不出来。"
    en = "This file is damaged and cannot be read."


class TooCostly(ClauseflowError):
    """The child was stopped: the file takes more memory or time than files may."""

    zh = "读取这个文件要用的内存或时间太多，已停止。请拆成较小的文件。"
    en = "Reading this file takes too much memory or time and was stopped. Split it into smaller files."


class ReadersBusy(ClauseflowError):
    """Too many files are being read at once."""

    status = 503
    zh = "正在读取的文件太多，未执行任何操作，请稍后重试。"
    en = "Too many files are being read and nothing was done. Please try again in a moment."


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may use: memory and what it returns in megabytes, seconds of any time."""

    megabytes: int
    seconds: int
    answer_megabytes: int = 100


def run(function: str, content: IO[bytes], limits: ChildLimits, *arguments: Any) -> Any:
    """What `function` says of the open file. Raises Unreadable, TooCostly, ReadersBusy."""
    with _taken(_places, 0), _taken(_turns, PATIENCE):
        return _run(function, content, limits, arguments)


@contextlib.contextmanager
def _taken(some: BoundedSemaphore, patience: float) -> Iterator[None]:
    if not some.acquire(timeout=patience):
        raise ReadersBusy
    try:
        yield
    finally:
        some.release()


def _run(function: str, content: IO[bytes], limits: ChildLimits, arguments: tuple[Any, ...]) -> Any:
    told = orjson.dumps([limits.megabytes, limits.seconds, limits.answer_megabytes, *arguments]).decode()
    # -B: nothing that a stranger's file started writes beside our sources.
    command = [sys.executable, "-B", "-m", "company.files.confined", function, told]
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer:
        content.seek(0)
        shutil.copyfileobj(content, source)
        source.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 - the command is ours
                command, stdin=source, stdout=answer, stderr=subprocess.PIPE, cwd=ROOT, env={"PYTHONUTF8": "1", **kept},
                timeout=limits.seconds + 5, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise TooCostly from error
        if done.returncode < 0 or done.returncode == _OUT_OF_MEMORY:
            raise TooCostly
        if done.returncode:
            log.warning("%s: %s", function, done.stderr.decode(errors="replace")[-2000:])
            raise Unreadable
        answer.seek(0)
        return orjson.loads(answer.read())


def _child(function: str, told: str) -> None:
    megabytes, seconds, answer_megabytes, *arguments = orjson.loads(told)
    _confine(megabytes, seconds, answer_megabytes)
    module, _, name = function.partition(":")
    try:
        result = getattr(import_module(module), name)(sys.stdin.buffer, *arguments)
        sys.stdout.buffer.write(orjson.dumps(result))
    except MemoryError:
        sys.exit(_OUT_OF_MEMORY)


def _confine(megabytes: int, seconds: int, answer_megabytes: int) -> None:
    """Take the means away; a signal whose default is death reaches code that never comes back to Python."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    signal.alarm(seconds)
    limits = {
        resource.RLIMIT_AS: megabytes * MEGABYTE,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: answer_megabytes * MEGABYTE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for which, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS has no such limit of memory
            resource.setrlimit(which, (most, most))


if __name__ == "__main__":
    _child(*sys.argv[1:])
