"""Progress: one line written anew on a terminal, a line now and then in a log, and nothing on stdout."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest

from cli import progress
from cli.product import Product
from cli.progress import Progress
from cli.settings import Settings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def product() -> Product:
    return Product(Settings.from_environment({}))


@pytest.fixture
def counted(product: Product, monkeypatch: pytest.MonkeyPatch) -> Callable[[io.StringIO, float], str]:
    """What is said on stderr while four cases are done, each in so many seconds."""

    def count(stderr: io.StringIO, seconds: float) -> str:
        clock = [0.0]
        monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
        monkeypatch.setattr(sys, "stderr", stderr)

        def cases() -> Any:
            for case in range(4):
                clock[0] += seconds
                yield case

        assert list(Progress(product, 400).over(cases())) == [0, 1, 2, 3]
        return stderr.getvalue()

    return count


def test_a_log_gets_a_line_every_ten_seconds(counted: Any) -> None:
    assert counted(io.StringIO(), 5) == (
        "2/400 个事项，每秒 0.2 个，约剩 33:10\n4/400 个事项，每秒 0.2 个，约剩 33:00\n"
    )


def test_a_terminal_has_one_line_that_is_gone_at_the_end(counted: Any) -> None:
    said = counted(Terminal(), 60)

    assert said.count("\n") == 0
    assert said.startswith("\r1/400 个事项，每秒 0.0 个，约剩 6:39:00\x1b[K")
    assert said.endswith("\r\x1b[K")


def test_what_is_done_at_once_says_nothing(counted: Any) -> None:
    assert counted(io.StringIO(), 0.001) == ""
