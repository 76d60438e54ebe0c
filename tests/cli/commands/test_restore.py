"""Backup and restore: the very same rows, proven, from either database to either."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import clauseflow
from cli.archive import writing
from cli.archive.format import TABLES
from cli.clock import now
from engine.database import Database
from engine.history.anchoring.anchors import take_anchor
from tests.bench import Bench
from tests.cli.conftest import rows, use


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
