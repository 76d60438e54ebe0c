"""Outside channels: mail by SMTP and a webhook. Each is used when it is configured; only there do we call."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from company.notifications.store import Notification
from handlers.outside.connection import Deadline
from handlers.outside.web_call import send

_letters = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent / "letters"),
    autoescape=False,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Channels:
    """Where mail and webhook go; empty for a channel that is not used.

    The seconds are what all mail, and all calls of the webhook, of one attempt may take together.
    """

    smtp_url: str = ""
    mail_from: str = "clauseflow@localhost"
    webhook_url: str = ""
    mail_seconds: float = 60.0
    webhook_seconds: float = 30.0


def letter(told: Notification, zone: tzinfo) -> str:
    """The body of a mail, from the letter for customers or for people of the company; times are those of `zone`."""
    name = "customer" if told.address.startswith("customer:") else "person"
    return _letters.get_template(f"{name}.txt").render(
        text=_for_all(told.text, told.text_en, "\n\n"),
        number=told.number,
        due=told.due_at and told.due_at.astimezone(zone),
    )


def mail(channels: Channels, told: Notification, receiver: str, zone: tzinfo) -> EmailMessage:
    """The mail for one receiver. Its id follows from the job, so that a second one is known for a duplicate."""
    subject = " ".join(_for_all(told.subject, told.subject_en, " · ").split())
    message = plain_mail(channels, receiver, subject, letter(told, zone), told.at)
    message["Message-ID"] = f"<{told.job_key}.{told.id}@clauseflow>"
    return message


def plain_mail(channels: Channels, to: str, subject: str, text: str, at: datetime) -> EmailMessage:
    """A mail of plain text. Raises what `email` raises for an address that cannot stand in a header."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = channels.mail_from, to, subject
    message["Date"] = format_datetime(at)
    message.set_content(text)
    return message


def _for_all(zh: str, en: str, between: str) -> str:
    """Both languages, as nobody knows who reads a mail."""
    return between.join(filter(None, (zh, en)))


def post(channels: Channels, told: Notification, deadline: Deadline) -> None:
    """Post a notification as JSON, with the key of its job so that the receiver may drop a second one.

    Raises what `send` raises.
    """
    content = {
        "address": told.address,
        "subject": told.subject,
        "subject_en": told.subject_en,
        "text": told.text,
        "text_en": told.text_en,
        "number": told.number,
        "at": told.at.isoformat(),
        "due": told.due_at.isoformat() if told.due_at else None,
    }
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"{told.job_key}.{told.id}"}
    send(channels.webhook_url, json.dumps(content, ensure_ascii=False).encode(), headers, deadline)
