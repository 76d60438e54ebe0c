"""Mail by SMTP: one connection for many letters, each to one receiver, all within one deadline."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.errors import MessageError
from email.message import EmailMessage
from socket import socket
from types import TracebackType
from urllib.parse import unquote, urlsplit

from handlers.outside.answers import Away, BrokenOff, Declined, Deferred
from handlers.outside.channels import Channels
from handlers.outside.connection import Deadline, connect, tls

LEAST = 1 / 12
"""With less of the time left no letter is begun: one cut off while the server takes it would be sent again."""

GOODBYE_SECONDS = 2.0
CLOSING, TOO_LARGE = 421, 552


class _Server(smtplib.SMTP):
    """An SMTP server met within a deadline; `secure` from the first byte on, or as it stands."""

    def __init__(self, host: str, port: int, deadline: Deadline, *, secure: bool) -> None:
        self.deadline, self.secure = deadline, secure
        super().__init__(host, port)

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket:
        made = connect(host, port, self.deadline)
        return tls().wrap_socket(made, server_hostname=host) if self.secure else made


class Postman:
    """Takes letters to the mail server of the settings, connecting when there is a first one."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels
        self._deadline = Deadline(channels.mail_seconds)
        self._server: _Server | None = None

    def __enter__(self) -> Postman:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._server and self._server.sock:
            self._server.sock.deadline = Deadline(GOODBYE_SECONDS)  # type: ignore[attr-defined]
            with suppress(OSError):  # smtplib's errors are among them
                self._server.quit()
        self._hang_up()

    def send(self, receiver: str, letter: Callable[[], EmailMessage]) -> None:
        """Send one letter to one receiver.

        Raises Declined where it will never be taken, Deferred where the server puts off this receiver alone, Away
        where the server cannot be used, BrokenOff where the connection was lost; the next letter goes on a new one.
        """
        try:
            made = letter()
        except (MessageError, ValueError, IndexError) as error:  # addresses that cannot stand in a header
            raise Declined(f"{receiver}: 不是电子邮件地址 · not an e-mail address") from error
        server = self._connected()
        try:
            server.send_message(made, self._channels.mail_from, [receiver])
        except smtplib.SMTPRecipientsRefused as refused:
            raise _answer(*refused.recipients[receiver]) from refused
        except smtplib.SMTPSenderRefused as refused:
            if refused.smtp_code == TOO_LARGE:
                raise _answer(refused.smtp_code, refused.smtp_error) from refused
            raise Away(_words(refused.smtp_code, refused.smtp_error)) from refused
        except smtplib.SMTPDataError as refused:
            raise _answer(refused.smtp_code, refused.smtp_error) from refused
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise Declined(f"{receiver}: 邮件服务器不支持 · not supported by the mail server ({error})") from error
        except OSError as error:
            self._hang_up()
            raise BrokenOff(_described(error)) from error

    def _connected(self) -> _Server:
        try:
            if self._deadline.left() < LEAST * self._deadline.seconds:
                raise TimeoutError("时间用完了 · out of time")
            if self._server is None or self._server.sock is None:
                self._server = _open(self._channels.smtp_url, self._deadline)
        except OSError as error:
            raise Away(f"{urlsplit(self._channels.smtp_url).hostname}: {_described(error)}") from error
        return self._server

    def _hang_up(self) -> None:
        if self._server:
            self._server.close()
        self._server = None


def _open(url: str, deadline: Deadline) -> _Server:
    """Connect as the address says, and log in. Raises OSError (smtplib's errors are among them)."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    server = _Server(parts.hostname or "localhost", parts.port or (465 if secure else 25), deadline, secure=secure)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=tls())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.ehlo_or_helo_if_needed()
    except OSError:
        server.close()
        raise
    return server


def _answer(code: int, text: bytes | str) -> Declined | Deferred | BrokenOff:
    """A refusal is for good from 500 on; with 421 the server ends the conversation, whoever the letter is for."""
    if code == CLOSING:
        return BrokenOff(_words(code, text))
    return Declined(_words(code, text)) if code >= 500 else Deferred(_words(code, text))


def _words(code: int, text: bytes | str) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {said}".split())[:500]


def _described(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
