"""The demo's people, and visitors who use the pages as they do: with a browser's cookies and its form protection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from company import demo
from company.people import actor_of
from engine.actor import Actor
from engine.clauses import Register
from engine.database import Database
from tests.product import ROOT, START
from web import Services, create_app

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(slots=True)
class Clock:
    """A clock that tests set."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, gap: timedelta) -> None:
        """Let time pass."""
        self.now += gap


@dataclass(slots=True)
class Visitor:
    """A browser."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=lambda: {"Accept": "text/html", "Accept-Language": "zh"})

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers=self.headers | headers)

    def post(self, path: str, fields: dict[str, Any] | None = None) -> TestResponse:
        """Submit a form with its protection."""
        token = _TOKEN.search(self.get("/login").text) or _TOKEN.search(self.get("/me").text)
        assert token is not None
        return self.client.post(path, data={"csrf_token": token[1], **(fields or {})}, headers=self.headers)

    def log_in(self, account: str, password: str = demo.PASSWORD, **fields: str) -> TestResponse:
        """Log in through the page."""
        return self.post("/login", {"account": account, "password": password, **fields})


def text_of(response: TestResponse) -> str:
    """What a page says, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.text)).split())


@pytest.fixture
def staffed(db: Database) -> Database:
    """A migrated database with the demo's people."""
    demo.load_people(db, START)
    return db


@pytest.fixture
def actor(staffed: Database) -> Callable[[str], Actor]:
    """The actor of an account."""

    def find(account: str, now: datetime = START) -> Actor:
        with staffed.reading() as session:
            return actor_of(session, account, now)

    return find


@pytest.fixture
def reading(staffed: Database) -> Iterator[Session]:
    """A session that reads what was committed before it is first used."""
    with staffed.reading() as session:
        yield session


@pytest.fixture
def clock() -> Clock:
    """The pages' clock."""
    return Clock()


@pytest.fixture
def app(staffed: Database, register: Register, clock: Clock, tmp_path: Path) -> Flask:
    """The web application with the demo's people."""
    services = Services(
        db=staffed,
        register=register,
        now=clock,
        secret="of these tests",
        secure_cookies=False,
        content=ROOT,
        anchor_file=tmp_path / "anchors.jsonl",
    )
    return create_app(services)


@pytest.fixture
def visitor(app: Flask) -> Callable[..., Visitor]:
    """Makes a browser of its own, logged in if an account is named."""

    def open_browser(account: str | None = None) -> Visitor:
        found = Visitor(app.test_client())
        if account:
            assert found.log_in(account).status_code == 303
        return found

    return open_browser
