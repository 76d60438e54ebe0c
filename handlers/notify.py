"""`notify`: tell the people of a role, a person or a customer something; in the product, by mail and by webhook.

Input {to: `role:<key>` | `person:<id>` | `customer:<e-mail>` or a list of these, subject, text, due?}. Gives nothing.

Subject and text are texts, or `{zh, en}` for readers of both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address

from company import notifications
from company.notifications import Notification
from engine.history.calendars import zone_in_force
from engine.session import Session
from engine.values import Value
from engine.worker import Job
from handlers import given
from handlers.channels import Channels, mail, post

LONGEST_TEXT = 10_000


def notify(job: Job, channels: Channels) -> Mapping[str, Value]:
    """Write the notifications first, then send what no channel has taken yet."""
    to = job.input.get("to")
    addresses = [_address(job, each) for each in (to if isinstance(to, list) and to else [to])]
    told = job.db.write(lambda session: [_note(session, job, each) for each in dict.fromkeys(addresses)])
    for notification in told:
        _send(job, channels, notification)
    return {}


def _address(job: Job, value: Value) -> str:
    address = given.address(job, "to", ("role", "person", "customer"), value)
    if address.startswith("customer:"):
        try:
            Address(addr_spec=address.removeprefix("customer:"))
        except (MessageError, ValueError, IndexError) as error:
            raise given.refused("to", "不是电子邮件地址", "is not an e-mail address") from error
    return address


def _note(session: Session, job: Job, address: str) -> Notification:
    subject, text = given.words(job, "subject"), given.words(job, "text", "", LONGEST_TEXT)
    return notifications.note(
        session,
        job.key,
        address,
        job.now,
        subject=subject.zh,
        subject_en=subject.en,
        text=text.zh,
        text_en=text.en,
        number=job.number,
        due_at=given.moment(job, session, "due"),
    )


def _send(job: Job, channels: Channels, told: Notification) -> None:
    if channels.smtp_url and told.mailed_at is None:
        with job.db.reading() as session:
            receivers = notifications.mail_addresses(session, told.address)
            zone = zone_in_force(session)
        if receivers:
            mail(channels, told, receivers, zone)
            job.db.write(lambda session: notifications.mark_sent(session, told.id, mailed_at=job.now))
    if channels.webhook_url and told.posted_at is None:
        post(channels, told)
        job.db.write(lambda session: notifications.mark_sent(session, told.id, posted_at=job.now))
