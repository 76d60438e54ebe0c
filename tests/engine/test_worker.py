"""The worker: jobs, their leases and retries, timers, anchors; on a clock that the test sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path
from threading import Event, Semaphore, Thread
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import event, select

from engine.commands import cancel_instance, correct_data, resume_instance, retry_job, skip_job, suspend_instance
from engine.commands.unattended import answer_wait
from engine.commands.unattended.answer_wait import fail_job, finish_job
from engine.commands.unattended.lease_jobs import LONGEST_PAUSE, lease_jobs, put_off_job, renew_leases
from engine.database import Database
from engine.history.anchoring.anchors import read_outside, take_anchor
from engine.jobs import Handler, Job, JobError, TryLater
from engine.queries import incidents
from engine.queries.due import Due, due
from engine.tables import waits, workers
from engine.trouble import DatabaseBusy
from engine.worker import ANCHOR_CHECK, ANCHOR_EVERY, AT_ONCE, LEASE, MOST_HUNG, REPORT_EVERY, Worker
from tests.bench import ADMIN, Bench, bench
from tests.product import START

__all__ = ["bench"]


@pytest.fixture
def notice(bench: Bench) -> Bench:
    """A case whose mail waits to be sent."""
    bench.deploy("notice").start("notice")
    return bench


def work_off(worker: Worker) -> None:
    """Until nothing runs in the worker any more."""
    worker._wait_for([run for _, run in worker._running.values()])


def failing(times: int, error: Exception | None = None) -> Mock:
    """A handler that fails so many times and then succeeds."""
    return Mock(side_effect=chain(repeat(error or ConnectionError("no route"), times), repeat({})))


def test_a_job_is_given_its_input_and_its_result_is_written(notice: Bench) -> None:
    notice.mail = lambda _: {"mail_id": "m-1"}
    notice.drain()

    (job,) = notice.sent
    assert (job.number, job.node_id, job.input) == ("NOT-2026-000001", "send_mail", {"to": "A1"})
    assert job.variables["subject"] == "A1"
    assert notice.open() == ["read"]
    assert notice.variables(1)["mail_id"] == "m-1"
    notice.check()


def test_every_attempt_has_the_same_idempotency_key(notice: Bench) -> None:
    notice.mail = failing(1)
    notice.drain()
    notice.later(seconds=5).drain()

    assert [job.key for job in notice.sent] == ["1-0-0"] * 2
    assert notice.open() == ["read"]
    assert notice.kinds(1) == ["start", "job_done"], "attempts are no history"


def test_a_failed_attempt_waits_before_the_next(notice: Bench) -> None:
    notice.mail = failing(1)
    notice.drain()
    notice.later(seconds=4).drain()

    assert len(notice.sent) == 1


def test_a_job_that_failed_for_good_is_an_incident_until_it_is_retried(notice: Bench) -> None:
    notice.mail = failing(2)
    notice.drain()
    notice.later(seconds=5).drain()
    with notice.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert (incident.number, incident.node_id) == ("NOT-2026-000001", "send_mail")
    assert incident.facts == {
        "reason": "执行时出错（ConnectionError: no route）",
        "reason_en": "It failed (ConnectionError: no route)",
    }
    notice.later(days=1).drain()
    assert len(notice.sent) == 2, "nobody tries an incident again by himself"

    retry_job(notice.db, ADMIN, notice.now, notice.wait("send_mail"), "网络已恢复")
    notice.drain()

    assert notice.open() == ["read"]
    assert notice.kinds(1) == ["start", "job_failed", "retry", "job_done"]
    with notice.db.reading() as session:
        assert incidents(session, ADMIN) == []
    notice.check()


def test_an_incident_may_be_skipped_with_a_result(notice: Bench) -> None:
    notice.mail = failing(9, JobError(reason="no such address"))
    notice.drain()
    skip_job(notice.db, ADMIN, notice.now, notice.wait("send_mail"), "已电话通知", {"mail_id": "—"})

    assert notice.open() == ["read"]
    entry = notice.entries(1)[-1]
    assert (entry.kind, entry.actor, entry.values) == ("job_done", ADMIN.id, {"mail_id": "—"})
    notice.check()


def test_a_permanent_failure_is_not_tried_again(notice: Bench) -> None:
    notice.mail = failing(9, JobError(reason="no such address"))
    notice.drain()

    assert (len(notice.sent), notice.kinds(1)) == (1, ["start", "job_failed"])


def test_the_diagram_may_say_how_often_to_retry(bench: Bench) -> None:
    bench.deploy("notice_once").start("notice_once")
    bench.mail = failing(9)
    bench.drain()

    assert bench.kinds(1) == ["start", "job_failed"]


def test_an_error_boundary_catches_a_failed_job(bench: Bench) -> None:
    bench.deploy("notice_or_call").start("notice_or_call")
    bench.mail = failing(9, JobError(reason="bounced", error="BOUNCED"))
    bench.drain()

    assert bench.open() == ["call"]
    bench.check()


def test_a_job_without_its_handler_is_an_incident(notice: Bench) -> None:
    Worker(notice.db, {}, lambda: notice.now, "bare").drain(notice.now)

    with notice.db.reading() as session:
        assert incidents(session, ADMIN)[0].facts == {
            "reason": "没有处理程序 mail",
            "reason_en": "the handler mail does not exist",
        }


def test_a_leased_job_is_nobody_elses_until_its_lease_ends(notice: Bench) -> None:
    assert len(lease_jobs(notice.db, "first", notice.now, LEASE, 5)) == 1
    assert lease_jobs(notice.db, "second", notice.now + LEASE - timedelta(seconds=1), LEASE, 5) == []

    (taken_over,) = lease_jobs(notice.db, "second", notice.now + LEASE, LEASE, 5)

    assert taken_over.attempt == 2
    assert timedelta(seconds=30) > LEASE


def test_a_renewed_lease_goes_on(notice: Bench) -> None:
    (lease,) = lease_jobs(notice.db, "first", notice.now, LEASE, 5)
    renew_leases(notice.db, "first", [lease.job], notice.now + 2 * LEASE)

    assert lease_jobs(notice.db, "second", notice.now + LEASE, LEASE, 5) == []


def test_who_lost_a_lease_can_neither_renew_nor_give_it_back_nor_fail_it(notice: Bench) -> None:
    (lost,) = lease_jobs(notice.db, "slow", notice.now, LEASE, 5)
    lease_jobs(notice.db, "quick", notice.now + LEASE, LEASE, 5)
    renew_leases(notice.db, "slow", [lost.job], notice.now)
    put_off_job(notice.db, "slow", lost.job, notice.now)

    assert not fail_job(notice.db, notice.now, lost.job, "slow", {"reason": "?"})
    assert lease_jobs(notice.db, "third", notice.now + LEASE, LEASE, 5) == []


def test_two_results_of_one_job_are_applied_once(notice: Bench) -> None:
    (slow,) = lease_jobs(notice.db, "slow", notice.now, LEASE, 5)
    lease_jobs(notice.db, "quick", notice.now + LEASE, LEASE, 5)

    assert finish_job(notice.db, notice.now, slow.job, {"mail_id": "quick"})
    assert not finish_job(notice.db, notice.now, slow.job, {"mail_id": "slow"})

    assert notice.variables(1)["mail_id"] == "quick"
    assert notice.kinds(1) == ["start", "job_done"]


def test_an_answer_to_a_cancelled_case_comes_too_late(notice: Bench, caplog: pytest.LogCaptureFixture) -> None:
    notice.mail = lambda job: cancel_instance(notice.db, ADMIN, notice.now, job.number, "撤回") or {}
    with caplog.at_level("INFO", "clauseflow.worker"):
        notice.drain()

    assert "result came too late job=1-0-0" in caplog.text
    assert notice.kinds(1) == ["start", "cancel"]


def test_a_suspended_case_has_its_job_done_when_it_is_resumed(notice: Bench) -> None:
    suspend_instance(notice.db, ADMIN, notice.now, "NOT-2026-000001", "等待")
    notice.drain()
    assert notice.sent == []

    resume_instance(notice.db, ADMIN, notice.now, "NOT-2026-000001", "继续")

    assert notice.drain().open() == ["read"]


def test_overdue_timers_fire_once_and_in_order_after_an_outage(bench: Bench) -> None:
    bench.deploy("deadline")
    for _ in range(3):
        bench.later(minutes=5).start("deadline")
    bench.later(days=2).drain()

    with bench.db.reading() as session:
        fired = select(waits.c.instance_id, waits.c.closed_at).where(waits.c.node_id == "overdue")
        rows = session.execute(fired.order_by(waits.c.closed_at, waits.c.instance_id)).all()
    assert [row.instance_id for row in rows] == [1, 2, 3]
    assert bench.open() == ["escalate"] * 3
    assert [bench.kinds(case) for case in (1, 2, 3)] == [["start", "timer"]] * 3


def test_a_timer_whose_case_refuses_the_step_is_an_incident_and_stops_nobody(bench: Bench) -> None:
    bench.deploy("broken_timer", "deadline").start("broken_timer", amount=17)
    bench.start("deadline")
    bench.later(hours=2).drain()

    assert bench.open() == ["escalate", "pause"]
    with bench.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert (incident.kind, incident.node_id) == ("timer", "pause")
    assert "17" in incident.facts["reason"]

    correct_data(bench.db, ADMIN, bench.now, incident.number, {"amount": None}, "改为由组办理")
    assert incident.wait is not None
    retry_job(bench.db, ADMIN, bench.now, incident.wait, "已更正")
    assert bench.drain().open() == ["act", "escalate"]
    bench.check()


def test_a_fault_of_the_program_in_one_timer_holds_up_no_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.deploy("deadline")
    for _ in range(2):
        bench.start("deadline")
    bench.later(hours=2)
    record = answer_wait.record

    def fault(session: Any, instance: Any, given: Any) -> None:
        assert instance.id != 1, "a fault"
        record(session, instance, given)

    monkeypatch.setattr(answer_wait, "record", fault)
    bench.drain()

    assert bench.open(2) == ["escalate"]
    with bench.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert incident.facts["reason"].startswith("执行时出错（AssertionError: a fault")


def test_trouble_of_the_database_makes_no_incident(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.deploy("deadline").start("deadline")
    bench.later(hours=2)

    def busy(*_: Any) -> None:
        raise DatabaseBusy

    with monkeypatch.context() as trouble:
        trouble.setattr(answer_wait, "record", busy)
        with pytest.raises(DatabaseBusy):
            bench.drain()

    assert bench.drain().open() == ["escalate"]


def test_a_worker_with_nothing_to_do_asks_once(notice: Bench) -> None:
    notice.drain()
    statements: list[str] = []
    event.listen(notice.db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert notice.worker().tick(notice.now) == 0

    assert [text.split()[0] for text in statements if not text.startswith(("BEGIN", "ROLLBACK"))] == ["SELECT"]


def test_what_is_due_is_found_by_index(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            plans.extend(row[3] for row in cursor.execute("EXPLAIN QUERY PLAN " + statement, parameters))

    event.listen(db.engine, "before_cursor_execute", explain)
    with db.reading() as session:
        due(session, START)
    db.dispose()

    tables = [plan for plan in plans if plan.split()[1] in ("waits", "messages", "instances")]
    assert len(tables) >= 3
    assert [plan for plan in tables if "INDEX" not in plan and "PRIMARY KEY" not in plan] == []


def test_an_anchor_is_taken_every_hour_however_many_workers_come_and_go(notice: Bench, tmp_path: Path) -> None:
    outside = tmp_path / "anchors.jsonl"
    for minutes, taken in ((1, 1), (1, 1), (53, 1), (3, 2)):
        notice.later(minutes=minutes).start("notice")
        for name in ("one", "other"):
            worker = notice.worker(name)
            worker.anchor_file = outside
            worker._round(notice.now)
            worker._round(notice.later(seconds=ANCHOR_CHECK.total_seconds()).now)
        assert len(read_outside(outside)) == taken


def test_after_a_clock_was_set_back_anchors_are_taken_every_hour_as_before(notice: Bench) -> None:
    taken = [take_anchor(notice.db, notice.now, None, ANCHOR_EVERY)]
    notice.later(hours=-3)
    for _ in range(4):
        notice.later(minutes=30).start("notice")
        taken.append(take_anchor(notice.db, notice.now, None, ANCHOR_EVERY))

    assert [anchor is not None for anchor in taken] == [True, True, False, True, False]


def test_a_running_worker_works_until_told_to_stop_and_signs_off(notice: Bench) -> None:
    stop, seen = Event(), Event()

    def mail(_job: Job) -> Mapping[str, Any]:
        seen.set()
        return {}

    notice.mail = mail
    worker = notice.worker("running")
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    assert seen.wait(timeout=30)
    with notice.db.reading() as session:
        assert session.execute(select(workers.c.name)).scalars().all() == ["running"]
    stop.set()
    thread.join()

    assert notice.open() == ["read"], "a job under way is finished before the worker ends"
    with notice.db.reading() as session:
        assert session.execute(select(workers.c.name)).scalars().all() == []


def test_a_worker_keeps_the_lease_of_a_long_job(notice: Bench) -> None:
    """Round after round the clock goes on past the end of the lease, while the handler is still at it."""
    begun, go_on = Event(), Event()

    def mail(_job: Job) -> Mapping[str, Any]:
        begun.set()
        go_on.wait(timeout=30)
        return {}

    notice.mail = mail
    worker = notice.worker("patient")
    worker._round(notice.now)
    assert begun.wait(timeout=30)
    for _ in range(8):
        worker._round(notice.later(seconds=LEASE.total_seconds() / 4).now)
    assert lease_jobs(notice.db, "other", notice.now, LEASE, 5) == []
    go_on.set()
    work_off(worker)

    assert (len(notice.sent), notice.open()) == (1, ["read"])


def test_a_failing_round_is_logged_and_the_next_one_starts_afresh(
    notice: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, rounds = Event(), iter([ConnectionError("no database"), None])

    def due_or_not(*_: Any) -> Due:
        error = next(rounds)
        if error:
            raise error
        stop.set()
        return Due()

    monkeypatch.setattr("engine.worker.due", due_or_not)
    assert notice.worker().run(stop)

    assert "round failed worker=worker" in caplog.text


class Hangs:
    """A handler that does not return until it is let go; `begun` counts how often it was called."""

    def __init__(self) -> None:
        self.begun, self.let_go = Semaphore(0), Event()

    def __call__(self, _job: Job) -> Mapping[str, Any]:
        self.begun.release()
        self.let_go.wait(timeout=60)
        return {"mail_id": "late"}


@pytest.fixture
def hangs(notice: Bench) -> Iterator[Hangs]:
    notice.mail = made = Hangs()
    yield made
    made.let_go.set()


def test_a_handler_that_never_returns_fails_in_time_and_is_an_incident_after_its_attempts(
    notice: Bench, hangs: Hangs
) -> None:
    worker = notice.worker()
    for _ in range(2):
        worker._round(notice.later(seconds=5).now)
        assert hangs.begun.acquire(timeout=30)
        worker._round(notice.later(minutes=1).now)

    with notice.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert incident.facts == {"reason": "60 秒内没有办完", "reason_en": "did not end within 60 s"}
    assert notice.kinds(1) == ["start", "job_failed"]


def test_what_a_handler_answers_after_its_time_is_ignored(
    notice: Bench, hangs: Hangs, caplog: pytest.LogCaptureFixture
) -> None:
    worker = notice.worker()
    worker._round(notice.now)
    assert hangs.begun.acquire(timeout=30)
    (hung,) = [run for _, run in worker._running.values()]
    worker._round(notice.later(seconds=61).now)
    with caplog.at_level("INFO", "clauseflow.worker"):
        hangs.let_go.set()
        hung.join(30)

    assert notice.open() == ["send_mail"], "the next attempt answers"
    assert "result came too late job=1-0-0 attempt=1" in caplog.text
    worker._round(notice.later(minutes=1).now)
    work_off(worker)
    assert notice.kinds(1) == ["start", "job_done"]


def test_handlers_that_hang_keep_no_other_job_from_being_done(notice: Bench, hangs: Hangs) -> None:
    for _ in range(AT_ONCE - 2):
        notice.start("notice")
    worker = notice.worker()
    worker._round(notice.now)
    for _ in range(AT_ONCE - 1):
        assert hangs.begun.acquire(timeout=30)

    notice.mail = lambda _: {"mail_id": "quick"}
    quick = notice.later(seconds=61).start("notice")
    worker._round(notice.now)
    work_off(worker)

    assert notice.kinds(quick.instance_id) == ["start", "job_done"]


@pytest.mark.usefixtures("hangs")
def test_a_worker_in_which_too_many_hang_ends_to_be_begun_anew(notice: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.worker.STOP_SECONDS", 0)
    for _ in range(MOST_HUNG - 1):
        notice.start("notice")
    worker = replace(notice.worker(), clock=lambda: notice.later(seconds=20).now)

    assert not worker.run(Event())


def test_a_failure_of_the_handlers_own_after_its_time_is_ignored_too(notice: Bench) -> None:
    begun, let_go = Event(), Event()

    def mail(_job: Job) -> Mapping[str, Any]:
        begun.set()
        let_go.wait(timeout=60)
        raise JobError(reason="late")

    notice.mail = mail
    worker = notice.worker()
    worker._round(notice.now)
    assert begun.wait(timeout=30)
    (hung,) = [run for _, run in worker._running.values()]
    worker._round(notice.later(seconds=61).now)
    let_go.set()
    hung.join(30)

    assert notice.kinds(1) == ["start"], "no incident: an attempt is left"


def test_a_clock_set_back_an_hour_stops_no_lease_report_or_anchor(notice: Bench, hangs: Hangs, tmp_path: Path) -> None:
    """The worker's own clock goes on while the one on the wall is an hour behind."""
    outside, seconds = tmp_path / "anchors.jsonl", [0.0]
    worker = replace(notice.worker("steady"), steady=lambda: seconds[0], anchor_file=outside)
    worker._round(notice.now)
    assert hangs.begun.acquire(timeout=30)
    notice.later(hours=-1)
    for _ in range(8):
        seconds[0] += LEASE.total_seconds() / 4
        worker._round(notice.later(seconds=LEASE.total_seconds() / 4).now)

    with notice.db.reading() as session:
        seen = session.execute(select(workers.c.seen_at)).scalar_one()
        until = session.execute(select(waits.c.ready_at).where(waits.c.kind == "job")).scalar_one()
    assert notice.now - seen <= REPORT_EVERY
    assert notice.now < until <= notice.now + LEASE
    seconds[0] += ANCHOR_CHECK.total_seconds()
    worker._round(notice.now)
    assert len(read_outside(outside)) == 1


