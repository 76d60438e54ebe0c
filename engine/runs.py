"""Work in threads of its own, bounded in time.

A thread of Python cannot be killed. One that does not end in time is abandoned: it counts as hung until it does end,
and what it answers then is ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock, Thread
from time import monotonic


class ThreadRun:
    """Something under way in a thread: `ends` is when its time is up, by a clock that nobody sets.

    Either the thread answers for it, or who waited too long does; never both.
    """

    def __init__(self, name: str, ends: float, work: Callable[[ThreadRun], None]) -> None:
        self.ends = ends
        self._answering = self._abandoned = False
        self._lock = Lock()
        self._thread = Thread(target=work, args=(self,), name=name, daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether the thread has ended."""
        return not self._thread.is_alive()

    def may_answer(self) -> bool:
        """Asked by the thread before it answers; False once the run was abandoned."""
        with self._lock:
            self._answering = not self._abandoned
            return self._answering

    def abandon(self) -> bool:
        """Wait for it no longer; False when the thread is answering just now."""
        with self._lock:
            self._abandoned = not self._answering
            return self._abandoned

    def join(self, seconds: float) -> None:
        """Wait for the thread to end, at most so long."""
        self._thread.join(max(0.0, seconds))


@dataclass(slots=True)
class Pace:
    """What is done again and again at intervals, by a clock that nobody sets."""

    steady: Callable[[], float] = monotonic
    _next: dict[str, float] = field(default_factory=dict)

    def is_time(self, what: str, every: timedelta, *, at_once: bool = False) -> bool:
        """Whether `what` is to be done again; the first time after an interval, unless `at_once`."""
        now, seconds = self.steady(), every.total_seconds()
        if now < self._next.setdefault(what, now if at_once else now + seconds):
            return False
        self._next[what] = now + seconds
        return True
