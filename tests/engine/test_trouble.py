"""A database that is held by another program, damaged or out of reach: a sentence, and what can be read is read."""

from __future__ import annotations

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from engine.database import MOMENT, Database
from engine.session import Session
from engine.tables import sequences
from engine.trouble import DatabaseBusy, DatabaseDamaged, DatabaseHeld, DatabaseTrouble, DatabaseUnusable
from tests.databases import held

PATIENCE = 1.0


def add(name: str) -> object:
    return lambda session: session.execute(insert(sequences).values(name=name, last=1))


def names(session: Session) -> list[str]:
    return list(session.execute(select(sequences.c.name).order_by(sequences.c.name)).scalars())


def test_writers_give_up_soon_while_another_program_holds_the_database_and_write_once_it_lets_go(
    sqlite_url: str,
) -> None:
    db = Database(sqlite_url, patience=PATIENCE)

    def refused(number: int) -> float:
        begun = time.monotonic()
        with pytest.raises(DatabaseBusy):
            db.write(add(f"refused {number}"))
        return time.monotonic() - begun

    with held(sqlite_url):
        with ThreadPoolExecutor(9) as writers:
            waited = list(writers.map(refused, range(9)))
        again = refused(10)
        with db.reading() as session:
            assert names(session) == [], "readers need no lock"
    db.write(add("written"))
    with db.reading() as session:
        assert names(session) == ["written"]
    db.dispose()

    assert max(waited) < 5 * PATIENCE, "they wait side by side, not one after the other"
    assert again < PATIENCE + MOMENT, "whoever comes once it is known waits for a moment"


def test_who_is_refused_reads_that_another_program_is_the_reason(sqlite_url: str) -> None:
    db = Database(sqlite_url, patience=MOMENT)
    with held(sqlite_url), pytest.raises(DatabaseHeld) as refusal:
        db.write(add("n"))
    db.dispose()

    assert "另一个程序" in refusal.value.text("zh")
    assert "another program" in refusal.value.text("en").lower()


def test_what_can_be_left_undone_waits_for_a_moment_only(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with held(sqlite_url), pytest.raises(DatabaseHeld):
        db.write(add("n"), patience=MOMENT)
    db.write(add("n"))
    with db.reading() as session:
        assert session.execute(text("PRAGMA busy_timeout")).scalar_one() == db.patience * 1000
    db.dispose()


def test_a_damaged_page_is_told_in_a_sentence(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\x99" * (size - 8192))
    db = Database(sqlite_url)

    with pytest.raises(DatabaseDamaged) as refusal, db.reading() as session:
        names(session)
    with pytest.raises(DatabaseDamaged):
        db.write(add("n"))
    db.dispose()

    assert "clauseflow restore" in refusal.value.text("zh")
    assert "malformed" in refusal.value.text("en")


@pytest.mark.parametrize("content", [b"not a database at all" * 999, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.db").write_bytes(content)
    db = Database(f"sqlite:///{tmp_path}/x.db")

    with pytest.raises(DatabaseTrouble), db.reading() as session:
        names(session)
    db.dispose()


@pytest.mark.parametrize(
    "url", ["sqlite:////dev/null/x.db", "sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/none"]
)
def test_a_database_out_of_reach_is_told_in_a_sentence(url: str) -> None:
    db = Database(url)

    with pytest.raises(DatabaseUnusable), db.reading() as session:
        names(session)
    with pytest.raises(DatabaseUnusable) as refusal:
        db.write(names)
    db.dispose()

    assert "CLAUSEFLOW_DATABASE_URL" in refusal.value.text("zh")


def test_the_files_of_a_database_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        db = Database(f"sqlite:///{tmp_path}/new.db")
        db.write(lambda session: session.execute(text("CREATE TABLE t (x)")))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    db.dispose()

    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}
