"""What a handler is given, what it may raise, and what is stated about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.commands.unattended.lease_jobs import LONGEST_PAUSE, Lease
from engine.database import Database
from engine.errors import ClauseflowError
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Job:
    """What a handler is given: `key` is the same at every attempt, so that an outside system can recognise it.

    `input` is what the diagram's `cf:input` gives it, `variables` all that the node sees. What it writes to `db` itself
    carries the key, so that a second attempt finds it. After the `last` attempt nobody tries again by himself.
    """

    key: str
    number: str
    node_id: str
    input: Mapping[str, Value]
    variables: Mapping[str, Value]
    now: datetime
    db: Database
    last: bool = False


class JobError(ClauseflowError):
    """A handler's failure that another attempt would not mend.

    `reason` says why in Chinese, `reason_en` in English; `error` names a BPMN error to catch on the diagram.
    """

    zh = "处理失败：{reason}"
    en = "The job failed: {reason_en}"

    def __init__(self, *, reason: str, **facts: Any) -> None:
        super().__init__(**{"reason": reason, "reason_en": reason, **facts})


class TryLater(Exception):
    """A handler's failure that another attempt may mend, not before `after`: the other side asked for that pause."""

    def __init__(self, reason: str, after: timedelta = timedelta(0)) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True, slots=True)
class Handler:
    """A side effect by name: `run` returns the variables to set, and has to end within `limit`.

    It is tried `attempts` times, first `backoff` apart, then twice as long each time, at most LONGEST_PAUSE; JobError
    ends that at once. A diagram's `cf:retries` overrules `attempts`.
    """

    run: Callable[[Job], Mapping[str, Value]]
    attempts: int = 3
    backoff: timedelta = timedelta(seconds=5)
    limit: timedelta = timedelta(minutes=1)

    def is_last(self, lease: Lease) -> bool:
        """Whether no attempt follows."""
        return lease.attempt >= (self.attempts if lease.retries is None else lease.retries + 1)

    def pause(self, attempt: int, error: Exception) -> timedelta:
        """How long to wait after an attempt that failed."""
        asked = error.after if isinstance(error, TryLater) else timedelta(0)
        doubled: timedelta = self.backoff * 2 ** min(attempt - 1, 20)
        return min(max(doubled, asked), LONGEST_PAUSE)
