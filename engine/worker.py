"""The worker: fires timers, starts what the clock starts, runs jobs, delivers messages, takes anchors.

Any number may run at once.

A job is leased in a short transaction, its handler runs outside any, and the result answers the wait. Whoever dies
with a lease loses it after LEASE; the handler's idempotency key is the same again. A handler that does not end within
its limit has failed: its thread is abandoned, and where too many hang, the worker ends, to be begun anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic

from engine.bpmn import visible_variables
from engine.commands.refusal import words_of
from engine.commands.unattended.answer_wait import fail_job, finish_job, fire_timer
from engine.commands.unattended.deliver_message import deliver_message
from engine.commands.unattended.fire_schedule import fire_schedule
from engine.commands.unattended.lease_jobs import Lease, keep_to_the_clock, lease_jobs, put_off_job, renew_leases
from engine.commands.unattended.report_worker import report_worker, sign_off_worker
from engine.database import Database
from engine.history.anchoring.anchors import take_anchor
from engine.history.append import load
from engine.jobs import Handler, Job, JobError, TryLater
from engine.queries.due import Due, due
from engine.runs import Pace, ThreadRun
from engine.task_id import TaskId

log = logging.getLogger("clauseflow.worker")

LEASE = timedelta(seconds=20)
IDLE_SECONDS = 0.2
AT_ONCE = 4
"""Jobs one worker process runs at a time: handlers mostly wait for others."""

MOST_HUNG = 4
"""Handlers abandoned in one process that still have not ended; with so many it is better begun anew."""

STOP_SECONDS = 8.0
"""How long a worker that is told to stop waits for what is under way."""

ERRAND_LIMIT = timedelta(minutes=5)
"""How long an errand may take before its thread is abandoned."""

REPORT_EVERY = timedelta(seconds=10)
ANCHOR_EVERY = timedelta(hours=1)
CLOCK_CHECK = timedelta(minutes=1)
ANCHOR_CHECK = timedelta(minutes=1)
"""How often a worker looks whether an anchor is due, by the database: workers come and go, and there may be many."""


@dataclass(slots=True)
class Worker:
    """One worker process: `clock` returns the time, `anchor_file` gets the roots, a lease lasts `lease`.

    `errands` are carried out beside the jobs, each again and again by itself, as mailing and time-stamping anchors.
    Intervals and limits go by `steady`, a clock that nobody sets (seconds).
    """

    db: Database
    handlers: Mapping[str, Handler]
    clock: Callable[[], datetime]
    name: str
    anchor_file: Path | None = None
    lease: timedelta = LEASE
    errands: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    steady: Callable[[], float] = monotonic
    _running: dict[TaskId, tuple[Lease, ThreadRun]] = field(default_factory=dict)
    _out: dict[str, ThreadRun] = field(default_factory=dict)
    _hung: list[ThreadRun] = field(default_factory=list)
    _pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self._pace = Pace(self.steady)

    def run(self, stop: Event) -> bool:
        """Work until told to stop; a failing round is logged and the next one starts afresh.

        False when too many handlers hang: only a new process is rid of them.
        """
        while not stop.is_set() and not self._hangs():
            try:
                busy = self._round(self.clock())
            except Exception:
                log.exception("round failed worker=%s", self.name)
                busy = False
            if not busy:
                stop.wait(IDLE_SECONDS)
        self._wait_for([*(run for _, run in self._running.values()), *self._out.values()])
        sign_off_worker(self.db, self.name)
        return not self._hangs()

    def _hangs(self) -> bool:
        return len(self._hung) >= MOST_HUNG

    def _wait_for(self, runs: Iterable[ThreadRun]) -> None:
        """Let what is under way come to its end; whoever does not in time keeps the lease until it ends."""
        until = monotonic() + STOP_SECONDS
        for run in runs:
            run.join(until - monotonic())

    def _round(self, now: datetime) -> bool:
        self._let_go(now)
        if self._pace.is_time("renew", self.lease / 4) and self._running:
            renew_leases(self.db, self.name, self._running, now + self.lease)
        if self._pace.is_time("report", REPORT_EVERY, at_once=True):
            report_worker(self.db, self.name, now)
        if self._pace.is_time("clock", CLOCK_CHECK, at_once=True):
            keep_to_the_clock(self.db, now, self.lease)
        if self._pace.is_time("anchor", ANCHOR_CHECK):
            take_anchor(self.db, now, self.anchor_file, ANCHOR_EVERY)
            self._send_out()
        found = self._due(now)
        leased = self._begin_jobs(now) if found.jobs else 0
        answered = self._fire_and_deliver(found, now)
        return bool(answered or leased)

    def _let_go(self, now: datetime) -> None:
        """Forget what has ended, and abandon what has not ended in time: the attempt failed, its place is free."""
        self._hung = [run for run in self._hung if not run.over]
        for job, (lease, run) in list(self._running.items()):
            if run.over or self._is_overdue(run):
                del self._running[job]
            if self._is_overdue(run):
                self._abandon(lease, run, now)
        for name, run in list(self._out.items()):
            if run.over or self._is_overdue(run):
                del self._out[name]
            if self._is_overdue(run):
                log.error("errand hangs errand=%s", name)
                self._hung.append(run)

    def _is_overdue(self, run: ThreadRun) -> bool:
        return not run.over and run.ends <= self.steady()

    def _abandon(self, lease: Lease, run: ThreadRun, now: datetime) -> None:
        log.error("handler hangs job=%s handler=%s attempt=%s", lease.job, lease.handler, lease.attempt)
        self._hung.append(run)
        if run.abandon():
            seconds = int(self._handler(lease).limit.total_seconds())
            self._failed(lease, TryLater(f"{seconds} 秒内没有办完 · did not end within {seconds} s"), now)

    def _begin_jobs(self, now: datetime) -> int:
        """Lease jobs and begin each in a thread of its own; returns how many.

        Of one that runs here already, as its lease ended by a clock that was put forward, the lease is enough.
        """
        free = AT_ONCE - len(self._running)
        leased = lease_jobs(self.db, self.name, now, self.lease, free) if free else []
        for lease in leased:
            if lease.job not in self._running:
                self._running[lease.job] = lease, self._begun(lease)
        return len(leased)

    def _begun(self, lease: Lease) -> ThreadRun:
        limit = self.handlers[lease.handler].limit if lease.handler in self.handlers else self.lease
        ends = self.steady() + limit.total_seconds()
        return self._beside(f"job {lease.job}", ends, lambda run: self._work_on(lease, may_answer=run.may_answer))

    def _send_out(self) -> None:
        """Begin every errand that is not under way."""
        for name, errand in self.errands.items():
            if name not in self._out:
                ends = self.steady() + ERRAND_LIMIT.total_seconds()
                self._out[name] = self._beside(f"errand {name}", ends, partial(_run, errand))

    def _beside(self, name: str, ends: float, work: Callable[[ThreadRun], object]) -> ThreadRun:
        def logged(run: ThreadRun) -> None:
            try:
                work(run)
            except Exception:  # whatever it raises: a lease ends, an errand is carried out again
                log.exception("failed beside worker=%s what=%s", self.name, name)

        return ThreadRun(name, ends, logged)

    def tick(self, now: datetime) -> int:
        """Answer what is due at `now`, in due order and one after the other; returns how much was done."""
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
        """Answer timers, begin what the clock begins, then deliver messages; returns how many came to something."""
        done = sum(fire_timer(self.db, now, timer) for timer in found.timers)
        done += sum(fire_schedule(self.db, now, schedule) for schedule in found.schedules)
        done += sum(deliver_message(self.db, now, message) for message in found.messages)
        if done < len(found.timers) + len(found.schedules) + len(found.messages):
            log.info("some came to nothing timers=%s schedules=%s messages=%s",
                     found.timers, found.schedules, found.messages)  # fmt: skip
        return done

    def _work_on(
        self, lease: Lease, now: datetime | None = None, may_answer: Callable[[], bool] = lambda: True
    ) -> None:
        """Run a leased job and answer for it, by the clock unless `now` is given."""
        try:
            values = self._handler(lease).run(self._job(lease, now or self.clock()))
            if not (may_answer() and finish_job(self.db, now or self.clock(), lease.job, values)):
                log.info("result came too late job=%s attempt=%s", lease.job, lease.attempt)
        except JobError as error:
            if may_answer():
                self._give_up(lease, error, now)
        except Exception as error:  # whatever a handler raises: the job failed, the worker goes on
            log.warning("job failed job=%s attempt=%s", lease.job, lease.attempt, exc_info=True)
            if may_answer():
                self._failed(lease, error, now)

    def _handler(self, lease: Lease) -> Handler:
        handler = self.handlers.get(lease.handler)
        if handler is None:
            raise JobError(
                reason=f"没有处理程序 {lease.handler}", reason_en=f"the handler {lease.handler} does not exist"
            )
        return handler

    def _job(self, lease: Lease, now: datetime) -> Job:
        with self.db.reading() as session:
            instance = load(session, lease.job.instance_id)
        wait = instance.state.wait(lease.job.wait)
        if wait is None:
            raise JobError(reason="已经没有等它的步骤", reason_en="the step that waited for it is gone")
        seen, last = visible_variables(instance.state, wait.scope), self._handler(lease).is_last(lease)
        given = wait.details.get("input", {})
        return Job(str(lease.job), instance.number, wait.node_id, given, seen, now, self.db, last)

    def _failed(self, lease: Lease, error: Exception, now: datetime | None) -> None:
        handler = self._handler(lease)
        if handler.is_last(lease):
            self._give_up(lease, JobError(**_why(error)), now)
        else:
            again = (now or self.clock()) + handler.pause(lease.attempt, error)
            put_off_job(self.db, self.name, lease.job, again)

    def _give_up(self, lease: Lease, error: JobError, now: datetime | None) -> None:
        values = {name: value for name, value in error.facts.items() if name in ("reason", "reason_en", "error")}
        if not fail_job(self.db, now or self.clock(), lease.job, self.name, values):
            log.info("failure came too late job=%s attempt=%s", lease.job, lease.attempt)


def _run(errand: Callable[[], object], _: ThreadRun) -> None:
    errand()


def _why(error: Exception) -> dict[str, str]:
    """In both languages; what may be tried again has sentences of its own, `中文 · English`."""
    if isinstance(error, TryLater):
        zh, _, en = str(error).partition(" · ")
        return {"reason": zh, "reason_en": en or zh}
    return words_of(error)
