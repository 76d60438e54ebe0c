"""The schema's revisions lead to exactly the tables that the code declares, and back, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import column, insert, inspect, select, table, text

import migrations
from cli.content import bundle
from company.tables_records import deliveries
from demo import people as demo
from engine.actor import SYSTEM
from engine.clauses import Register
from engine.commands import deploy_definition, start_instance
from engine.database import Database
from engine.history.acts import check_acts, newest_act
from engine.lint import LintContext
from engine.queries.search import cases_with
from engine.search_text import spaced
from engine.tables import SEARCH_INDEX, UtcDateTime, entry_texts, instances, metadata, people_log
from tests.bench import Bench
from tests.product import START, person


@pytest.fixture
def migrated(database_url: str) -> Iterator[Database]:
    """A database at the newest revision."""
    db = Database(database_url)
    yield db
    db.dispose()


def test_the_migrated_schema_is_the_declared_one(migrated: Database) -> None:
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_declared})
        differences = compare_metadata(context, metadata)

    assert differences == []


def _is_declared(name: str | None, _kind: str, _parents: Any) -> bool:
    """Everything but the index of texts, which each database has in its own way."""
    return name not in SEARCH_INDEX


def test_partial_indexes_are_there_with_their_conditions(migrated: Database) -> None:
    """Autogenerate compares no conditions; without them an index would hold every closed wait there ever was."""
    declared = {
        index.name
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options[migrated.dialect]["where"] is not None
    }

    assert {name for name, where in _conditions(migrated)} == declared
    assert declared >= {"ix_waits_ready", "ix_waits_open_lane", "ix_instances_unanchored"}


def _conditions(db: Database) -> set[tuple[Any, Any]]:
    inspector, option = inspect(db.engine), f"{db.dialect}_where"
    return {
        (index["name"], str(where))
        for table in inspector.get_table_names()
        for index in inspector.get_indexes(table)
        if (where := index.get("dialect_options", {}).get(option)) is not None
    }


def test_upgrading_what_is_new_already_changes_nothing(migrated: Database) -> None:
    assert migrations.current(migrated) == migrations.newest()
    migrations.upgrade(migrated)

    assert migrations.current(migrated) == migrations.newest()


def test_what_administrators_did_before_is_chained_as_it_is(migrated: Database) -> None:
    """The rows of before get their hashes, and numbers without the gaps that failed transactions left."""
    _to(migrated, command.downgrade, "0009")
    row = {"actor": "admin", "act": "activate", "details": "{}"}
    rows = [row | {"id": number, "at": START, "subject": f"p{number}"} for number in (2, 3, 7)]
    old = table("people_log", *map(column, ("id", "actor", "act", "subject", "details")), column("at", UtcDateTime))
    migrated.write(lambda session: session.execute(insert(old), rows))

    migrations.upgrade(migrated)

    with migrated.reading() as session:
        assert check_acts(session, []) == []
        assert newest_act(session) is not None
        found = session.execute(select(people_log.c.id, people_log.c.subject).order_by(people_log.c.id)).all()
    assert [tuple(row) for row in found] == [(1, "p2"), (2, "p3"), (3, "p7")]


BEFORE_0011 = (
    b'{"calendar":"","completed_by":{"start":["\xe6\x96\x87\xe5\x91\x98"]},"seq":0,"status":"active","title":"A1",'
    b'"variables":{"":{"amount":null,"subject":"A1"}},"waits":[{"due":{"$datetime":"2026-03-02T02:00:00Z"},"k":0,'
    b'"kind":"timer","node":"overdue","seq":0,"token":3},{"details":{"key":"A1","name":"payment received"},"k":1,'
    b'"kind":"message","node":"withdrawn","seq":0,"token":4},{"k":2,"kind":"task","lane":"clerk","node":"reply","seq":0,'
    b'"token":2}]}\n{"numbers":4,"activations":{},"scopes":[],"tokens":[[2,"reply",32,"",0,{}],[3,"overdue",8,"",1,'
    b'{"host":2}],[4,"withdrawn",8,"",1,{"host":2}]]}'
)
"""What revision 0010 stored of a case whose state is one deadline, one message and one task."""


def test_states_stored_before_0011_are_those_of_today(migrated: Database) -> None:
    """A small and a compressed one go back to the earlier form and come again as they are."""
    bench = Bench(migrated).deploy("deadline", "sign_off")
    bench.start("deadline")
    bench.start("sign_off", subject="长" * 400)
    today = _states(migrated)

    _to(migrated, command.downgrade, "0010")
    earlier = _states(migrated)
    migrations.upgrade(migrated)

    assert earlier[0] == BEFORE_0011
    assert [data[:1] for data in earlier] == [b"{", b"x"]
    assert _states(migrated) == today
    bench.check()


def test_states_stored_with_the_librarys_numbers_get_words(migrated: Database) -> None:
    bench = Bench(migrated).deploy("deadline", "sign_off")
    bench.start("deadline")
    bench.start("sign_off", subject="长" * 400)
    today = _states(migrated)

    _to(migrated, command.downgrade, "0011")
    numbered = _states(migrated)
    migrations.upgrade(migrated)

    assert b'[[2,"reply",32,"",0,{}],[3,"overdue",8,"",1,{"host":2}]' in numbered[0]
    assert b'[[2,"reply","begun","",0,{}],[3,"overdue","waiting","",1,{"host":2}]' in today[0]
    assert _states(migrated) == today
    bench.check()


def test_titles_stored_with_codes_get_words(migrated: Database, register: Register) -> None:
    given = {"person": "蒋某", "matter": "attitude", "rule_set": "sc", "facts": "顶撞客户", "severity": "minor"}
    process = bundle("reward_penalty")
    deploy_definition(migrated, SYSTEM, START, process.key, process.files, LintContext(register))
    start_instance(migrated, person("冯", process=process.key), START, process.key, given)
    _to(migrated, command.downgrade, "0013")
    coded = text("update instances set title = '蒋某 · attitude'")
    migrated.write(lambda session: session.execute(coded))

    migrations.upgrade(migrated)

    with migrated.reading() as session:
        found = session.execute(select(instances.c.title, instances.c.title_en)).one()
    assert tuple(found) == ("蒋某 · 服务态度", "蒋某 · Attitude")


def test_who_was_mailed_before_0013_is_not_mailed_again(migrated: Database) -> None:
    """The moment of a notification becomes a row for each whose address it is; one that was not sent gets none."""
    demo.load_people(migrated, START)
    _to(migrated, command.downgrade, "0012")
    names = ("job_key", "address", "subject", "subject_en", "text", "text_en", "number")
    moments = [column(name, UtcDateTime) for name in ("at", "mailed_at", "posted_at")]
    old = table("notifications", *map(column, names), *moments)
    row = dict.fromkeys(names, "") | {"at": START, "mailed_at": START, "posted_at": None}
    told = {"role:finance": {}, "person:sun": {"posted_at": START}, "customer:a@example.com": {},
            "person:wu": {"mailed_at": None}}  # fmt: skip
    rows = [row | {"address": address, "job_key": address} | more for address, more in told.items()]
    migrated.write(lambda session: session.execute(insert(old), rows))

    migrations.upgrade(migrated)

    with migrated.reading() as session:
        found = session.execute(select(deliveries)).all()
    assert {(each.channel, each.receiver, each.state, each.tried_at) for each in found} == {
        *(("mail", f"{who}@example.com", "taken", START) for who in ("he", "qin", "zhou", "sun", "a")),
        ("webhook", "webhook", "taken", START),
    }
    _to(migrated, command.downgrade, "0012")
    with migrated.reading() as session:
        kept = session.execute(select(old.c.address, old.c.mailed_at, old.c.posted_at)).all()
    assert {each.address: (each.mailed_at, each.posted_at) for each in kept} == {
        each["address"]: (each["mailed_at"], each["posted_at"]) for each in rows
    }
    migrations.upgrade(migrated)


def test_what_was_entered_before_0015_is_found(migrated: Database) -> None:
    Bench(migrated).deploy("sign_off").start("sign_off", subject="Ｎｏ．７ 压装机")
    texts = select(entry_texts.c.seq, entry_texts.c.text)
    with migrated.reading() as session:
        today = session.execute(texts).all()

    _to(migrated, command.downgrade, "0014")
    migrations.upgrade(migrated)

    with migrated.reading() as session:
        assert session.execute(texts).all() == today
    assert spaced("no.7 压装机") in today[0].text
    with migrated.reading() as session:
        for word in ("压装", "机", "no.7", "7"):
            assert session.execute(select(instances.c.id).where(cases_with(session, word))).all(), word


def _states(db: Database) -> list[bytes]:
    with db.reading() as session:
        return list(session.execute(select(instances.c.state).order_by(instances.c.id)).scalars())


def _to(db: Database, change: Callable[[Config, str], None], revision: str) -> None:
    config = migrations._config()
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        change(config, revision)


def test_an_empty_database_is_at_no_revision(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/empty.db")

    assert migrations.current(db) is None
    db.dispose()
