"""The two transactions: whole or not at all, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from unittest.mock import Mock

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import InternalError

from engine.database import BadDatabaseUrl, Database
from engine.prepared import VersionConflict
from engine.session import Session
from engine.tables import sequences
from engine.trouble import DatabaseBusy

OFF, FULL = 0, 2


@pytest.mark.parametrize("url", ["mysql://u@h/d", "clauseflow.db", ""])
def test_an_address_of_no_known_database_is_refused_by_name(url: str) -> None:
    with pytest.raises(BadDatabaseUrl) as refusal:
        Database(url)

    assert f"“{url}”" in refusal.value.text("zh")


def test_a_failing_work_changes_nothing(db: Database) -> None:
    def work(session: Session) -> None:
        session.execute(insert(sequences).values(name="PA-2026", last=1))
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        db.write(work)

    with db.reading() as session:
        assert session.execute(select(sequences)).all() == []


def test_work_is_run_again_after_a_conflict(db: Database) -> None:
    work = Mock(side_effect=[VersionConflict, VersionConflict, "written"])

    assert db.write(work) == "written"


def test_endless_conflicts_end_in_a_sentence(db: Database) -> None:
    with pytest.raises(DatabaseBusy):
        db.write(Mock(side_effect=VersionConflict))


def test_no_update_is_lost_between_concurrent_writers(db: Database) -> None:
    db.write(lambda session: session.execute(insert(sequences).values(name="n", last=0)))

    def count_up(_: int) -> None:
        def work(session: Session) -> None:
            session.execute(update(sequences).values(last=sequences.c.last + 1))

        db.write(work)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(40)))

    with db.reading() as session:
        assert session.execute(select(sequences.c.last)).scalar_one() == 40


def test_reading_keeps_nothing(db: Database) -> None:
    with db.reading() as session, suppress(InternalError):  # PostgreSQL refuses it at once
        session.execute(insert(sequences).values(name="n", last=0))

    with db.reading() as session:
        assert session.execute(select(sequences)).all() == []


def test_reading_leaves_what_the_server_has_prepared(postgres_url: str) -> None:
    db = Database(postgres_url)
    for _ in range(10):
        with db.reading() as session:
            session.execute(select(sequences)).all()
    with db.reading() as session:
        prepared = session.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    db.dispose()

    assert len([statement for statement in prepared if "sequences" in statement]) == 1


def test_only_in_a_hurry_commits_do_not_wait_for_the_disk(sqlite_url: str) -> None:
    db = Database(sqlite_url)

    def waits() -> int:
        return int(db.write(lambda session: session.execute(text("PRAGMA synchronous")).scalar_one()))

    before = waits()
    with db.hurried():
        hurried = waits()
    after = waits()
    db.dispose()

    assert (before, hurried, after) == (FULL, OFF, FULL)


def test_a_hurry_keeps_what_was_committed(db: Database) -> None:
    with db.hurried():
        db.write(lambda session: session.execute(insert(sequences).values(name="PA-2026", last=1)))

    with db.reading() as session:
        assert session.execute(select(sequences.c.last)).scalars().all() == [1]
