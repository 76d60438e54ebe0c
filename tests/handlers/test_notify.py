"""`notify`: told once in the product, sent by mail and webhook where these are configured."""

from __future__ import annotations

import email
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from email.policy import default
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select, update

from cli.content import prepare
from company.notifications.deliveries import undelivered
from company.notifications.store import count_unread, mark_read, notifications_for
from company.notifications.tables import deliveries
from company.people.tables import people
from demo import people as demo
from engine.database import Database
from engine.jobs import Job, JobError, TryLater
from handlers.notify import _said_of, notify
from handlers.outside.channels import Channels
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
    assert "FS-2026-000001" in body and "2026-03-04 17:30" in body, "a date is due at its close of business"


@pytest.mark.usefixtures("db")
def test_a_customer_gets_the_letter_for_customers(job: Make, mail_server: Any) -> None:
    notify(job(to="customer:office@example.com", subject="满意度", text="请您评价"), smtp(mail_server))

    (mail,) = [email.message_from_bytes(each, policy=default) for each in mail_server.received]
    assert (mail["To"], mail["From"]) == ("office@example.com", "service@example.com")
    assert mail.get_body().get_content().startswith("尊敬的客户：")


def test_what_several_channels_say_is_told_in_one_language_at_a_time() -> None:
    both, again, answer = (
        TryLater("时间用完了 · out of time"),
        TryLater("时间用完了 · out of time"),
        TryLater("450 busy"),
    )
    assert _said_of([both, answer, again]) == "时间用完了; 450 busy · out of time; 450 busy"
    assert _said_of([answer]) == "450 busy"


@pytest.mark.usefixtures("db")
def test_a_mail_that_failed_is_sent_by_the_next_attempt(job: Make, mail_server: Any) -> None:
    told = job(to="customer:a@example.com", **FAULT)
    with pytest.raises(TryLater, match="refused"):
        notify(told, Channels(smtp_url="smtp://127.0.0.1:1"))
    notify(told, smtp(mail_server))

    assert len(mail_server.received) == 1


def receivers(server: Any) -> list[str]:
    """To whom the mails went that a server took, in order."""
    return [email.message_from_bytes(each, policy=default)["To"] for each in server.received]


def outcomes(db: Database) -> dict[str, tuple[str, int, str]]:
    """State, attempts and last answer by receiver."""
    with db.reading() as session:
        rows = session.execute(select(deliveries)).all()
    return {row.receiver: (row.state, row.attempts, row.answer) for row in rows}


def test_a_dead_mailbox_is_noted_and_all_others_get_the_mail_once(db: Database, job: Make, mail_server: Any) -> None:
    """The one in the middle is refused for good: nobody is mailed twice, nobody behind left out, the case goes on."""
    demo.load_people(db, START)
    mail_server.answers = {"RCPT.*qin@": b"550 5.1.1 no such user"}
    for _ in range(2):
        notify(job(to="role:finance", **FAULT), smtp(mail_server))

    assert sorted(receivers(mail_server)) == ["he@example.com", "zhou@example.com"]
    assert outcomes(db)["qin@example.com"] == ("refused", 1, "550 5.1.1 no such user")
    with db.reading() as session:
        (lost,) = undelivered(session).items
    assert (lost.person, lost.subject, lost.number) == ("qin", "重大故障", "FS-2026-000001")
    assert lost.delivery.tried_at == START


def test_a_refusal_for_now_is_tried_again_for_that_receiver_alone(db: Database, job: Make, mail_server: Any) -> None:
    demo.load_people(db, START)
    mail_server.answers = {"RCPT.*qin@": b"450 4.2.0 greylisted, come back"}
    with pytest.raises(TryLater, match="greylisted"):
        notify(job(to="role:finance", **FAULT), smtp(mail_server))
    mail_server.answers = {}
    notify(job(to="role:finance", **FAULT), smtp(mail_server))

    assert sorted(receivers(mail_server)) == ["he@example.com", "qin@example.com", "zhou@example.com"]
    assert outcomes(db)["qin@example.com"] == ("taken", 2, "")


def test_who_is_put_off_at_the_last_attempt_is_given_up_and_the_case_goes_on(
    db: Database, job: Make, mail_server: Any
) -> None:
    mail_server.answers = {"RCPT": b"452 4.2.2 mailbox full"}
    notify(replace(job(to="customer:a@example.com", **FAULT), last=True), smtp(mail_server))

    assert outcomes(db) == {"a@example.com": ("given_up", 1, "452 4.2.2 mailbox full")}


@pytest.mark.parametrize("when", ["MAIL FROM", "RCPT", "DATA"])
def test_a_server_that_hangs_up_on_one_keeps_nobody_else_from_their_mail(
    db: Database, job: Make, mail_server: Any, when: str
) -> None:
    demo.load_people(db, START)
    hung_up: list[str] = []

    class Once(dict[str, bytes]):
        def items(self) -> Any:
            hung_up.append("")
            return {when: b""}.items() if len(hung_up) < 6 and not receivers(mail_server) else {}.items()

    mail_server.answers = Once()
    with pytest.raises(TryLater):
        notify(job(to="role:finance", **FAULT), smtp(mail_server))
    notify(job(to="role:finance", **FAULT), smtp(mail_server))

    assert sorted(receivers(mail_server)) == ["he@example.com", "qin@example.com", "zhou@example.com"]