def test_jobs_of_a_clock_that_was_set_back_do_not_wait_until_it_is_where_it_was(notice: Bench) -> None:
    """One leased by who died, one between two attempts, one that nobody had taken yet."""
    notice.start("notice"), notice.start("notice")
    first, second = lease_jobs(notice.db, "dead", notice.now, LEASE, 2)
    put_off_job(notice.db, "dead", second.job, notice.now + timedelta(seconds=5))
    notice.later(hours=-1)
    worker = notice.worker()
    for _ in range(2):
        worker._round(notice.later(seconds=LEASE.total_seconds()).now)
        work_off(worker)

    assert sorted(job.key for job in notice.sent) == ["1-0-0", "2-0-0", "3-0-0"]
    assert first.attempt == 1


def test_a_clock_put_forward_runs_no_job_twice_in_one_worker(notice: Bench, hangs: Hangs) -> None:
    worker = replace(notice.worker(), steady=lambda: 0.0)
    worker._round(notice.now)
    assert hangs.begun.acquire(timeout=30)
    worker._round(notice.later(hours=1).now)
    hangs.let_go.set()
    work_off(worker)

    assert len(notice.sent) == 1
    assert notice.kinds(1) == ["start", "job_done"]


@pytest.mark.parametrize(
    ("attempt", "error", "pause"),
    [
        (1, ConnectionError(), timedelta(seconds=5)),
        (3, ConnectionError(), timedelta(seconds=20)),
        (1000, ConnectionError(), LONGEST_PAUSE),
        (1, TryLater("busy", timedelta(minutes=2)), timedelta(minutes=2)),
        (1, TryLater("busy", timedelta(days=2)), LONGEST_PAUSE),
    ],
)
def test_the_pause_doubles_or_is_what_the_other_side_asks_for_within_bounds(
    attempt: int, error: Exception, pause: timedelta
) -> None:
    assert Handler(lambda _: {}).pause(attempt, error) == pause


def test_an_errand_runs_beside_the_jobs_and_again_when_it_has_failed(notice: Bench) -> None:
    done: list[int] = []

    def errand() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise ConnectionError

    worker = replace(notice.worker(), errands={"mail": errand})
    for _ in range(3):
        worker._round(notice.later(minutes=1).now)
        worker._wait_for(worker._out.values())

    assert done == [0, 1]


def test_an_errand_that_hangs_is_abandoned_and_begun_again(notice: Bench) -> None:
    let_go, begun = Event(), Semaphore(0)

    def errand() -> None:
        begun.release()
        let_go.wait(timeout=60)

    worker = replace(notice.worker(), errands={"mail": errand})
    worker._round(notice.now)
    for minutes in (1, 6):
        worker._round(notice.later(minutes=minutes).now)
        assert begun.acquire(timeout=30)
    let_go.set()
