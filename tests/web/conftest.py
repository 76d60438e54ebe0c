"""The pages under test: the application over a migrated database with the demo people and the price approval."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from waitress import wasyncore
from werkzeug.test import TestResponse

from company.people import directory, sessions
from demo import people as demo
from engine.actor import Actor
from engine.clauses import Register
from engine.database import Database
from engine.jobs import Job, JobError
from tests.bench import Bench
from tests.databases import prepared_database, prepared_file
from tests.postgres import PostgresServer
from tests.product import ROOT, START, Approval, deploy_approval
from web import Services, create_app
from web.serving.server import create_server
from web.shared.signed_in import COOKIE

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pages are the same on both databases: browsers see them on one."""
    twice = {item for item in items if "chromium" in getattr(item, "fixturenames", ()) and "postgresql" in item.name}
    items[:] = [item for item in items if item not in twice]
    config.hook.pytest_deselected(items=sorted(twice, key=lambda item: item.nodeid))


@dataclass(slots=True)
class Clock:
    """The clock the pages read; tests move it."""

    now: datetime = START

    def forward(self, **span: float) -> None:
        """Let time pass: `clock.forward(hours=2)`."""
        self.now += timedelta(**span)


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser, logged in as `account` or not at all (None)."""

    app: Flask
    account: str | None
    client: Any = field(init=False)
    _token: str = ""

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        if self.account:
            services: Services = self.app.extensions["clauseflow"]
            self.client.set_cookie(COOKIE, sessions.open_session(services.db, services.now(), self.account))

    def get(self, address: str, **options: Any) -> TestResponse:
        """Open a page."""
        answer: TestResponse = self.client.get(address, **options)
        return answer

    def post(self, address: str, values: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form with the protection the pages gave."""
        if not self._token:
            found = TOKEN.search(self.get("/nowhere").text)
            assert found
            self._token = found[1]
        answer: TestResponse = self.client.post(address, data={"csrf_token": self._token, **(values or {})}, **options)
        if address in ("/login", "/logout"):
            self._token = ""  # which begin a new protection
        return answer

    def speaks(self, language: str) -> Visitor:
        """The same visitor reading in another language."""
        self.client.set_cookie("cf_language", language)
        return self


@pytest.fixture
def clock() -> Clock:
    """Monday morning, until the test says otherwise."""
    return Clock()


@pytest.fixture(scope="session")
def prepare_staffed(prepare_database: Callable[[str], None], register: Register) -> Callable[[str], None]:
    """What is done once to an empty database before the tests of pages get copies of it."""

    def prepare(url: str) -> None:
        prepare_database(url)
        db = Database(url)
        deploy_approval(db, register)
        demo.load_people(db, START)
        db.dispose()

    return prepare


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, prepare_staffed: Callable[[str], None]) -> Path:
    """A SQLite file with the deployed price approval and the demo people."""
    return prepared_file(tmp_path_factory, prepare_staffed)


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer, worker_id: str, prepare_staffed: Callable[[str], None]
) -> Iterator[str]:
    """The name of a PostgreSQL database with the same."""
    yield from prepared_database(postgres_server, f"staffed_{worker_id}", prepare_staffed)


@pytest.fixture
def staffed(db: Database) -> Approval:
    """The deployed price approval and the demo people."""
    return Approval(db)


@pytest.fixture
def stuck(staffed: Approval) -> Bench:
    """A case whose mail cannot be sent."""

    def refuse(_: Job) -> Any:
        raise JobError(reason="没有这个邮箱")

    bench = Bench(staffed.db)
    bench.deploy("notice")
    bench.mail = refuse
    bench.start("notice")
    bench.drain()
    return bench


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """The one application of this run, once it was asked for: only its services differ from test to test."""
    return {}


@pytest.fixture
def app(staffed: Approval, register: Register, clock: Clock, applications: dict[str, Flask]) -> Flask:
    """The application on the test's database and clock."""
    services = Services(
        db=staffed.db,
        register=register,
        now=lambda: clock.now,
        secret="for tests only",
        secure_cookies=False,
        content=ROOT,
    )
    if not applications:
        applications["pages"] = create_app(services)
    pages = applications["pages"]
    pages.extensions["clauseflow"] = services
    pages.extensions.pop("clauseflow.ledger", None)  # counted from another test's database
    return pages


@pytest.fixture
def visit(app: Flask) -> Callable[[str | None], Visitor]:
    """`visit("lin")`: that person at a browser of their own."""
    return lambda account=None: Visitor(app, account)


@pytest.fixture
def act(db: Database, clock: Clock) -> Callable[[str], Actor]:
    """`act("lin")`: that demo person as commands know them."""

    def actor(account: str) -> Actor:
        with db.reading() as session:
            return directory.actor_of(session, account, clock.now)

    return actor


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application at a port of its own, for real browsers."""
    server = create_server(app, "127.0.0.1", 0, 8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # In the loop's own thread: a browser that keeps its connections open would hold the server up for long.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
    thread.join(timeout=10)
    assert not thread.is_alive()
    server.task_dispatcher.shutdown()
