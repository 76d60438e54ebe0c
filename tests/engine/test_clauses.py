"""The register of regulations: what is read, and what a broken file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.clauses import Register, load_register
from engine.errors import Refused

GOOD = "key: bk\ntitle: 办法\ntitle_en: Rules\nsource: 一\nclauses:\n"


def read(folder: Path, clauses: str) -> Register:
    (folder / "bk.yaml").write_text(GOOD + clauses, encoding="utf-8")
    return load_register(folder)


def test_a_clause_reads_in_both_languages_with_its_open_point(tmp_path: Path) -> None:
    line = "  - {id: bk-8, kind: rule, process: [p], text: 甲, text_en: A, open: 乙, open_en: B}\n"

    clause = read(tmp_path, line).clause("bk-8")

    assert clause is not None
    assert (clause.words("zh"), clause.words("en"), clause.reading("zh"), clause.reading("en")) == (
        "甲",
        "A",
        "乙",
        "B",
    )


def test_clauses_naming_a_process_are_found(tmp_path: Path) -> None:
    lines = (
        "  - {id: bk-1, kind: rule, process: [p, q], text: 甲}\n  - {id: bk-2, kind: rule, process: [q], text: 乙}\n"
    )

    register = read(tmp_path, lines)

    assert [clause.id for clause in register.naming("p")] == ["bk-1"]
    assert [clause.id for clause in register.naming("q")] == ["bk-1", "bk-2"]


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("  - {id: xx-1, kind: rule, text: 甲}\n", "xx-1"),
        ("  - {id: bk-1, kind: wish, text: 甲}\n", "bk-1"),
        ("  - {id: bk-1, kind: rule}\n", "bk-1"),
        ("  - {id: bk-1, kind: rule, text: 甲}\n  - {id: bk-1, kind: rule, text: 乙}\n", "bk-1"),
        ("  - [broken\n", ""),
        ("", "clauses"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_clause(tmp_path: Path, line: str, where: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(tmp_path, line)

    first = refusal.value.problems[0]
    assert (first.file, first.where) == ("regulations/bk.yaml", where)


def test_the_shipped_register_is_whole(register: Register) -> None:
    assert len(register.regulations) == 13
    assert all(clause.text_en for clause in register.clauses.values())
