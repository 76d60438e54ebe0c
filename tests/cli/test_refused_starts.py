"""What keeps a command from starting is a sentence in either language, never a traceback."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import clauseflow

LANGUAGES = ("zh", "en")


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet; commands find it by the environment."""
    monkeypatch.setenv("CLAUSEFLOW_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["serve", "run"])
def test_a_port_that_is_taken_is_named_before_anything_is_done(
    command: str,
    language: str,
    var: Path,
    taken_port: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CLAUSEFLOW_PORT", str(taken_port))
    monkeypatch.setenv("CLAUSEFLOW_LANGUAGE", language)

    assert clauseflow.main([command]) == 2

    said = capsys.readouterr()
    assert f"127.0.0.1:{taken_port}" in said.err
    assert "CLAUSEFLOW_PORT" in said.err
    assert said.out == ""
    assert not var.exists()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7", "a" * 70 + ".cn"])
@pytest.mark.usefixtures("var")
def test_an_address_of_another_machine_is_named(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLAUSEFLOW_HOST", host)

    assert clauseflow.main(["serve"]) == 2
    assert host in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_data_folder_that_cannot_be_made_is_named(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CLAUSEFLOW_VAR", str(tmp_path / "file" / "var"))
    monkeypatch.setenv("CLAUSEFLOW_LANGUAGE", language)

    assert clauseflow.main(["migrate"]) == 2
    assert "CLAUSEFLOW_VAR" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", [["migrate"], ["verify", "--all"], ["backup", "b.zip"]])
def test_a_damaged_database_is_told_in_a_sentence(
    command: list[str], language: str, var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLAUSEFLOW_LANGUAGE", language)
    monkeypatch.chdir(var.parent)
    assert clauseflow.main(["migrate"]) == 0
    database = var / "clauseflow.db"
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(8192)
        file.write(b"\x99" * (size - 8192))

    assert clauseflow.main(command) == 2

    said = capsys.readouterr().err
    assert "clauseflow restore" in said
    assert "Traceback" not in said
    assert sorted(each.name for each in var.parent.iterdir()) == ["var"], "nothing half done"


def test_what_is_made_is_for_its_owner_alone(var: Path) -> None:
    assert clauseflow.main(["migrate"]) == 0

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (var, *var.iterdir())}
    assert modes == {"var": 0o700} | {name: 0o600 for name in modes if name != "var"}


def test_a_database_made_by_an_earlier_version_is_closed_to_others_when_it_is_migrated(var: Path) -> None:
    assert clauseflow.main(["migrate"]) == 0
    (var / "clauseflow.db").chmod(0o664)

    assert clauseflow.main(["migrate"]) == 0
    assert stat.S_IMODE((var / "clauseflow.db").stat().st_mode) == 0o660, "a group somebody set stays"
