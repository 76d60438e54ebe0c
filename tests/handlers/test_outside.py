"""The ways out of the bench within TLS: trusted servers alone, and the same deadline from the first packet on."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from handlers.outside.answers import Away
from handlers.outside.channels import Channels, plain_mail
from handlers.outside.connection import Deadline
from handlers.outside.postman import Postman
from handlers.outside.web_call import send
from tests.product import START


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
    builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
    made = builder.sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "here.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return path


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def context_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def within_tls(server: Any, certificate: Path) -> Any:
    """The server speaks TLS from the first byte on."""
    server.socket = context_of(certificate).wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


@pytest.fixture
def secure_mail(mail_server: Any, certificate: Path) -> Any:
    return within_tls(mail_server, certificate)


@pytest.fixture
def secure_web(web_server: Any, certificate: Path) -> Any:
    return within_tls(web_server, certificate)


def port(server: Any) -> int:
    return int(server.server_address[1])


def mail_to(channels: Channels) -> None:
    with Postman(channels) as postman:
        for receiver in ("a@example.com", "b@example.com"):
            postman.send(receiver, partial(plain_mail, channels, receiver, "subject", "text" * 9000, START))


@pytest.mark.usefixtures("trusted")
def test_mail_goes_over_tls(secure_mail: Any) -> None:
    mail_to(Channels(smtp_url=f"smtps://127.0.0.1:{port(secure_mail)}"))

    assert len(secure_mail.received) == 2


@pytest.mark.usefixtures("trusted")
def test_mail_goes_over_tls_that_is_begun_on_the_way(mail_server: Any, certificate: Path) -> None:
    channels = Channels(smtp_url=f"smtp+starttls://127.0.0.1:{port(mail_server)}")
    with pytest.raises(Away, match="STARTTLS"):
        mail_to(channels)
    assert mail_server.received == [], "never in the open"
    mail_server.tls = context_of(certificate)
    mail_to(channels)

    assert len(mail_server.received) == 2


@pytest.mark.usefixtures("trusted")
def test_a_webhook_is_called_over_https(secure_web: Any) -> None:
    send(f"https://127.0.0.1:{port(secure_web)}/hook", b"x" * 100_000, {}, Deadline(20))

    assert len(secure_web.received) == 1


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(secure_mail: Any, secure_web: Any) -> None:
    with pytest.raises(Away, match="CERTIFICATE_VERIFY_FAILED"):
        mail_to(Channels(smtp_url=f"smtps://127.0.0.1:{port(secure_mail)}"))
    with pytest.raises(Away, match="CERTIFICATE_VERIFY_FAILED"):
        send(f"https://127.0.0.1:{port(secure_web)}/", b"", {}, Deadline(20))

    assert secure_mail.received == secure_web.received == []


@pytest.fixture
def silent_server() -> Iterator[ThreadingTCPServer]:
    """Something that takes connections and says nothing."""
    with ThreadingTCPServer(("127.0.0.1", 0), object) as server:  # type: ignore[arg-type]
        yield server


def test_a_server_that_never_shakes_hands_is_left_in_time(silent_server: Any) -> None:
    channels = Channels(smtp_url=f"smtps://127.0.0.1:{port(silent_server)}", mail_seconds=0.5)
    with pytest.raises(Away):
        mail_to(channels)
    with pytest.raises(Away):
        send(f"https://127.0.0.1:{port(silent_server)}/", b"", {}, Deadline(0.5))
    with pytest.raises(Away, match=r"0\.5 s"):
        mail_to(replace(channels, smtp_url=f"smtp://127.0.0.1:{port(silent_server)}"))


@pytest.mark.parametrize("pause", [0.0, 0.05])
@pytest.mark.usefixtures("trusted")
def test_a_server_that_goes_on_for_ever_within_tls_is_left_in_time(
    dripping_server: Any, certificate: Path, pause: float
) -> None:
    dripping_server.pause = pause
    secure = within_tls(dripping_server, certificate)
    with pytest.raises(Away):
        mail_to(Channels(smtp_url=f"smtps://127.0.0.1:{port(secure)}", mail_seconds=1.0))
    with pytest.raises(Away):
        send(f"https://127.0.0.1:{port(secure)}/", b"", {}, Deadline(1.0))
