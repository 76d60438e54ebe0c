"""Definitions and calendars are read once per content, whoever asks, and no more are kept than stated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from company.calendar.seed import seeded
from engine.bpmn import Definition
from engine.database import Database
from engine.history import calendars, definitions
from engine.history.definitions import NoSuchProcess, in_force
from tests.product import START


@pytest.mark.usefixtures("approval")
def test_a_definition_is_read_once(db):
    with db.reading() as session:
        first = in_force(session, "price_approval").definition
    with db.reading() as session:
        assert in_force(session, "price_approval").definition is first


def test_a_process_nobody_deployed_is_named(db):
    with db.reading() as session, pytest.raises(NoSuchProcess) as refused:
        in_force(session, "nothing")
    assert "nothing" in refused.value.text("en")


@pytest.mark.usefixtures("approval")
def test_threads_fill_the_cache_of_definitions_beyond_its_bound(db):
    """Each thread used to drop the oldest definition by itself; two that met there raised KeyError."""
    with db.reading() as session:
        row = in_force(session, "price_approval")

    def ask(number: int) -> Definition:
        with db.reading() as session:
            return definitions.stored(session, row.id, row.key, row.version, number.to_bytes(32)).definition

    wanted = [number % 700 for number in range(2000)]
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(ask, wanted))
    assert len(found) == 2000
    assert len(definitions.read_files.cache) == definitions.CACHED


def test_no_more_calendars_are_kept_than_stated(db):
    names = [_put_in_force(db, number) for number in range(calendars.CACHED + 5)]
    with db.reading() as session:
        kept = [calendars.by_hash(session, name) for name in names]
        assert calendars.by_hash(session, names[-1]) is kept[-1]
    assert len(calendars.read_version.cache) == calendars.CACHED


def _put_in_force(db: Database, number: int) -> str:
    """A calendar that differs from every other by one holiday."""
    calendar = replace(seeded(), holidays=frozenset({date(2026, 1, 1) + timedelta(days=number)}))
    return db.write(lambda session: calendars.put_in_force(session, calendar, START, "guan"))
