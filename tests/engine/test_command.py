"""A command is a function of a session, and with a database in its place a transaction of its own."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import insert, select

from engine.database import Database, command
from engine.prepared import VersionConflict
from engine.session import Session
from engine.tables import sequences


@command
def add(session: Session, name: str, last: int = 1) -> str:
    """Add a series."""
    session.execute(insert(sequences).values(name=name, last=last))
    return name


def names(db: Database) -> list[str]:
    with db.reading() as session:
        return list(session.execute(select(sequences.c.name).order_by(sequences.c.name)).scalars())


def test_with_a_database_it_is_committed_when_it_returns(db: Database) -> None:
    assert add(db, "A", last=3) == "A"
    assert names(db) == ["A"]


def test_with_a_session_it_is_undone_together_with_what_called_it(db: Database) -> None:
    @command
    def add_both(session: Session) -> None:
        add(session, "B")
        add(session, "A")
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        add_both(db)

    assert names(db) == []


def test_with_a_session_it_is_kept_together_with_what_called_it(db: Database) -> None:
    db.write(lambda session: [add(session, name) for name in "BA"])

    assert names(db) == ["A", "B"]


def test_a_conflict_runs_the_outermost_again_and_nothing_else(db: Database) -> None:
    runs = []

    @command
    def inner(session: Session) -> None:
        runs.append("inner")
        add(session, f"A{len(runs)}")
        if len(runs) < 4:
            raise VersionConflict

    @command
    def outer(session: Session) -> None:
        runs.append("outer")
        inner(session)

    outer(db)

    assert runs == ["outer", "inner", "outer", "inner"]
    assert names(db) == ["A4"]


def test_what_it_has_done_after_the_commit_waits_for_the_outermost(db: Database) -> None:
    done = []

    @command
    def inner(session: Session) -> None:
        session.after_commit(lambda: done.append(names(db)))

    @command
    def outer(session: Session) -> None:
        inner(session)
        assert done == []
        add(session, "A")

    outer(db)

    assert done == [["A"]]


def test_its_caller_may_go_on_without_it(db: Database) -> None:
    @command
    def outer(session: Session) -> None:
        add(session, "A")
        with suppress(RuntimeError), session.savepoint():
            add(session, "B")
            raise RuntimeError("boom")

    outer(db)

    assert names(db) == ["A"]


def test_it_refuses_a_session_that_only_reads(db: Database) -> None:
    with db.reading() as session, pytest.raises(TypeError, match="add needs a session that writes"):
        add(session, "A")

    assert names(db) == []


def test_it_keeps_its_name_and_what_it_says_of_itself() -> None:
    assert (add.__name__, add.__doc__) == ("add", "Add a series.")
