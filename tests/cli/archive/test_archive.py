"""A backup carries every column of every table from either database to either, and a bad one is refused by name."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, String, Table, Text, insert, select

import clauseflow
from cli.archive import writing
from cli.archive.format import MANIFEST, TABLES, CannotWrite, FileExists, NoBackup, member_of
from cli.archive.reading import NotEmpty, OtherSchema, read_backup
from cli.archive.writing import Written, write_backup
from company.columns import Quantity
from company.files.store import FileStore
from company.files.tables import attachments
from company.people.change_person import Details, add_person
from engine.actor import SYSTEM
from engine.database import Database
from engine.history.anchoring.anchors import take_anchor
from engine.session import Session
from engine.tables import NEVER, UtcDateTime, definition_files, definitions, sequences, waits
from tests.product import START

AWKWARD = "章程 “quoted” \\ \n\t\r\u2028\x7f 😀 ' % {} null"
ROWS = 3
"""Per table: everything at its limits, NULL wherever it may be, and something between."""

VALUES: dict[type, Callable[[Any, int], Any]] = {
    UtcDateTime: lambda _, n: (NEVER, datetime(1970, 1, 1, tzinfo=UTC), START.replace(microsecond=123457))[n],
    Quantity: lambda _, n: (Decimal("-9223372036854775.807"), Decimal(0), Decimal("2.718"))[n],
    BigInteger: lambda _, n: (2**63 - 1, -(2**63), 7)[n],
    Integer: lambda _, n: 2**31 - 1 - n,
    Boolean: lambda _, n: n != 1,
    LargeBinary: lambda type_, n: bytes([n, *range(256)])[: type_.length],
    Text: lambda _, n: f"{n}{AWKWARD}" * 9,
    String: lambda type_, n: (f"{n}{AWKWARD}" * 20)[: type_.length],
}
"""What stands in a column, by its type; a type that is not here has to be thought about first."""


def row_of(table: Table, number: int, before: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A row with a value in every column; what refers to another table names that table's row of the same number."""
    row = {column.name: value_of(column, number) for column in table.c}
    for constraint in table.foreign_key_constraints:
        there = before[constraint.referred_table.name][number] if constraint.referred_table is not table else row
        for key in constraint.elements:
            row[key.parent.name] = there[key.column.name]
    return row


def value_of(column: Column[Any], number: int) -> Any:
    if column.nullable and number == 1:
        return None
    return VALUES[type(column.type)](column.type, number)


def fill(db: Database) -> None:
    """Rows in every table there is, with every column set."""
    filled: dict[str, list[dict[str, Any]]] = {}

    def work(session: Any) -> None:
        for table in TABLES:
            filled[table.name] = [row_of(table, number, filled) for number in range(ROWS)]
            session.execute(insert(table), filled[table.name])

    clear(db)
    db.write(work)


def clear(db: Database) -> None:
    """Take every row out of every table."""
    db.write(lambda session: [session.execute(table.delete()) for table in reversed(TABLES)])


