"""An anchor's root leaves the bench by mail, once each, and is tried again where it was not taken."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import select

from cli.anchors.deliveries import LONGEST_PAUSE, MOST_ATTEMPTS
from cli.anchors.mail import mail_anchors
from company.notifications.tables import deliveries
from engine.database import Database
from engine.history.anchoring.anchors import Anchor, take_anchor
from engine.worker import Worker
from handlers.outside.channels import Channels
from tests.product import START, Approval

TO = "keeper@example.com"
NOWHERE = Channels("smtp://127.0.0.1:1")


def channels(server: Any) -> Channels:
    return Channels(f"smtp://127.0.0.1:{server.server_address[1]}", "clauseflow@example.com")


def anchor(approval: Approval, minutes: int = 0) -> Anchor:
    approval.start()
    taken = take_anchor(approval.db, START + timedelta(minutes=minutes), None)
    assert taken is not None
    return taken


def mailed(server: Any) -> list[int]:
    """The numbers of the anchors that were mailed."""
    return [int(message_from_bytes(each)["Message-ID"].split(".")[1]) for each in server.received]


def outcomes(db: Database) -> list[tuple[int, str, int, str]]:
    """Anchor, state, attempts and answer."""
    columns = [deliveries.c[name] for name in ("anchor_id", "state", "attempts", "answer")]
    with db.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(deliveries.c.anchor_id))]


def test_the_keeper_reads_number_time_and_root(approval: Approval, mail_server: Any) -> None:
    taken = anchor(approval)
    assert mail_anchors(approval.db, channels(mail_server), TO, START) == 1

    mail = message_from_bytes(mail_server.received[0])
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert mail["To"] == TO
    assert taken.root.hex() in text
    assert START.isoformat() in text
    assert "cases  1" in text


def test_each_root_is_mailed_once_beginning_with_the_newest(approval: Approval, mail_server: Any) -> None:
    for minutes in (0, 1):
        anchor(approval, minutes)
    for _ in range(2):
        mail_anchors(approval.db, channels(mail_server), TO, START)
    anchor(approval, 2)
    for _ in range(2):
        mail_anchors(approval.db, channels(mail_server), TO, START)

    assert mailed(mail_server) == [2, 3]


def test_a_server_that_is_away_is_asked_again_at_growing_pauses(approval: Approval, mail_server: Any) -> None:
    anchor(approval)
    for minutes in (0, 0.5, 1, 2, 3):
        assert mail_anchors(approval.db, NOWHERE, TO, START + timedelta(minutes=minutes)) == 0
    ((_, state, attempts, _),) = outcomes(approval.db)
    assert (state, attempts) == ("waiting", 3), "after one minute, then after two"

    assert mail_anchors(approval.db, channels(mail_server), TO, START - timedelta(hours=1)) == 1, "a clock set back"
    assert outcomes(approval.db) == [(1, "taken", 4, "")]


def test_a_keeper_whose_mailbox_is_dead_is_noted(approval: Approval, mail_server: Any) -> None:
    anchor(approval)
    mail_server.answers = {"RCPT": b"550 5.1.1 no such user"}
    for _ in range(2):
        mail_anchors(approval.db, channels(mail_server), TO, START)

    assert outcomes(approval.db) == [(1, "refused", 1, "550 5.1.1 no such user")]


def test_what_was_tried_for_long_is_given_up(approval: Approval) -> None:
    anchor(approval)
    for hours in range(MOST_ATTEMPTS):
        mail_anchors(approval.db, NOWHERE, TO, START + hours * LONGEST_PAUSE)

    ((_, state, attempts, answer),) = outcomes(approval.db)
    assert (state, attempts) == ("given_up", MOST_ATTEMPTS)
    assert "refused" in answer


def test_the_worker_goes_on_while_a_mail_server_drips(approval: Approval, tmp_path: Path, dripping_server: Any) -> None:
    """Mail is an errand beside the jobs: round after round is carried out meanwhile, and the end is not held up."""
    approval.start()
    stop, done, rounds, seconds = Event(), Event(), list[float](), [0.0]

    def steady() -> float:
        seconds[0] += 0.5
        if dripping_server.met.is_set():
            rounds.append(seconds[0])
        if len(rounds) > 20:
            stop.set()
        return seconds[0]

    def errand() -> object:
        try:
            return mail_anchors(approval.db, channels(dripping_server), TO, START)
        finally:
            done.set()

    worker = Worker(approval.db, {}, lambda: START, "test", tmp_path / "anchors.jsonl", errands={"mail": errand},
                    steady=steady)  # fmt: skip
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    thread.join(timeout=60)
    dripping_server.over.set()

    assert done.wait(timeout=60)
    assert not thread.is_alive()
    assert len(rounds) > 20
    assert len((tmp_path / "anchors.jsonl").read_text().splitlines()) == 1
