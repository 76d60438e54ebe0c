"""The command line for operators: backup and restore, doctor, verify, log lines."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import create_engine, delete, insert, select, text, update

import clauseflow
from cli import log_lines
from cli.archive import writing
from cli.archive.format import TABLES
from cli.clock import now
from cli.content import prepare
from company.notifications.tables import deliveries
from company.numbers import draw_number
from company.records.tables import records
from engine.bpmn import Input
from engine.calendar import Calendar
from engine.commands.case import start
from engine.database import Database
from engine.history import calendars
from engine.history.anchoring.anchors import take_anchor
from engine.history.definitions import in_force
from engine.proving import proof
from engine.proving.reexecute import Report, prove
from engine.tables import anchors, entries, entry_texts, instances, metadata, schedules, waits, workers
from tests.bench import CLERK, Bench
from tests.servers import Authority


@pytest.fixture
def product(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A product in use: cases of two processes, one of them anchored; commands find it by the environment."""
    use(monkeypatch, database_url, tmp_path / "var")
    db = Database(database_url)
    prepare(db)
    bench = Bench(db, now()).deploy("quote", "repair", "notice", "deadline")
    bench.start("repair", amount=3)
    take_anchor(db, bench.now, tmp_path / "var" / "anchors.jsonl")
    bench.do("offer", amount=2)
    bench.start("notice")
    yield bench
    db.dispose()


@pytest.fixture
def fresh_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A second database of the same kind, without any table."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/restored.db"
        return
    name = f"restored_{os.getpid()}"
    server = request.getfixturevalue("postgres_server")
    yield server.create(name)
    server.drop(name)


def use(monkeypatch: pytest.MonkeyPatch, url: str, var: Path) -> None:
    for name, value in {"DATABASE_URL": url, "VAR": str(var), "LANGUAGE": "en"}.items():
        monkeypatch.setenv(f"CLAUSEFLOW_{name}", value)


def rows(url: str) -> dict[str, list[Any]]:
    """Everything a database holds."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {t.name: [tuple(r) for r in connection.execute(select(t).order_by(*t.primary_key))]
                 for t in metadata.sorted_tables}  # fmt: skip
    engine.dispose()
    return found


@pytest.mark.usefixtures("product")
def test_a_restored_backup_holds_the_very_same_rows_and_is_proven(
    database_url: str, fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / "backup.zip"
    assert clauseflow.main(["backup", str(file)]) == 0
    assert "backed up 3 cases, 5 entries" in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "it holds everybody's password hashes"

    use(monkeypatch, fresh_url, tmp_path / "elsewhere")
    assert clauseflow.main(["restore", str(file)]) == 0

    assert "3/3 cases proven, 5 entries" in capsys.readouterr().out
    assert rows(fresh_url) == rows(database_url)
    kept = tmp_path / "elsewhere" / "anchors.jsonl"
    assert kept.read_bytes() == (tmp_path / "var" / "anchors.jsonl").read_bytes()


@pytest.mark.usefixtures("product")
def test_a_restored_product_goes_on_where_it_was(
    fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.zip"
    clauseflow.main(["backup", str(file)])
    use(monkeypatch, fresh_url, tmp_path / "elsewhere")
    clauseflow.main(["restore", str(file)])

    db = Database(fresh_url)
    restored = Bench(db, now())
    assert restored.start("repair", amount=5).number.endswith("-000002")
    restored.drain()
    assert restored.open() == ["check", "offer", "quote_price", "read"]
    restored.check()
    db.dispose()


def test_a_backup_moves_a_product_from_one_kind_of_database_to_the_other(
    sqlite_url: str, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, sqlite_url, tmp_path / "var")
    db = Database(sqlite_url)
    Bench(db, now()).deploy("notice").start("notice")
    db.dispose()
    clauseflow.main(["backup", str(tmp_path / "backup.zip")])
    use(monkeypatch, postgres_url, tmp_path / "elsewhere")

    assert clauseflow.main(["restore", str(tmp_path / "backup.zip")]) == 0
    assert clauseflow.main(["verify", "--all"]) == 0


def test_a_backup_older_than_the_anchors_outside_says_so(
    product: Bench, fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clauseflow.main(["backup", str(tmp_path / "backup.zip")])
    take_anchor(product.db, now(), tmp_path / "var" / "anchors.jsonl")
    product.do("check")
    take_anchor(product.db, now(), tmp_path / "var" / "anchors.jsonl")
    use(monkeypatch, fresh_url, tmp_path / "var")

    assert clauseflow.main(["restore", str(tmp_path / "backup.zip")]) == 1

    said = capsys.readouterr().out
    assert "anchor 3, kept outside, is not in the database" in said
    assert "cut or rolled back" in said


def test_a_backup_taken_while_others_write_is_one_moment(
    product: Bench, fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of a table are read while cases start: whatever is in the file fits together."""
    write_table = writing._write_table
    started = []

    def while_others_write(*given: Any) -> None:
        started.append(product.start("deadline", f"B{len(started)}").number)
        write_table(*given)

    with monkeypatch.context() as busy:
        busy.setattr(writing, "_write_table", while_others_write)
        assert clauseflow.main(["backup", str(tmp_path / "backup.zip")]) == 0
    use(monkeypatch, fresh_url, tmp_path / "elsewhere")

    assert clauseflow.main(["restore", str(tmp_path / "backup.zip")]) == 0
    assert len(started) == len(TABLES)
    kept = {row[1] for row in rows(fresh_url)["instances"]}
    assert len(kept & set(started)) <= 1, "at most the one before the first table was read"


