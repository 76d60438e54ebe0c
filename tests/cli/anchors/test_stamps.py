"""Anchors are time-stamped by an authority over HTTP: by command and by the worker, and never held up by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

import clauseflow
from cli.anchors.stamps import have_stamped
from cli.clock import now
from cli.settings import Settings
from company.notifications.deliveries import undelivered
from engine.database import Database
from engine.history.anchoring.anchors import read_outside, take_anchor
from engine.history.anchoring.stamps import read_outside_stamps
from engine.tables import anchors
from engine.worker import Worker
from tests.bench import Bench
from tests.servers import Authority


@pytest.fixture
def settings(database_url: str, tmp_path: Path, authority: Authority, stamp_server: Any) -> Settings:
    """Settings that name the authority's server."""
    return Settings.from_environment({
        "CLAUSEFLOW_VAR": str(tmp_path / "var"), "CLAUSEFLOW_DATABASE_URL": database_url, "CLAUSEFLOW_LANGUAGE": "en",
        "CLAUSEFLOW_TSA_URL": f"http://127.0.0.1:{stamp_server.server_address[1]}/",
        "CLAUSEFLOW_TSA_ROOTS": str(authority.root_file),
    })  # fmt: skip


@pytest.fixture
def command(settings: Settings, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """One case in a product whose commands find the settings by the environment."""
    values = {"VAR": str(settings.var), "DATABASE_URL": settings.database_url, "LANGUAGE": "en",
              "TSA_URL": settings.tsa_url, "TSA_ROOTS": str(authority.root_file)}  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"CLAUSEFLOW_{name}", value)
    db = Database(settings.database_url)
    bench = Bench(db, now()).deploy("deadline")
    bench.start("deadline")
    yield bench
    db.dispose()


def test_an_anchor_taken_by_command_is_stamped_and_verify_says_so(
    command: Bench, stamp_server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clauseflow.main(["anchor"]) == 0
    assert "time-stamped 1 anchors" in capsys.readouterr().out
    assert stamp_server.received[0][0]["Content-Type"] == "application/timestamp-query"

    assert clauseflow.main(["verify", "--all"]) == 0
    said = capsys.readouterr().out
    assert "time-stamps prove the age of 1 cases" in said
    assert "验真时间戳" in said
    clauseflow.main(["verify", next(iter(command.status())), "--json"])
    (case,) = json.loads(capsys.readouterr().out)["cases"]
    assert (case["stamped"]["anchor"], case["stamped"]["upto"], case["stamped"]["traced"]) == (1, 0, True)


@pytest.mark.usefixtures("command")
def test_without_a_root_certificate_verify_says_what_it_did_not_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CLAUSEFLOW_TSA_ROOTS")
    clauseflow.main(["anchor"])

    assert clauseflow.main(["verify", "--all"]) == 0
    assert "contents of time-stamps were compared, no signature" in capsys.readouterr().out


@pytest.mark.parametrize("ill", ["away", "refusing", "nonsense"])
@pytest.mark.usefixtures("command")
def test_an_authority_that_fails_is_said_and_the_anchor_stands(
    stamp_server: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch, ill: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if ill == "away":
        monkeypatch.setenv("CLAUSEFLOW_TSA_URL", "http://127.0.0.1:1/")
    elif ill == "refusing":
        stamp_server.status = 503
    else:
        monkeypatch.setattr(Authority, "answer", lambda *_: b"<html>")

    assert clauseflow.main(["anchor"]) == 0

    said = capsys.readouterr().out
    assert "not time-stamped, the worker asks again" in said
    assert "anchor 1: " in said
    assert len(read_outside(settings.anchor_file)) == 1


def test_the_worker_has_its_anchors_stamped_and_asks_again_after_an_outage(
    command: Bench, settings: Settings, stamp_server: Any
) -> None:
    """The clock goes a minute ahead at every look; the authority comes back after three requests."""
    stop, minutes, tries = Event(), count(), count(1)

    def stamp() -> None:
        stamp_server.status = 503 if next(tries) <= 3 else 200
        if have_stamped(command.db, settings, clock()):
            stop.set()

    def clock() -> datetime:
        return command.now + timedelta(minutes=next(minutes))

    worker = Worker(command.db, {}, clock, "w", settings.anchor_file, errands={"stamp": stamp},
                    steady=lambda: clock().timestamp())  # fmt: skip
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    thread.join(timeout=60)

    assert not thread.is_alive()
    with command.db.reading() as session:
        stamped = session.execute(select(func.count()).where(anchors.c.stamp.is_not(None))).scalar_one()
    assert stamped == len(list(read_outside_stamps(settings.anchor_file))) >= 1
    assert next(tries) >= 5, "three in vain"


def test_a_slow_authority_holds_up_no_timer_and_no_job(command: Bench) -> None:
    """The worker goes on with everything else while the authority thinks."""
    command.deploy("notice")
    asked, answered, stop = Event(), Event(), Event()
    seconds = count()

    def stamp() -> None:
        asked.set()
        answered.wait(timeout=60)

    def clock() -> datetime:
        return command.now + timedelta(seconds=next(seconds))

    def mail(_job: Any) -> dict[str, Any]:
        stop.set()
        return {}

    command.mail = mail
    worker = replace(command.worker("w"), clock=clock, errands={"stamp": stamp}, steady=lambda: clock().timestamp())
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    assert asked.wait(timeout=60)
    command.start("notice")
    done = stop.wait(timeout=60)
    answered.set()
    thread.join(timeout=60)

    assert done, "the job ran while the authority was silent"


def test_an_authority_that_refuses_for_good_is_noted_and_not_asked_again_for_that_anchor(
    command: Bench, settings: Settings, stamp_server: Any
) -> None:
    stamp_server.status = 403
    take_anchor(command.db, now(), settings.anchor_file)
    for hours in range(3):
        assert have_stamped(command.db, settings, now() + timedelta(hours=hours)) == 0
    with command.db.reading() as session:
        (lost,) = undelivered(session).items
    assert (lost.delivery.anchor_id, lost.delivery.channel, lost.delivery.answer) == (1, "stamp", "HTTP 403 Forbidden")
    assert len(stamp_server.received) == 1

    stamp_server.status = 200
    assert clauseflow.main(["anchor"]) == 0, "whoever asks by hand is answered"
    assert len(list(read_outside_stamps(settings.anchor_file))) == 1


def test_an_authority_that_sends_elsewhere_is_followed_nowhere(
    command: Bench, settings: Settings, stamp_server: Any
) -> None:
    stamp_server.status = 307
    take_anchor(command.db, now(), settings.anchor_file)
    have_stamped(command.db, settings, now())

    assert len(stamp_server.received) == 1
