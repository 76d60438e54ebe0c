"""The worker: fires timers, starts what the clock starts, runs jobs, delivers messages, takes anchors.

Any number may run at once.

A job is leased in a short transaction, its handler runs outside any, and the result answers the wait. Whoever dies
with a lease loses it after LEASE; the handler's idempotency key is the same again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from engine.bpmn import visible_variables
from engine.commands.answer_wait import fail_job, finish_job, fire_timer
from engine.commands.deliver_message import deliver_message
from engine.commands.fire_schedule import fire_schedule
from engine.commands.lease_jobs import Lease, lease_jobs, put_off_job, renew_leases
from engine.commands.report_worker import report_worker, sign_off_worker
from engine.database import Database
from engine.errors import ClauseflowError
from engine.history.anchors import Anchor, take_anchor
from engine.history.append import load
from engine.history.stamp_tokens import FalseStamp
from engine.queries.due import Due, due
from engine.task_id import TaskId
from engine.values import Value

log = logging.getLogger("clauseflow.worker")

LEASE = timedelta(seconds=20)
IDLE_SECONDS = 0.2
AT_ONCE = 4
"""Jobs one worker process runs at a time: handlers mostly wait for others."""

REPORT_EVERY = timedelta(seconds=10)
ANCHOR_EVERY = timedelta(hours=1)
ANCHOR_CHECK = timedelta(minutes=1)
"""How often a worker looks whether an anchor is due, by the database: workers come and go, and there may be many."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a handler is given: `key` is the same at every attempt, so that an outside system can recognise it.

    `input` is what the diagram's `cf:input` gives it, `variables` all that the node sees. What it writes to `db` itself
    carries the key, so that a second attempt finds it.
    """

    key: str
    number: str
    node_id: str
    input: Mapping[str, Value]
    variables: Mapping[str, Value]
    now: datetime
    db: Database


class JobError(ClauseflowError):
    """A handler's failure that another attempt would not mend; `error` names a BPMN error to catch on the diagram."""

    zh = "处理失败：{reason}"
    en = "The job failed: {reason}"


@dataclass(frozen=True, slots=True)
class Handler:
    """A side effect by name: `run` gives the variables to set.

    It is tried `attempts` times, first `backoff` apart, then twice as long each time; JobError ends that at once.
    A diagram's `cf:retries` overrules `attempts`.
    """

    run: Callable[[Job], Mapping[str, Value]]
    attempts: int = 3
    backoff: timedelta = timedelta(seconds=5)


