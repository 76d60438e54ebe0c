"""Statements prepared once: the same rows as SQLAlchemy writes, together, in order, and never two of one step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.database import Database
from engine.session import Session
from engine.tables import anchors, sequences
from engine.trouble import DatabaseBusy

_add = insert(sequences).values(name=bindparam("name"), last=bindparam("last"))
_raise = (
    update(sequences)
    .where(sequences.c.name == bindparam("of"), sequences.c.last == bindparam("was"))
    .values(last=bindparam("last"))
)
_all = select(sequences.c.name, sequences.c.last).order_by(sequences.c.name)


def stored(db: Database) -> dict[str, int]:
    with db.reading() as session:
        return dict(iter(session.execute(_all).all()))


def test_writes_are_there_for_the_next_statement_and_after_the_commit(db: Database) -> None:
    def work(session: Session) -> list[str]:
        session.later(_add, {"name": "PA", "last": 1})
        session.later(_raise, {"of": "PA", "was": 1, "last": 2}, moves=True)
        seen = session.execute(_all).all()
        session.later(_add, {"name": "FS", "last": 7})
        return [name for name, _ in seen]

    assert db.write(work) == ["PA"]
    assert stored(db) == {"FS": 7, "PA": 2}


def test_values_are_written_and_read_as_by_sqlalchemy(db: Database) -> None:
    """Moments in UTC whatever zone they come in, bytes, integers, nothing at all."""
    moment = datetime(2026, 11, 26, 8, 30, 0, 120, tzinfo=timezone(timedelta(hours=8)))
    row = {"id": 3, "at": moment, "root": b"\x00\xff" * 16, "openings": 0, "openings_root": None}
    columns = [anchors.c[name] for name in row]
    add = insert(anchors).values({name: bindparam(name) for name in row}).returning(*columns)
    read = select(*columns).where(anchors.c.id == bindparam("wanted"))

    given = db.write(lambda session: session.first(add, row))
    with db.reading() as session:
        found, usual = session.first(read, {"wanted": 3}), session.execute(read, {"wanted": 3}).one()

    assert found is not None
    assert given is not None
    assert list(given) == list(found) == list(usual) == [3, moment.astimezone(UTC), b"\x00\xff" * 16, 0, None]


def test_rows_have_the_names_of_their_columns(db: Database) -> None:
    for name in ("FS", "PA"):
        db.write(lambda session: session.later(_add, {"name": name, "last": 3}))  # noqa: B023

    with db.reading() as session:
        found = session.all(_all, {})

    assert [(row.name, row.last) for row in found] == [("FS", 3), ("PA", 3)]


def test_no_row_is_none(db: Database) -> None:
    with db.reading() as session:
        assert session.first(select(sequences.c.last).where(sequences.c.name == bindparam("of")), {"of": "-"}) is None


def test_who_finds_its_row_moved_already_is_run_again(db: Database) -> None:
    db.write(lambda session: session.later(_add, {"name": "PA", "last": 1}))
    expected = iter([0, 0, 1])

    def work(session: Session) -> None:
        session.later(_add, {"name": "FS", "last": 1})
        session.later(_raise, {"of": "PA", "was": next(expected), "last": 5}, moves=True)

    db.write(work)
    assert stored(db) == {"FS": 1, "PA": 5}


def test_a_conflict_counts_before_the_collision_that_follows_from_it(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever comes second moves no row, and adds one that is there: no error of the program, nor anything to log."""
    db.write(lambda session: session.later(_add, {"name": "PA", "last": 1}))

    def work(session: Session) -> None:
        session.later(_raise, {"of": "PA", "was": 0, "last": 2}, moves=True)
        session.later(_add, {"name": "PA", "last": 2})
        session.later(_add, {"name": "FS", "last": 1})

    with pytest.raises(DatabaseBusy):
        db.write(work)
    assert stored(db) == {"PA": 1}
    assert caplog.messages == []


def test_a_collision_alone_is_an_error_and_undoes_everything(db: Database) -> None:
    def work(session: Session) -> None:
        session.later(_add, {"name": "FS", "last": 1})
        session.later(_add, {"name": "FS", "last": 2})

    with pytest.raises(IntegrityError, match="INSERT INTO sequences"):
        db.write(work)
    assert stored(db) == {}


def test_a_failing_question_is_an_error_of_the_database(db: Database) -> None:
    def work(session: Session) -> None:
        session.first(_add.returning(sequences.c.last), {"name": None, "last": 1})

    with pytest.raises(DBAPIError, match="INSERT INTO sequences"):
        db.write(work)


def test_writes_that_wait_when_the_work_fails_are_never_carried_out(db: Database) -> None:
    def work(session: Session) -> None:
        session.later(_add, {"name": "PA", "last": 1})
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        db.write(work)
    assert stored(db) == {}


def test_reading_keeps_no_write_that_was_left_for_later(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.reading() as session:
        session.later(_add, {"name": "PA", "last": 1})
        assert session.first(select(sequences.c.last), {}) == (1,)

    assert stored(db) == {}
    db.dispose()
