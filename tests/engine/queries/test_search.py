"""Words of any length and writing are found by the index, and by nothing that only looks like them."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from engine.commands import rebuild
from engine.database import Database
from engine.queries import search as searching
from engine.queries.search import cases_with, tasks_with
from engine.search_text import plain
from engine.session import Session
from engine.tables import entry_texts, instances, waits
from tests.bench import Bench

SUBJECTS = (
    "压装机“GY-118”主轴异响",
    "装压机 B1，费用100%",
    'It\'s a "spare" part: C:\\temp_1',
    "é 与 ß，𠮷野家",
    "空 压 站；菜场",
)
WORDS = (
    "压装",
    "装压",
    "压",
    "机",
    "机b",
    "b1",
    "1",
    "118",
    "y-1",
    "“gy",
    "主轴异响",
    "0%",
    "%",
    "_",
    "p_1",
    "'s",
    '"spare"',
    ":\\t",
    "\\",
    "é",
    "ß",
    "𠮷",
    "𠮷野",
    "空",
    "空压",
    "菜场",
    "；菜",
    "没有",
    "gy-119",
    "*",
    "or",
    "and",
    "^",
    "(",
)


@pytest.fixture(params=[0, 2000], ids=["each is asked", "listed by id"])
def bench(db: Database, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Cases with a subject each, searched as if words were common, and as if they were rare."""
    monkeypatch.setattr(searching, "FEW", request.param)
    bench = Bench(db).deploy("sign_off")
    for subject in SUBJECTS:
        bench.start("sign_off", subject=subject)
    return bench


@pytest.mark.usefixtures("bench")
def test_a_word_is_found_where_it_stands_and_nowhere_else(db: Database) -> None:
    with db.reading() as session:
        for word in WORDS:
            standing = [at for at, subject in enumerate(SUBJECTS) if plain(word) in plain(subject)]
            assert _found(session, word) == standing, word


def _found(session: Session, word: str) -> list[int]:
    """Places of the subjects whose tasks are found; numbers of cases and names of the process hold no such word."""
    rows = session.execute(select(waits.c.instance_id).where(tasks_with(session, word))).scalars().all()
    assert set(session.execute(select(instances.c.id).where(cases_with(session, word))).scalars()) == set(rows)
    return sorted(number - 1 for number in set(rows))


@pytest.mark.usefixtures("bench")
def test_a_case_is_found_by_its_number_and_its_parts(db: Database) -> None:
    with db.reading() as session:
        number = session.execute(select(instances.c.number).where(instances.c.id == 3)).scalar_one()
        for word in (number, number.lower(), number[1:]):
            assert session.execute(select(instances.c.id).where(cases_with(session, word))).scalars().all() == [3]


def test_a_case_made_again_is_found_as_before(bench: Bench, db: Database) -> None:
    texts = select(entry_texts).order_by(entry_texts.c.instance_id, entry_texts.c.seq)
    with db.reading() as session:
        before = session.execute(texts).all()
    for number in bench.column("id"):
        rebuild(db, number)
    with db.reading() as session:
        assert session.execute(texts).all() == before
        assert session.execute(searching._cases_of(session, searching.sought("装压"))).scalars().all() == [2]


@pytest.mark.usefixtures("bench")
def test_what_is_searched_is_never_read_row_by_row(db: Database) -> None:
    """The index answers, on SQLite by the table of full text, on PostgreSQL by one of `text_grams`."""
    with db.reading() as session:
        sought = searching._cases_of(session, searching.sought("异响")).compile(db.engine)
        if db.dialect == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN " if db.dialect == "postgresql" else "EXPLAIN QUERY PLAN "
        connection = session._connection
        values = sought.params if db.dialect == "postgresql" else tuple(sought.params[n] for n in sought.positiontup)
        plan = str(connection.exec_driver_sql(explain + str(sought), values).all())
    assert ("entry_grams VIRTUAL TABLE" if db.dialect == "sqlite" else "ix_entry_texts_grams") in plan


@pytest.mark.usefixtures("bench")
def test_the_index_goes_with_the_text(db: Database) -> None:
    db.write(lambda session: session.execute(entry_texts.delete()))
    with db.reading() as session:
        assert session.execute(searching._cases_of(session, searching.sought("压装"))).all() == []