@dataclass(slots=True)
class Worker:
    """One worker process: `clock` gives the time, `anchor_file` gets the roots, a lease lasts `lease`.

    `announce` is told of every anchor taken; when it fails, the anchor stands all the same. `stamp` has those
    time-stamped that are not yet; it runs beside the jobs, again and again until it succeeds.
    """

    db: Database
    handlers: Mapping[str, Handler]
    clock: Callable[[], datetime]
    name: str
    anchor_file: Path | None = None
    lease: timedelta = LEASE
    announce: Callable[[Anchor], None] = field(default=lambda _anchor: None)
    stamp: Callable[[], object] | None = None
    _stamping: Future[None] | None = None
    _running: dict[TaskId, Future[None]] = field(default_factory=dict)
    _next: dict[str, datetime] = field(default_factory=dict)

    def run(self, stop: Event) -> None:
        """Work until told to stop; a failing round is logged and the next one starts afresh."""
        with ThreadPoolExecutor(AT_ONCE + 1, "job") as threads:  # one more for stamps, so that no job waits for them
            while not stop.is_set():
                try:
                    busy = self._round(self.clock(), threads)
                except Exception:
                    log.exception("round failed worker=%s", self.name)
                    busy = False
                if not busy:
                    stop.wait(IDLE_SECONDS)
        sign_off_worker(self.db, self.name)

    def _round(self, now: datetime, threads: ThreadPoolExecutor) -> bool:
        self._running = {job: future for job, future in self._running.items() if not future.done()}
        if self._is_time("renew", now, self.lease / 4):
            renew_leases(self.db, self.name, self._running, now + self.lease)
        if self._is_time("report", now, REPORT_EVERY):
            report_worker(self.db, self.name, now)
        if self._is_time("anchor", now, ANCHOR_CHECK):
            self._anchor(now)
            self._stamp(threads)
        found = self._due(now)
        free = AT_ONCE - len(self._running)
        leased = lease_jobs(self.db, self.name, now, self.lease, free) if found.jobs and free else []
        for lease in leased:
            self._running[lease.job] = threads.submit(self._work_on, lease)
        answered = self._fire_and_deliver(found, now)
        return bool(answered or leased)

    def _anchor(self, now: datetime) -> None:
        taken = take_anchor(self.db, now, self.anchor_file, ANCHOR_EVERY)
        if taken is not None:
            try:
                self.announce(taken)
            except OSError:  # smtplib's errors are among them
                log.exception("anchor not announced anchor=%s", taken.id)

    def _stamp(self, threads: ThreadPoolExecutor) -> None:
        if self.stamp and (self._stamping is None or self._stamping.done()):
            self._stamping = threads.submit(self._have_stamped, self.stamp)

    def _have_stamped(self, stamp: Callable[[], object]) -> None:
        try:
            stamp()
        except (OSError, FalseStamp) as error:
            log.warning("anchors not time-stamped yet: %s", error)
        except Exception:
            log.exception("anchors not time-stamped worker=%s", self.name)

    def tick(self, now: datetime) -> int:
        """Answer what is due at `now`, in due order and one after the other; gives how much was done."""
        found = self._due(now)
        answered = self._fire_and_deliver(found, now)
        leased = lease_jobs(self.db, self.name, now, self.lease, 1) if found.jobs else []
        for lease in leased:
            self._work_on(lease, now)
        return answered + len(leased)

    def drain(self, now: datetime) -> None:
        """Answer everything due at `now` and whatever that leads to; for simulated clocks."""
        while self.tick(now):
            pass

    def _due(self, now: datetime) -> Due:
        with self.db.reading() as session:
            return due(session, now)

    def _fire_and_deliver(self, found: Due, now: datetime) -> int:
        """Answer timers, begin what the clock begins, then deliver messages; gives how many came to something."""
        done = sum(fire_timer(self.db, now, timer) for timer in found.timers)
        done += sum(fire_schedule(self.db, now, schedule) for schedule in found.schedules)
        done += sum(deliver_message(self.db, now, message) for message in found.messages)
        if done < len(found.timers) + len(found.schedules) + len(found.messages):
            log.info("some came to nothing timers=%s schedules=%s messages=%s",
                     found.timers, found.schedules, found.messages)  # fmt: skip
        return done

    def _is_time(self, what: str, now: datetime, every: timedelta) -> bool:
        """Whether `what` is to be done again; the first time an interval after the start, reports at once."""
        if what not in self._next and what != "report":
            self._next[what] = now + every
        if what in self._next and now < self._next[what]:
            return False
        self._next[what] = now + every
        return True

    def _work_on(self, lease: Lease, now: datetime | None = None) -> None:
        """Run a leased job and answer for it, by the clock unless `now` is given."""
        try:
            values = self._handler(lease).run(self._job(lease.job, now or self.clock()))
            if not finish_job(self.db, now or self.clock(), lease.job, values):
                log.info("result came too late job=%s attempt=%s", lease.job, lease.attempt)
        except JobError as error:
            self._give_up(lease, error, now)
        except Exception as error:  # whatever a handler raises: the job failed, the worker goes on
            log.warning("job failed job=%s attempt=%s", lease.job, lease.attempt, exc_info=True)
            self._failed(lease, error, now)

    def _handler(self, lease: Lease) -> Handler:
        handler = self.handlers.get(lease.handler)
        if handler is None:
            raise JobError(reason=f"handler {lease.handler} does not exist")
        return handler

    def _job(self, job: TaskId, now: datetime) -> Job:
        with self.db.reading() as session:
            instance = load(session, job.instance_id)
        wait = instance.state.wait(job.wait)
        if wait is None:
            raise JobError(reason="the wait is gone")
        seen = visible_variables(instance.state, wait.scope)
        return Job(str(job), instance.number, wait.node_id, wait.details.get("input", {}), seen, now, self.db)

    def _failed(self, lease: Lease, error: Exception, now: datetime | None) -> None:
        handler = self._handler(lease)
        attempts = handler.attempts if lease.retries is None else lease.retries + 1
        if lease.attempt >= attempts:
            self._give_up(lease, JobError(reason=f"{type(error).__name__}: {error}"), now)
        else:
            again = (now or self.clock()) + handler.backoff * 2 ** (lease.attempt - 1)
            put_off_job(self.db, self.name, lease.job, again)

    def _give_up(self, lease: Lease, error: JobError, now: datetime | None) -> None:
        values = {name: value for name, value in error.facts.items() if name in ("reason", "error")}
        if not fail_job(self.db, now or self.clock(), lease.job, self.name, values):
            log.info("failure came too late job=%s attempt=%s", lease.job, lease.attempt)