def test_a_mail_refused_for_its_content_is_noted(db: Database, job: Make, mail_server: Any) -> None:
    mail_server.answers = {"DATA": b"554 5.7.1 looks like spam"}
    notify(job(to="customer:a@example.com", **FAULT), smtp(mail_server))

    assert outcomes(db) == {"a@example.com": ("refused", 1, "554 5.7.1 looks like spam")}


@pytest.mark.parametrize(
    "address", ["no address", "a@b@c", "李@example.com", "a@example.com\nBcc: b@example.com", "x" * 190]
)
def test_an_address_of_a_person_that_is_none_is_noted_and_the_rest_go_on(
    db: Database, job: Make, mail_server: Any, address: str
) -> None:
    demo.load_people(db, START)
    db.write(lambda session: session.execute(update(people).where(people.c.id == "qin").values(email=address)))
    mail_server.answers = {r"RCPT (?!TO:<\w+@example.com>)": b"501 5.1.3 bad address"}
    notify(job(to="role:finance", **FAULT), smtp(mail_server))

    assert sorted(receivers(mail_server)) == ["he@example.com", "zhou@example.com"]
    assert outcomes(db)[address][0] == "refused"


def test_a_server_that_refuses_the_sender_or_the_password_is_no_fault_of_a_receiver(
    db: Database, job: Make, mail_server: Any
) -> None:
    mail_server.answers = {"MAIL FROM": b"530 5.7.0 authentication required"}
    with pytest.raises(TryLater, match="530"):
        notify(job(to="customer:a@example.com", **FAULT), smtp(mail_server))

    assert outcomes(db)["a@example.com"][0] == "waiting"


@pytest.mark.parametrize("drop", [b"2", b"220-more to come\r\n"])
def test_a_mail_server_that_drips_is_left_in_time(db: Database, job: Make, dripping_server: Any, drop: bytes) -> None:
    """However short each wait is: all of them together are bounded, and so is how much is read."""
    dripping_server.drop = drop
    channels = replace(smtp(dripping_server), mail_seconds=1.0)
    begun = monotonic()
    with pytest.raises(TryLater, match="1 s"):
        notify(job(to="customer:a@example.com", **FAULT), channels)

    assert monotonic() - begun < 30
    assert outcomes(db)["a@example.com"][0] == "waiting"


def test_a_mail_server_that_says_too_much_is_left(job: Make, dripping_server: Any) -> None:
    dripping_server.pause, dripping_server.drop = 0, b"220-" + b"x" * 8000 + b"\r\n"
    with pytest.raises(TryLater, match="longer than"):
        notify(job(to="customer:a@example.com", **FAULT), smtp(dripping_server))


def test_a_web_server_that_drips_is_left_in_time(job: Make, dripping_server: Any) -> None:
    hook = Channels(webhook_url=f"http://127.0.0.1:{dripping_server.server_address[1]}/", webhook_seconds=1.0)
    with pytest.raises(TryLater, match="1 s"):
        notify(job(to="person:sun", **FAULT), hook)


def test_a_mail_server_that_is_away_keeps_the_webhook_from_nothing(job: Make, web_server: Any) -> None:
    both = Channels(smtp_url="smtp://127.0.0.1:1", webhook_url=f"http://127.0.0.1:{web_server.server_address[1]}/")
    with pytest.raises(TryLater):
        notify(job(to=["customer:a@example.com", "customer:b@example.com"], **FAULT), both)

    assert len(web_server.received) == 2


def test_the_webhook_is_told_once_with_the_key_of_the_job(job: Make, web_server: Any) -> None:
    hook = Channels(webhook_url=f"http://127.0.0.1:{web_server.server_address[1]}/hook")
    for _ in range(2):
        notify(job(to="person:sun", **FAULT), hook)

    ((headers, body),) = web_server.received
    assert headers["Idempotency-Key"].startswith("1-0-0.")
    assert json.loads(body)["subject"] == "重大故障"


@pytest.mark.parametrize("status", [302, 307, 400, 401, 404, 410])
def test_what_the_webhook_refuses_for_good_or_sends_elsewhere_is_noted_and_followed_nowhere(
    db: Database, job: Make, web_server: Any, status: int
) -> None:
    web_server.status = status
    hook = Channels(webhook_url=f"http://127.0.0.1:{web_server.server_address[1]}/hook")
    for _ in range(2):
        notify(job(to="person:sun", **FAULT), hook)

    assert len(web_server.received) == 1
    state, attempts, answer = outcomes(db)["webhook"]
    assert (state, attempts, answer.split()[:2]) == ("refused", 1, ["HTTP", str(status)])


@pytest.mark.parametrize(
    ("status", "wait", "pause"),
    [(500, "", 0), (503, "120", 120), (429, "7", 7), (408, "soon", 0), (503, "Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_what_the_webhook_does_not_take_now_is_posted_again_when_it_asks_for(
    db: Database, job: Make, web_server: Any, status: int, wait: str, pause: int
) -> None:
    web_server.status, web_server.headers = status, {"Retry-After": wait}
    hook = Channels(webhook_url=f"http://127.0.0.1:{web_server.server_address[1]}/hook")
    with pytest.raises(TryLater, match=str(status)) as put_off:
        notify(replace(job(to="person:sun", **FAULT), last=True), hook)
    web_server.status = 200
    notify(job(to="person:sun", **FAULT), hook)

    assert put_off.value.after == timedelta(seconds=pause)
    assert outcomes(db)["webhook"] == ("taken", 2, "")


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
