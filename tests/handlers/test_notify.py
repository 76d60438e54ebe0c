"""`notify`: told once in the product, sent by mail and webhook where these are configured."""

from __future__ import annotations

import email
import json
from collections.abc import Callable
from datetime import date
from email.policy import default
from typing import Any
from urllib.error import HTTPError

import pytest

from cli.content import prepare
from company.notifications import count_unread, mark_read, notifications_for
from demo import people as demo
from engine.database import Database
from engine.worker import Job, JobError
from handlers.channels import Channels
from handlers.notify import notify
from tests.product import START

Make = Callable[..., Job]
FAULT = {"subject": "重大故障", "text": "主缸断裂 {{ 7 * 7 }}"}


def smtp(server: Any) -> Channels:
    return Channels(smtp_url=f"smtp://127.0.0.1:{server.server_address[1]}", mail_from="service@example.com")


def test_everybody_of_the_role_sees_it_until_they_have_read_it(db: Database, job: Make) -> None:
    demo.load_people(db, START)
    notify(job(to="role:finance", **FAULT), Channels())

    with db.reading() as session:
        (seen,) = notifications_for(session, "zhou").items
        assert (seen.subject, seen.number, seen.read) == ("重大故障", "FS-2026-000001", False)
        assert [count_unread(session, account) for account in ("zhou", "qin", "wu")] == [1, 1, 0]
    mark_read(db, "zhou", START, [seen.id])
    mark_read(db, "wu", START, [seen.id])
    with db.reading() as session:
        assert [count_unread(session, account) for account in ("zhou", "qin")] == [0, 1]


def test_a_second_attempt_tells_nothing_twice(db: Database, job: Make) -> None:
    demo.load_people(db, START)
    for key in ("1-0-0", "1-0-0", "1-1-0"):
        notify(job(key, to=["person:sun", "role:general_manager"], **FAULT), Channels())

    with db.reading() as session:
        assert len(notifications_for(session, "sun").items) == 4


def test_a_mail_goes_once_to_each_holder_of_the_role(db: Database, job: Make, mail_server: Any) -> None:
    prepare(db)
    demo.load_people(db, START)
    for _ in range(2):
        notify(job(to="role:finance", due=date(2026, 3, 4), **FAULT), smtp(mail_server))

    mails = [email.message_from_bytes(each, policy=default) for each in mail_server.received]
    assert sorted(each["To"] for each in mails) == ["he@example.com", "qin@example.com", "zhou@example.com"]
    assert {each["Subject"] for each in mails} == {"重大故障"}
    body = mails[0].get_body().get_content()
    assert "主缸断裂 {{ 7 * 7 }}" in body, "what a case says is text and never a template"
    assert "FS-2026-000001" in body and "2026-03-04 00:00" in body


def test_a_customer_gets_the_letter_for_customers(db: Database, job: Make, mail_server: Any) -> None:
    notify(job(to="customer:office@example.com", subject="满意度", text="请您评价"), smtp(mail_server))

    (mail,) = [email.message_from_bytes(each, policy=default) for each in mail_server.received]
    assert (mail["To"], mail["From"]) == ("office@example.com", "service@example.com")
    assert mail.get_body().get_content().startswith("尊敬的客户：")


def test_a_mail_that_failed_is_sent_by_the_next_attempt(db: Database, job: Make, mail_server: Any) -> None:
    told = job(to="customer:a@example.com", **FAULT)
    with pytest.raises(OSError, match="refused"):
        notify(told, Channels(smtp_url="smtp://127.0.0.1:1"))
    notify(told, smtp(mail_server))

    assert len(mail_server.received) == 1


def test_the_webhook_is_told_once_with_the_key_of_the_job(job: Make, web_server: Any) -> None:
    hook = Channels(webhook_url=f"http://127.0.0.1:{web_server.server_address[1]}/hook")
    for _ in range(2):
        notify(job(to="person:sun", **FAULT), hook)

    ((headers, body),) = web_server.received
    assert headers["Idempotency-Key"].startswith("1-0-0.")
    assert json.loads(body)["subject"] == "重大故障"


@pytest.mark.parametrize("status", [302, 500])
def test_a_webhook_that_refuses_or_sends_elsewhere_has_not_taken_it(job: Make, web_server: Any, status: int) -> None:
    web_server.status = status
    hook = Channels(webhook_url=f"http://127.0.0.1:{web_server.server_address[1]}/hook")
    for _ in range(2):
        with pytest.raises(HTTPError) as refused:
            notify(job(to="person:sun", **FAULT), hook)
        refused.value.close()

    assert len(web_server.received) == 2, "tried again, and followed nowhere"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"to": "everybody", "subject": "x"},
        {"to": "role:", "subject": "x"},
        {"to": "customer:no address", "subject": "x"},
        {"to": "customer:a@example.com\r\nBcc: b@example.com", "subject": "x"},
        {"to": "person:sun"},
        {"to": "person:sun", "subject": "x" * 201},
        {"to": "person:sun", "subject": {"zh": "x"}},
        {"to": "person:sun", "subject": "x", "due": "tomorrow"},
    ],
)
def test_an_input_that_no_attempt_would_mend_is_refused_for_good(job: Make, given: dict[str, Any]) -> None:
    with pytest.raises(JobError):
        notify(job(**given), Channels())


def test_both_languages_are_kept_apart_and_mailed_together(db: Database, job: Make, mail_server: Any) -> None:
    prepare(db)
    demo.load_people(db, START)
    subject = {"zh": "重大故障：南川", "en": "Major fault: Nanchuan"}
    notify(job(to="person:sun", subject=subject, text={"zh": "停机。", "en": "It stopped."}), smtp(mail_server))

    with db.reading() as session:
        (seen,) = notifications_for(session, "sun").items
    assert (seen.subject, seen.subject_en, seen.text, seen.text_en) == (*subject.values(), "停机。", "It stopped.")
    (mail,) = [email.message_from_bytes(each, policy=default) for each in mail_server.received]
    assert mail["Subject"] == "重大故障：南川 · Major fault: Nanchuan"
    assert mail.get_body().get_content().splitlines()[:3] == ["停机。", "", "It stopped."]