def content(db: Database) -> dict[str, list[str]]:
    """Everything a database holds, told apart by type too."""
    with db.reading() as session:
        return {
            table.name: [repr(tuple(row)) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in TABLES
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A database with its file store and anchors."""

    db: Database
    folder: Path

    @property
    def anchors(self) -> Path:
        return self.folder / "anchors.jsonl"

    @property
    def store(self) -> FileStore:
        return FileStore.at(str(self.folder / "files"))

    def back_up(self, path: Path, *, files: bool = False) -> Any:
        return write_backup(self.db, path, self.anchors, START, self.store if files else None)

    def restore(self, path: Path) -> Any:
        return read_backup(self.db, path, self.store, self.anchors)


@pytest.fixture
def here(db: Database, tmp_path: Path) -> Place:
    """The product that is backed up."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "anchors.jsonl").write_text('{"id": 1}\n')
    return Place(db, tmp_path / "here")


@pytest.fixture(params=["sqlite", "postgresql"])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Another, of either kind, that is empty."""
    (tmp_path / "there").mkdir()
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    name = f"archive_{os.getpid()}"
    if server:
        url = server.create(name, template=request.getfixturevalue("postgres_template"))
    else:
        url = f"sqlite:///{tmp_path}/there/clauseflow.db"
        template = request.getfixturevalue("sqlite_template")
        Path(url.removeprefix("sqlite:///")).write_bytes(template.read_bytes())
    db = Database(url)
    yield Place(db, tmp_path / "there")
    db.dispose()
    if server:
        server.drop(name)


@pytest.fixture
def empty(sqlite_url: str, tmp_path: Path) -> Iterator[Place]:
    """An empty product on SQLite."""
    (tmp_path / "empty").mkdir()
    db = Database(sqlite_url)
    yield Place(db, tmp_path / "empty")
    db.dispose()


@pytest.fixture(scope="module")
def sound(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup with rows in every table."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "full.db").write_bytes(sqlite_template.read_bytes())
    place = Place(Database(f"sqlite:///{folder}/full.db"), folder)
    fill(place.db)
    place.back_up(folder / "sound.zip")
    place.db.dispose()
    return (folder / "sound.zip").read_bytes()


@pytest.fixture
def backup(sound: bytes, tmp_path: Path) -> Path:
    """The same, to be harmed."""
    (tmp_path / "backup.zip").write_bytes(sound)
    return tmp_path / "backup.zip"


def test_every_column_of_every_table_comes_back_as_it_was(here: Place, there: Place, tmp_path: Path) -> None:
    fill(here.db)
    written = here.back_up(tmp_path / "backup.zip")
    restored = there.restore(tmp_path / "backup.zip")

    assert content(there.db) == content(here.db)
    assert restored.rows == written.rows == dict.fromkeys((table.name for table in TABLES), ROWS)
    assert there.anchors.read_bytes() == here.anchors.read_bytes()


def test_uploaded_files_go_along_and_come_back(here: Place, there: Place, tmp_path: Path) -> None:
    photo, paper = b"a photo" * 999, b"a paper"
    for body, picture in ((photo, True), (paper, False)):
        add_file(here, body, picture=picture)
    written = here.back_up(tmp_path / "backup.zip", files=True)
    restored = there.restore(tmp_path / "backup.zip")

    assert (written.files, written.missing, restored.files, restored.with_files) == (2, [], 2, True)
    assert b"".join(there.store.read(digest(photo))) == photo
    assert b"".join(there.store.read(digest(photo), "thumbnails")) == b"small"
    assert b"".join(there.store.read(digest(paper))) == paper


def test_a_file_the_store_lacks_is_named(empty: Place, tmp_path: Path) -> None:
    add_file(empty, b"a paper")
    (empty.folder / "files" / "files" / digest(b"a paper")[:2] / digest(b"a paper")).unlink()

    assert empty.back_up(tmp_path / "backup.zip", files=True).missing == [f"files/{digest(b'a paper')}"]


def test_an_anchor_taken_meanwhile_is_not_missed_and_one_rolled_back_is(
    empty: Place, there: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def anchored(account: str) -> bytes:
        add_person(empty.db, SYSTEM, START, account, Details(name="甲"), password="a good long one")
        assert take_anchor(empty.db, START, empty.anchors)
        return empty.anchors.read_bytes()

    before = anchored("jia")
    rolled_back = b'{"id": 9, "at": "2026-03-02T01:00:00+00:00", "root": "ff", "heads": []}\n'
    empty.anchors.write_bytes(before + rolled_back)
    write_table = writing._write_table

    def slowly(session: Session, file: ZipFile, table: Table, written: Written) -> None:
        if table is TABLES[-1]:
            anchored("yi")
        write_table(session, file, table, written)

    monkeypatch.setattr(writing, "_write_table", slowly)
    empty.back_up(tmp_path / "backup.zip")
    there.restore(tmp_path / "backup.zip")
    assert empty.anchors.read_bytes().count(b"\n") == 3
    assert there.anchors.read_bytes() == before + rolled_back


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def add_file(place: Place, body: bytes, *, picture: bool = False) -> None:
    row = {"sha256": digest(body), "size": len(body), "type": "x/y", "picture": picture, "stored_at": START}
    place.db.write(lambda session: session.execute(insert(attachments).values(row)))
    place.store.put(digest(body), io.BytesIO(body))
    if picture:
        place.store.put(digest(body), io.BytesIO(b"small"), "thumbnails")


def test_the_command_says_which_files_it_leaves_out_or_takes_along(
    empty: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_file(empty, b"a paper")
    monkeypatch.setenv("CLAUSEFLOW_DATABASE_URL", empty.db.url)
    monkeypatch.setenv("CLAUSEFLOW_VAR", str(empty.folder))
    monkeypatch.setenv("CLAUSEFLOW_LANGUAGE", "en")

    assert clauseflow.main(["backup", str(tmp_path / "without.zip")]) == 0
    assert f"leaves out 1 uploaded files, which lie in {empty.folder / 'files'}" in capsys.readouterr().out
    assert clauseflow.main(["backup", "--files", str(tmp_path / "with.zip")]) == 0
    assert "with 1 uploaded files" in capsys.readouterr().out
    (empty.folder / "files" / "files" / digest(b"a paper")[:2] / digest(b"a paper")).unlink()
    assert clauseflow.main(["backup", "--files", str(tmp_path / "lacking.zip")]) == 1
    assert f"lacks files/{digest(b'a paper')}" in capsys.readouterr().out


@pytest.mark.long
def test_memory_stays_flat_however_large_the_database_and_its_files(empty: Place, tmp_path: Path) -> None:
    large = 48_000_000

    def work(session: Any) -> None:
        session.execute(insert(definitions).values(id=1, key="k", version=1, hash=b"", name="", name_en=""))
        for number in range(large // 100_000):
            row = {"definition_id": 1, "path": str(number), "content": bytes(100_000)}
            session.execute(insert(definition_files).values(row))

    empty.db.write(work)
    add_file(empty, bytes(large))
    tracemalloc.start()
    empty.back_up(tmp_path / "backup.zip", files=True)
    written = tracemalloc.get_traced_memory()[1]
    clear(empty.db)
    tracemalloc.reset_peak()
    empty.restore(tmp_path / "backup.zip")
    read = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (written < large / 2, read < large / 2) == (True, True), (written, read)


@pytest.mark.parametrize("folder", ["nowhere", "file"])
def test_a_folder_that_cannot_be_written_to_is_named(empty: Place, tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CannotWrite) as refusal:
        empty.back_up(tmp_path / folder / "backup.zip")

    assert str(tmp_path / folder / "backup.zip") in refusal.value.text("zh")


def test_a_backup_that_fails_leaves_nothing(empty: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.archive.writing.as_text", lambda _: object())
    fill(empty.db)
    before = sorted(tmp_path.iterdir())

    with pytest.raises(TypeError):
        empty.back_up(tmp_path / "backup.zip")
    assert sorted(tmp_path.iterdir()) == before


def test_a_backup_is_for_its_owner_alone_and_overwrites_none(empty: Place, tmp_path: Path) -> None:
    empty.back_up(tmp_path / "backup.zip")

    assert stat.S_IMODE((tmp_path / "backup.zip").stat().st_mode) == 0o600
    with pytest.raises(FileExists):
        empty.back_up(tmp_path / "backup.zip")


def test_nothing_is_restored_over_a_product_in_use(backup: Path, empty: Place) -> None:
    empty.restore(backup)

    with pytest.raises(NotEmpty):
        empty.restore(backup)


Change = Callable[[dict[str, bytes]], None]
"""What is done to the members of a sound backup."""


def edited(path: Path, change: Change) -> Path:
    """The backup with its members changed and nothing else."""
    with ZipFile(path) as good:
        members = {name: good.read(name) for name in good.namelist()}
    change(members)
    bad = path.with_name("bad.zip")
    with ZipFile(bad, "w", ZIP_DEFLATED) as file:
        for name, body in members.items():
            file.writestr(name, body)
    return bad


def manifest(**changes: Any) -> Change:
    """The manifest with some keys changed; None takes one out."""

    def change(members: dict[str, bytes]) -> None:
        found = json.loads(members[MANIFEST]) | changes
        members[MANIFEST] = json.dumps({key: value for key, value in found.items() if value is not None}).encode()

    return change


def forged(table: Table, edit: Callable[[list[Any]], Any]) -> Change:
    """A table whose rows were edited, with its digest made anew: what only the database itself can refuse."""

    def change(members: dict[str, bytes]) -> None:
        name = member_of(table)
        rows = [json.loads(line) for line in members[name].splitlines(keepends=False) if line]
        rows = edit(rows)
        members[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        found = json.loads(members[MANIFEST])
        found["sha256"][name] = digest(members[name])
        members[MANIFEST] = json.dumps(found).encode()

    return change


def cell(table: Table, line: int, column: str, value: Any) -> Change:
    """One value of one line replaced."""

    def edit(rows: list[Any]) -> list[Any]:
        rows[line - 1][[each.name for each in table.c].index(column)] = value
        return rows

    return forged(table, edit)


def columns(change: Callable[[dict[str, Any]], Any]) -> Change:
    """The manifest's lists of columns changed."""

    def edit(members: dict[str, bytes]) -> None:
        found = json.loads(members[MANIFEST])
        change(found["columns"])
        members[MANIFEST] = json.dumps(found).encode()

    return edit


def unlisted(members: dict[str, bytes]) -> None:
    found = json.loads(members[MANIFEST])
    del found["sha256"]["tables/people.jsonl"]
    members[MANIFEST] = json.dumps(found).encode()


BAD: dict[str, tuple[Change, str]] = {
    "a changed row": (lambda m: m.update({"tables/waits.jsonl": b"[]\n"}), "tables/waits.jsonl"),
    "a table cut out": (lambda m: m.__delitem__("tables/people.jsonl"), "tables/people.jsonl"),
    "anchors cut out": (lambda m: m.__delitem__("anchors.jsonl"), "anchors.jsonl"),
    "something added": (lambda m: m.update({"tables/x.jsonl": b""}), "tables/x.jsonl"),
    "no manifest": (lambda m: m.__delitem__(MANIFEST), MANIFEST),
    "a manifest that is no JSON": (lambda m: m.update({MANIFEST: b"{"}), MANIFEST),
    "a manifest that is a list": (lambda m: m.update({MANIFEST: b"[]"}), MANIFEST),
    "a manifest of nested lists": (lambda m: m.update({MANIFEST: b"[" * 100_000}), MANIFEST),
    "no text": (lambda m: m.update({MANIFEST: b"\xff\xfe\x00"}), MANIFEST),
    "no format": (manifest(format=None), MANIFEST),
    "another format": (manifest(format="backup 99"), "format"),
    "no digests": (manifest(sha256=None), MANIFEST),
    "digests that are a list": (manifest(sha256=[]), "lacks"),
    "no columns": (manifest(columns=None), MANIFEST),
    "columns that are a number": (manifest(columns=7), MANIFEST),
    "no row counts": (manifest(rows=None), MANIFEST),
    "no word on files": (manifest(files=None), MANIFEST),
    "a table whose digest is missing": (unlisted, "tables/people.jsonl"),
    "an unknown column": (columns(lambda c: c["people"].append("shoe_size")), "shoe_size"),
    "a missing column": (columns(lambda c: c["people"].remove("email")), "email"),
    "a column named twice": (columns(lambda c: c["people"].append("email")), "people"),
    "an unknown table": (columns(lambda c: c.update(planets=[])), "planets"),
    "a missing table": (columns(lambda c: c.pop("people")), "people"),
}  # fmt: skip

BAD_ROWS: dict[str, tuple[Change, str]] = {
    "a broken reference": (cell(waits, 3, "instance_id", 12345), "line 3 of tables/waits"),
    "a missing value": (cell(sequences, 2, "last", None), "line 2 of tables/sequences"),
    "a number that is too large": (cell(sequences, 2, "last", 2**70), "line 2 of tables/sequences"),
    "a value of an unknown kind": (cell(sequences, 1, "last", {"z": "?"}), "line 1 of tables/sequences"),
    "a value in pieces": (cell(sequences, 1, "last", [1, 2]), "line 1 of tables/sequences"),
    "a time that is none": (cell(definitions, 1, "hash", {"t": "yesterday"}), "line 1 of tables/definitions"),
    "a number that is none": (cell(definitions, 1, "hash", {"d": "?"}), "line 1 of tables/definitions"),
    "a line that is no row": (forged(sequences, lambda rows: [*rows[:2], 7]), "line 3 of tables/sequences"),
    "a short line": (forged(sequences, lambda rows: [*rows[:2], rows[2][:1]]), "line 3 of tables/sequences"),
    "a row twice": (forged(sequences, lambda rows: [*rows, rows[0]]), "line 4 of tables/sequences"),
    "a row less": (forged(sequences, lambda rows: rows[:2]), "2 lines instead of 3"),
}  # fmt: skip
"""What only the database that is to take them can tell."""


def refusal_of(place: Place, backup: Path) -> str:
    """What a bad backup is refused with, once it is seen that nothing of it came in."""
    with pytest.raises(NoBackup) as refusal:
        place.restore(backup)
    assert refusal.value.text("zh") != refusal.value.text("en")
    assert not place.anchors.exists()
    assert {name: rows for name, rows in content(place.db).items() if rows and name != "calendars"} == {}
    return refusal.value.text("en")


@pytest.mark.parametrize("harm", BAD)
def test_a_bad_backup_is_refused_by_what_is_wrong_and_nothing_is_restored(
    harm: str, backup: Path, empty: Place
) -> None:
    change, named = BAD[harm]

    assert named in refusal_of(empty, edited(backup, change))


@pytest.mark.parametrize("harm", BAD_ROWS)
def test_rows_a_database_does_not_take_are_refused_by_table_and_line(harm: str, backup: Path, there: Place) -> None:
    change, named = BAD_ROWS[harm]

    assert named in refusal_of(there, edited(backup, change))


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.9, -1])
def test_a_backup_that_was_cut_is_refused(backup: Path, empty: Place, kept: float) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[: int(kept * len(whole)) if 0 < kept < 1 else int(kept)])

    with pytest.raises(NoBackup):
        empty.restore(backup)


@pytest.mark.long
def test_any_changed_byte_is_refused_or_changes_nothing(sound: bytes, backup: Path, empty: Place) -> None:
    empty.restore(backup)
    whole = content(empty.db)
    for place in range(0, len(sound), len(sound) // 60):
        clear(empty.db)
        backup.write_bytes(sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :])
        with suppress(NoBackup):
            empty.restore(backup)
            assert content(empty.db) == whole


def test_a_backup_of_another_schema_is_refused_by_both(backup: Path, empty: Place) -> None:
    with pytest.raises(OtherSchema) as refusal:
        empty.restore(edited(backup, manifest(schema="0001")))

    assert "0001" in refusal.value.text("zh")


@pytest.mark.parametrize("name", ["nowhere.zip", "."])
def test_a_backup_that_is_not_there_is_refused(name: str, empty: Place, tmp_path: Path) -> None:
    with pytest.raises(NoBackup):
        empty.restore(tmp_path / name)