@pytest.mark.usefixtures("product")
def test_a_changed_backup_is_refused_whole(fresh_url: str, tmp_path: Path, monkeypatch: Any) -> None:
    clauseflow.main(["backup", str(tmp_path / "good.zip")])
    with ZipFile(tmp_path / "good.zip") as good, ZipFile(tmp_path / "bad.zip", "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, content.replace(b"A1", b"A2") if "entries" in name else content)
    use(monkeypatch, fresh_url, tmp_path / "elsewhere")

    assert clauseflow.main(["restore", str(tmp_path / "bad.zip")]) == 2
    assert rows(fresh_url)["instances"] == []


@pytest.mark.usefixtures("product")
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK")

    assert clauseflow.main(["restore", str(tmp_path / "x.zip")]) == 2
    assert "no sound Clauseflow backup" in capsys.readouterr().err


@pytest.mark.usefixtures("product")
def test_nothing_is_restored_over_a_product_in_use(tmp_path: Path, database_url: str) -> None:
    clauseflow.main(["backup", str(tmp_path / "backup.zip")])
    before = rows(database_url)

    assert clauseflow.main(["restore", str(tmp_path / "backup.zip")]) == 2
    assert rows(database_url) == before


@pytest.mark.usefixtures("product")
def test_a_backup_overwrites_no_file(tmp_path: Path) -> None:
    (tmp_path / "backup.zip").write_text("mine")

    assert clauseflow.main(["backup", str(tmp_path / "backup.zip")]) == 2
    assert (tmp_path / "backup.zip").read_text() == "mine"


def test_verify_names_what_was_changed_and_says_what_no_anchor_covers(product: Bench, capsys: Any) -> None:
    assert clauseflow.main(["verify", "--all"]) == 0
    assert "3 of them have no anchor yet" in capsys.readouterr().out
    product.db.write(lambda session: session.execute(update(entries).where(entries.c.seq == 1).values(actor="王")))

    assert clauseflow.main(["verify", "--all", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    broken = [case["chain"]["problem"]["where"] for case in found["cases"] if not case["ok"]]
    assert [place.split("#")[1] for place in broken] == ["1", "1"]


@pytest.mark.usefixtures("product")
def test_who_interrupts_verifying_is_told_how_far_it_came(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Being asked to end, as by a service manager, is as good as Ctrl-C; what is unfinished is no proof."""
    seen: list[str] = []

    def ended_at_the_second(session: Any, row: Any, witnesses: Any) -> Report:
        if seen:
            os.kill(os.getpid(), signal.SIGTERM)
        seen.append(row.number)
        return prove(session, row, witnesses)

    monkeypatch.setattr(proof, "PAGE", 1)
    monkeypatch.setattr(proof, "prove", ended_at_the_second)

    assert clauseflow.main(["verify", "--all"]) == 1
    said = capsys.readouterr().out
    assert "interrupted: 1 cases were looked at, the other 2 were not" in said
    assert "1/1 cases proven" in said
    assert clauseflow.main(["verify", "--all", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"cases": [], "problems": [], "complete": False}
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def checks(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    clauseflow.main(["doctor", "--json"])
    return {finding["check"]: finding["state"] for finding in json.loads(capsys.readouterr().out)}


def test_doctor_finds_a_product_at_work_healthy(product: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    product.drain()
    product.db.write(lambda s: draw_number(s, "1-0-0", "PA-2026-000001", "QT", now()))
    product.db.write(lambda s: s.execute(insert(workers).values(name="w", started_at=now(), seen_at=now())))
    calendar_of(product, now().year, now().year + 1)

    found = checks(capsys)

    assert set(found) == {
        "database",
        "schema",
        "workers",
        "backlog",
        "schedules",
        "incidents",
        "calendar",
        "anchors",
        "stamps",
        "deliveries",
        "numbers",
        "keys",
        "disk",
    }
    assert {check for check, state in found.items() if state != "ok"} <= {"disk"}


def calendar_of(product: Bench, *years: int) -> None:
    """Put a calendar in force that knows one holiday of each year."""

    def work(session: Any) -> None:
        known = calendars.by_hash(session, calendars.hash_in_force(session))
        assert known is not None
        holidays = frozenset(datetime(year, 1, 1, tzinfo=UTC).date() for year in years)
        calendars.put_in_force(session, Calendar(known.zone, known.week, holidays), now(), "test")

    product.db.write(work)


OLD = timedelta(hours=3)
ILLS: dict[str, tuple[str, Callable[[Bench], Any]]] = {
    "deliveries": ("warning", lambda p: p.db.write(lambda s: s.execute(insert(deliveries).values(
        channel="mail", receiver="a@example.com", state="refused", attempts=1, answer="550", tried_at=now())))),
    "workers": ("broken", lambda p: p.db.write(lambda s: s.execute(delete(workers)))),
    "backlog": ("warning", lambda p: p.db.write(lambda s: s.execute(
        update(waits).where(waits.c.kind == "job").values(ready_at=now() - OLD)))),
    "incidents": ("warning", lambda p: p.db.write(lambda s: s.execute(
        update(waits).where(waits.c.kind == "job").values(incident="{}")))),
    "schedules": ("warning", lambda p: p.db.write(lambda s: s.execute(
        insert(schedules).values(key="notice", node_id="hourly", definition_id=1, next_at=now(), failure="{}")))),
    "calendar": ("warning", lambda p: calendar_of(p, 2001)),
    "anchors": ("broken", lambda p: p.db.write(lambda s: s.execute(update(anchors).values(root=bytes(32))))),
    "keys": ("warning", lambda p: p.db.write(lambda s: s.execute(insert(records).values(
        kind="parts", key="New", title="", facet="", search="", body=b"{}", archived=False, version=1,
        changed_at=now(), changed_by="")))),
    "numbers": ("broken", lambda p: p.db.write(lambda s: [
        s.execute(delete(t).where(t.c.instance_id == 3)) for t in (entry_texts, waits, entries)
    ] + [s.execute(delete(instances).where(instances.c.id == 3))])),
    "schema": ("broken", lambda p: p.db.write(lambda s: s.execute(text("UPDATE alembic_version SET version_num='0'")))),
}  # fmt: skip


@pytest.mark.usefixtures("product")
def test_doctor_says_how_little_room_is_left(monkeypatch: Any, capsys: Any) -> None:
    full = shutil.disk_usage("/")._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)

    assert checks(capsys)["disk"] == "broken"


def test_doctor_says_that_the_database_does_not_answer(product: Bench, monkeypatch: Any, capsys: Any) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none" if product.db.dialect == "postgresql" else "sqlite:////dev/null/x"
    monkeypatch.setenv("CLAUSEFLOW_DATABASE_URL", nowhere)

    found = checks(capsys)

    assert found["database"] == "broken"
    assert set(found) == {"database", "disk"}, "nothing else can be asked"


@pytest.mark.parametrize("ill", ILLS)
def test_doctor_names_what_is_wrong(product: Bench, ill: str, capsys: pytest.CaptureFixture[str]) -> None:
    state, harm = ILLS[ill]
    harm(product)

    assert checks(capsys)[ill] == state
    assert clauseflow.main(["doctor"]) == 1


def test_doctor_says_which_anchors_wait_for_a_time_stamp(
    product: Bench, monkeypatch: pytest.MonkeyPatch, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checks(capsys)["stamps"] == "ok"
    monkeypatch.setenv("CLAUSEFLOW_TSA_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("CLAUSEFLOW_TSA_ROOTS", str(authority.root_file))
    assert checks(capsys)["stamps"] == "ok", "just taken"
    product.db.write(lambda s: s.execute(update(anchors).values(at=now() - OLD)))

    clauseflow.main(["doctor"])
    assert "1 anchors (the first of 20" in capsys.readouterr().out
    assert checks(capsys)["stamps"] == "warning"


def test_doctor_says_that_no_anchor_was_taken_for_hours(product: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    product.db.write(lambda s: s.execute(update(instances).values(changed_at=now() - OLD)))

    assert checks(capsys)["anchors"] == "warning"


def test_every_committed_entry_is_a_log_line_with_instance_and_actor(
    product: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, log_lines.ENTRIES):
        started = product.start("deadline")
        with pytest.raises(AssertionError):
            product.db.write(lambda _session: (_ for _ in ()).throw(AssertionError))

    (line,) = [record.getMessage() for record in caplog.records if record.name == log_lines.ENTRIES]
    assert line == f"entry instance={started.number} seq=0 kind=start actor={CLERK.id}"


def test_a_refused_step_leaves_no_log_line(product: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, log_lines.ENTRIES), pytest.raises(LookupError):
        product.db.write(lambda session: start_and_fail(session))

    assert caplog.records == []


def start_and_fail(session: Any) -> None:
    start(session, in_force(session, "deadline"), Input("start", now(), CLERK.id, values={"subject": "A1"}))
    raise LookupError


def test_a_message_with_line_breaks_stays_one_log_line() -> None:
    record = logging.LogRecord("clauseflow", logging.INFO, "", 0, "reason=%s", ("a\nERROR forged",), None)

    assert log_lines.OneLine("%(levelname)s %(message)s").format(record) == "INFO reason=a\\nERROR forged"
