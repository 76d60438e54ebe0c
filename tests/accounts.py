"""The demo's people in a database, and the actors they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from company.people.directory import actor_of
from demo import people as demo
from engine.actor import Actor
from engine.database import Database
from engine.session import Session
from tests.product import START


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
