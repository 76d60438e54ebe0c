"""The ways out of the house: mail by SMTP and a webhook. Each is used when it is configured; only there do we call."""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPException
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from company.notifications import Notification

TIMEOUT_SECONDS = 10
"""Two calls fit into one lease of the worker."""

MOST_ANSWER = 1 << 20
"""Bytes of an answer that are read."""

_letters = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent / "letters"),
    autoescape=False,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


class _StayHere(HTTPRedirectHandler):
    """A redirect could lead to a host nobody configured."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Channels:
    """Where mail and webhook go; empty for a channel that is not used."""

    smtp_url: str = ""
    mail_from: str = "clauseflow@localhost"
    webhook_url: str = ""


def letter(told: Notification, zone: tzinfo) -> str:
    """The body of a mail, from the letter for customers or for people of the company; times are those of `zone`."""
    name = "customer" if told.address.startswith("customer:") else "person"
    return _letters.get_template(f"{name}.txt").render(
        text=_for_all(told.text, told.text_en, "\n\n"),
        number=told.number,
        due=told.due_at and told.due_at.astimezone(zone),
    )


def mail(channels: Channels, told: Notification, to: list[str], zone: tzinfo) -> None:
    """Send one mail to each. Its id follows from the job, so that a second one is known for a duplicate.

    Raises OSError and smtplib.SMTPException; another attempt may then succeed.
    """
    with _server(channels.smtp_url) as server:
        for receiver in to:
            server.send_message(_message(channels, told, receiver, zone), channels.mail_from, [receiver])


def mail_plain(channels: Channels, to: str, subject: str, text: str, at: datetime) -> None:
    """Send one mail of plain text. Raises OSError (smtplib's errors are among them)."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = channels.mail_from, to, subject
    message["Date"] = format_datetime(at)
    message.set_content(text)
    with _server(channels.smtp_url) as server:
        server.send_message(message, channels.mail_from, [to])


def _message(channels: Channels, told: Notification, receiver: str, zone: tzinfo) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = channels.mail_from, receiver
    message["Subject"] = " ".join(_for_all(told.subject, told.subject_en, " · ").split())
    message["Date"] = format_datetime(told.at)
    message["Message-ID"] = f"<{told.job_key}.{told.id}@clauseflow>"
    message.set_content(letter(told, zone))
    return message


def _for_all(zh: str, en: str, between: str) -> str:
    """Both languages, as nobody knows who reads a mail."""
    return between.join(filter(None, (zh, en)))


def _server(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS,
                                                context=ssl.create_default_context())  # fmt: skip
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    if parts.scheme == "smtp+starttls":
        server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def post(channels: Channels, told: Notification) -> None:
    """Post a notification as JSON, with the key of its job so that the receiver may drop a second one.

    Raises OSError when it is not taken; another attempt may then succeed.
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
    body = json.dumps(content, ensure_ascii=False).encode()
    send(channels.webhook_url, body, headers)


def send(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Post to an address of the settings and give the answer. Raises OSError unless it is one of success."""
    request = Request(url, body, dict(headers))  # noqa: S310 - the settings allow only http and https
    try:
        with build_opener(_StayHere).open(request, timeout=TIMEOUT_SECONDS) as answer:
            return bytes(answer.read(MOST_ANSWER))
    except HTTPException as error:  # an answer that is no HTTP
        raise ConnectionError(f"{url}: {error!r}") from error
