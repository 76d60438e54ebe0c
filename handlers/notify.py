"""`notify`: tell the people of a role, a person or a customer something; in the product, by mail and by webhook.

Input {to: `role:<key>` | `person:<id>` | `customer:<e-mail>` or a list of these, subject, text, due?}. Gives nothing.

Subject and text are texts, or `{zh, en}` for readers of both languages. Each receiver is told once: whom a server
refuses for good is noted for the administrators and holds up nobody; who was not reached is tried again, they alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from functools import partial

from company.notifications import deliveries, store
from company.notifications.deliveries import Delivery
from company.notifications.store import Notification
from engine.database import command
from engine.history.calendars import zone_in_force
from engine.jobs import Job, TryLater
from engine.session import Session
from engine.values import Value
from handlers import given
from handlers.outside.answers import Away, Declined, Deferred
from handlers.outside.channels import Channels, mail, post
from handlers.outside.connection import Deadline
from handlers.outside.postman import Postman

LONGEST_TEXT = 10_000
WEBHOOK = "webhook"
"""The one receiver of that channel."""

Waiting = Sequence[tuple[Notification, Delivery]]


def notify(job: Job, channels: Channels) -> Mapping[str, Value]:
    """Write the notifications and who is to get them first, then send what no channel has taken yet."""
    to = job.input.get("to")
    addresses = [_address(job, each) for each in (to if isinstance(to, list) and to else [to])]
    told = _notes(job.db, job, channels, dict.fromkeys(addresses))
    trouble = [*_mail(job, channels, told), *_post(job, channels, told)]
    if trouble:
        raise TryLater(_said_of(trouble), max((each.after for each in trouble), default=timedelta(0)))
    return {}


def _said_of(trouble: Iterable[TryLater]) -> str:
    """What each of them says, once: all that is Chinese before all that is English."""
    halves = [str(each).partition(" · ") for each in trouble]
    zh = "; ".join(dict.fromkeys(zh for zh, _, _ in halves))
    en = "; ".join(dict.fromkeys(en or zh for zh, _, en in halves))
    return zh if zh == en else f"{zh} · {en}"


def _address(job: Job, value: Value) -> str:
    address = given.address(job, "to", ("role", "person", "customer"), value)
    if address.startswith("customer:"):
        try:
            Address(addr_spec=address.removeprefix("customer:"))
        except (MessageError, ValueError, IndexError) as error:
            raise given.refused("to", "不是电子邮件地址", "is not an e-mail address") from error
    return address


@command
def _notes(session: Session, job: Job, channels: Channels, addresses: Iterable[str]) -> list[Notification]:
    return [_note(session, job, channels, each) for each in addresses]


def _note(session: Session, job: Job, channels: Channels, address: str) -> Notification:
    subject, text = given.words(job, "subject"), given.words(job, "text", "", LONGEST_TEXT)
    told = store.note(
        session,
        job.key,
        address,
        job.now,
        subject=subject.zh,
        subject_en=subject.en,
        text=text.zh,
        text_en=text.en,
        number=job.number,
        due_at=given.deadline(job, session, "due"),
    )
    if channels.smtp_url and not deliveries.is_wanted(session, "mail", notification_id=told.id):
        deliveries.want(session, "mail", store.mail_addresses(session, address), notification_id=told.id)
    if channels.webhook_url:
        deliveries.want(session, "webhook", [WEBHOOK], notification_id=told.id)
    return told


def _waiting(job: Job, channel: str, told: Sequence[Notification]) -> Waiting:
    with job.db.reading() as session:
        found = [(one, each) for one in told for each in deliveries.waiting(session, channel, one.id)]
    return sorted(found, key=lambda pair: pair[1].attempts)


def _mail(job: Job, channels: Channels, told: Sequence[Notification]) -> list[TryLater]:
    """Mail what waits; returns why some of it still does."""
    wanted = _waiting(job, "mail", told) if channels.smtp_url else []
    if not wanted:
        return []
    with job.db.reading() as session:
        zone = zone_in_force(session)
    with Postman(channels) as postman:

        def send(one: Notification, receiver: str) -> None:
            postman.send(receiver, partial(mail, channels, one, receiver, zone))

        return _each(job, wanted, send, give_up=job.last)


def _post(job: Job, channels: Channels, told: Sequence[Notification]) -> list[TryLater]:
    """Post what waits; returns why some of it still does."""
    wanted = _waiting(job, "webhook", told) if channels.webhook_url else []
    deadline = Deadline(channels.webhook_seconds)
    return _each(job, wanted, lambda one, _: post(channels, one, deadline), give_up=False)


def _each(job: Job, wanted: Waiting, send: Callable[[Notification, str], None], *, give_up: bool) -> list[TryLater]:
    """Send to each and note at once what became of it. With `give_up`, whom the server puts off is not tried again."""
    trouble: list[TryLater] = []
    for one, delivery in wanted:
        try:
            send(one, delivery.receiver)
        except Declined as error:
            _tried(job, delivery, "refused", error)
        except Away as error:
            return [*trouble, error]
        except TryLater as error:
            given_up = give_up and isinstance(error, Deferred)
            _tried(job, delivery, "given_up" if given_up else "waiting", error)
            trouble += [] if given_up else [error]
        else:
            _tried(job, delivery, "taken")
    return trouble


def _tried(job: Job, delivery: Delivery, state: deliveries.State, answer: Exception | str = "") -> None:
    deliveries.tried(job.db, delivery.id, job.now, state, str(answer))
