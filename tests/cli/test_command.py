"""Commands: a file each, all of them in one table, with words of their own in both languages."""

from __future__ import annotations

import subprocess
import sys

import pytest

import clauseflow
from cli.settings import HOME


def test_every_file_of_a_command_is_in_the_table() -> None:
    files = {path.stem for path in (HOME / "cli" / "commands").glob("[a-z]*.py")}

    assert files == set(clauseflow.COMMANDS)


def test_help_lists_every_command_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        clauseflow.main(["--help"])

    assert ended.value.code == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert [words[0] for words in lines if words[0] in clauseflow.COMMANDS] == list(clauseflow.COMMANDS)


@pytest.mark.parametrize("name", clauseflow.COMMANDS)
def test_a_command_says_what_it_does_in_both_languages(name: str) -> None:
    chinese, _, english = clauseflow.COMMANDS[name].help.partition(" · ")

    assert any("一" <= character <= "鿿" for character in chinese)
    assert english.isascii()
    assert english


def test_what_is_invented_is_not_loaded_with_the_product() -> None:
    loaded = "import sys, clauseflow; print([name for name in sys.modules if name.partition('.')[0] == 'demo'])"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=HOME, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
