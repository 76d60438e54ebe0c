"""How far a long piece of work is: one line that is written anew on a terminal, else a line now and then."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from cli.product import Product

T = TypeVar("T")

ON_A_TERMINAL, IN_A_LOG = 0.2, 10.0
"""Seconds between two lines."""


class Progress:
    """Counts cases on stderr, which leaves stdout to results."""

    def __init__(self, product: Product, total: int) -> None:
        self._zh = product.settings.language == "zh"
        self.total, self._done = total, 0
        self._live = sys.stderr.isatty()
        self._begun = self._said = monotonic()

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """The items, counted as they are done."""
        try:
            for item in items:
                self._done += 1
                if monotonic() - self._said >= (ON_A_TERMINAL if self._live else IN_A_LOG):
                    self._say()
                yield item
        finally:
            self.clear()

    def clear(self) -> None:
        """Leave the terminal's line to whatever is said next."""
        if self._live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _say(self) -> None:
        self._said = monotonic()
        rate = self._done / (self._said - self._begun)
        left = _clock((self.total - self._done) / rate)
        line = (
            f"{self._done}/{self.total} 个事项，每秒 {rate:.1f} 个，约剩 {left}"
            if self._zh
            else f"{self._done}/{self.total} cases, {rate:.1f} a second, about {left} left"
        )
        print(f"\r{line}\x1b[K" if self._live else line, end="" if self._live else "\n", file=sys.stderr, flush=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
