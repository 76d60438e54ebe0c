"""An anchor's root leaves the house by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

from cli.anchor_mail import mail_anchor
from engine.history.anchors import Anchor
from engine.worker import Worker
from handlers.channels import Channels
from tests.product import START, Approval

ANCHOR = Anchor(7, START, bytes(range(32)), (("PA-2026-000001", 4, bytes(32)),))


def channels(server: Any) -> Channels:
    return Channels(f"smtp://127.0.0.1:{server.server_address[1]}", "clauseflow@example.com")


def test_the_keeper_reads_number_time_and_root(mail_server: Any) -> None:
    mail_anchor(channels(mail_server), "keeper@example.com", ANCHOR)

    mail = message_from_bytes(mail_server.received[0])
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert mail["To"] == "keeper@example.com"
    assert ANCHOR.root.hex() in text
    assert START.isoformat() in text


def test_without_a_keeper_or_a_server_nothing_is_sent(mail_server: Any) -> None:
    mail_anchor(channels(mail_server), "", ANCHOR)
    mail_anchor(Channels(), "keeper@example.com", ANCHOR)

    assert mail_server.received == []


def test_the_worker_mails_the_anchor_it_takes_and_keeps_it_when_the_mail_fails(
    approval: Approval, tmp_path: Path
) -> None:
    approval.start()
    told, stop = [], Event()
    minutes = count()

    def clock() -> datetime:
        return START + timedelta(minutes=next(minutes))

    def announce(anchor: Anchor) -> None:
        told.append(anchor.id)
        stop.set()
        raise ConnectionRefusedError("no mail server")

    worker = Worker(approval.db, {}, clock, "test", tmp_path / "anchors.jsonl", announce=announce)
    thread = Thread(target=partial(worker.run, stop))
    thread.start()
    thread.join(timeout=20)

    assert not thread.is_alive()
    assert told == [1]
    assert len((tmp_path / "anchors.jsonl").read_text().splitlines()) == 1
