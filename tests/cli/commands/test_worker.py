"""The worker process ends in time when it is told to, whatever a channel does, and is rid of handlers that hang."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from benchmarks.crashes import await_that
from cli.clock import now
from cli.commands.worker import END_SECONDS
from engine.actor import SYSTEM
from engine.commands import deploy_definition
from engine.database import Database
from engine.lint import LintContext
from engine.worker import MOST_HUNG
from tests.bench import NO_REGISTER, Bench, files_of
from tests.product import ROOT

pytestmark = pytest.mark.long

HANGING = """
import sys, threading
from datetime import timedelta
from pathlib import Path
import clauseflow
from cli.commands import worker
from engine.jobs import Handler

begun, hang = Path(sys.argv[1]), int(sys.argv[2])

def mail(job):
    with begun.open("a") as file:
        print(job.key, file=file)
    if len(begun.read_text().splitlines()) <= hang:
        threading.Event().wait()
    return {}

handler = Handler(mail, attempts=99, backoff=timedelta(0), limit=timedelta(seconds=0.2))
worker.handlers_with = lambda _: {"mail": handler}
clauseflow.main(["worker"])
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tried here has nothing to do with the kind of database."""
    return sqlite_url


@contextmanager
def process(db: Database, folder: Path, *command: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this interpreter; killed when the test is over, if it still is there."""
    environment = {**os.environ, "CLAUSEFLOW_VAR": str(folder), "CLAUSEFLOW_DATABASE_URL": db.url, **settings}
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment) as made:
        try:
            yield made
        finally:
            made.kill()


def told_to_stop(made: subprocess.Popen[bytes]) -> int:
    """The exit code of a process that ends in time."""
    begun = monotonic()
    made.send_signal(signal.SIGTERM)
    code = made.wait(timeout=60)
    assert monotonic() - begun < END_SECONDS + 10, "with room for a busy machine"
    return code


def deploy_mailing(bench: Bench) -> None:
    """The notice whose mail goes to a customer by `notify`."""
    files, path = files_of("notice"), "processes/notice.bpmn"
    told = b'cf:handler="notify" cf:input="={to: &quot;customer:a@example.com&quot;, subject: subject}"'
    files[path] = files[path].replace(b'cf:handler="mail" cf:input="={to: subject}"', told)
    assert told in files[path]
    deploy_definition(bench.db, SYSTEM, bench.now, "notice", files, LintContext(NO_REGISTER, frozenset({"notify"})))


def test_a_worker_whose_mail_server_drips_ends_when_it_is_told_to(
    db: Database, tmp_path: Path, dripping_server: Any
) -> None:
    bench = Bench(db, now())
    deploy_mailing(bench)
    bench.start("notice")
    address = f"smtp://127.0.0.1:{dripping_server.server_address[1]}"
    with process(db, tmp_path, "clauseflow.py", "worker", CLAUSEFLOW_SMTP_URL=address) as made:
        assert dripping_server.met.wait(timeout=60)
        assert told_to_stop(made) == 0

    assert bench.open() == ["send_mail"], "another worker goes on with it"


def test_a_worker_in_which_too_many_handlers_hang_begins_anew_in_its_own_place(db: Database, tmp_path: Path) -> None:
    bench, begun = Bench(db, now()).deploy("notice"), tmp_path / "begun"
    bench.start("notice")
    with process(db, tmp_path, "-c", HANGING, str(begun), str(MOST_HUNG)) as made:
        await_that(lambda: bench.open() == ["read"] or made.poll() is not None)
        assert told_to_stop(made) == 0

    assert begun.read_text().splitlines() == ["1-0-0"] * (MOST_HUNG + 1)
    assert bench.kinds(1) == ["start", "job_done"]
