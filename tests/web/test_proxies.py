"""Where a request comes from and which host is ours: told by our own proxies and settings, never by who asks."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select

from company.people.tables import sessions
from demo import people as demo
from web import create_app
from web.shared.network import network_address

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def behind(app):
    """`behind(trusted_proxies=1)`: an application of its own with such settings."""
    return lambda **settings: create_app(replace(app.extensions["clauseflow"], **settings))


def address_of_a_log_in(application, staffed, **headers):
    """What is kept as the address of a session that was opened with such headers."""
    client = application.test_client()
    token = TOKEN.search(client.get("/login").text)[1]
    fields = {"csrf_token": token, "account": "lin", "password": demo.PASSWORD}
    assert client.post("/login", data=fields, headers=headers).status_code == 303
    with staffed.db.reading() as session:
        return session.execute(select(sessions.c.address).order_by(sessions.c.id.desc())).scalars().first()


FORWARDED = {"X-Forwarded-For": "198.51.100.66, 203.0.113.7, 10.0.0.5"}


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "10.0.0.5"), (2, "203.0.113.7"), (9, "127.0.0.1")]
)
def test_the_client_is_whom_the_outermost_of_our_proxies_saw(behind, staffed, proxies, address):
    assert address_of_a_log_in(behind(trusted_proxies=proxies), staffed, **FORWARDED) == address


def test_inventing_addresses_does_not_evade_the_throttle(behind):
    client = behind(trusted_proxies=1).test_client()
    answers = []
    for n in range(8):
        token = TOKEN.search(client.get("/login").text)[1]
        fields = {"csrf_token": token, "account": "lin", "password": "wrong password"}
        headers = {"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.7"}
        answers.append(client.post("/login", data=fields, headers=headers).status_code)
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", ""),
        ("unknown", ""),
    ],
)
def test_attempts_are_counted_by_what_one_customer_of_a_provider_has(app, peer, counted):
    with app.test_request_context(environ_base={"REMOTE_ADDR": peer}):
        assert network_address() == counted


def code_of(application, visit, staffed, act, monkeypatch, **headers):
    """Where the code on the paper of a case leads."""
    made = []
    monkeypatch.setattr("web.cases.documents.segno.make", lambda address, **_: made.append(address) or 1 / 0)
    staffed.start(by=act("lin"))
    visitor = type(visit("lin"))(application, "lin")
    visitor.get(f"/documents/{staffed.number}/code.svg", headers=headers)
    return made[0].removesuffix(f"/cases/{staffed.number}") if made else None


@pytest.mark.parametrize(
    ("settings", "headers", "expected"),
    [
        ({}, {}, "http://localhost"),
        ({}, {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}, "http://localhost"),
        ({"trusted_proxies": 1}, {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}, "https://localhost"),
        ({"public_url": "https://localhost"}, {}, "https://localhost"),
        ({"public_url": "https://localhost"}, {"Host": "evil.example"}, None),
    ],
)  # fmt: skip
def test_a_code_on_paper_leads_to_a_host_of_ours(behind, visit, staffed, act, monkeypatch, settings, headers, expected):
    assert code_of(behind(**settings), visit, staffed, act, monkeypatch, **headers) == expected


def test_another_host_is_told_where_to_go(behind):
    client = behind(public_url="https://clauseflow.example.com").test_client()
    for page in (client.get("/", headers={"Host": "evil.example"}),
                 client.post("/login", headers={"Host": "evil.example"})):  # fmt: skip
        assert page.status_code == 400
        assert "https://clauseflow.example.com/" in unescape(page.text)
        assert "Content-Security-Policy" in page.headers
    assert client.get("/login", headers={"Host": "clauseflow.example.com"}).status_code == 200
