"""The register of regulations is complete, consistent and readable in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "regulations"
FILES = sorted(FOLDER.glob("*.yaml"))
KINDS = {"step", "rule", "deadline", "record", "duty", "report", "scope"}
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module", params=FILES, ids=[path.stem for path in FILES])
def regulation(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(request.param.read_text("utf-8"))
    assert found["key"] == request.param.stem
    return found


def test_the_register_holds_every_regulation_of_the_source() -> None:
    sources = [yaml.safe_load(path.read_text("utf-8"))["source"] for path in FILES]
    readme = (FOLDER / "README.md").read_text("utf-8")
    left_out = re.findall(r"^\| (篇\S+) \|", readme.split("# The regulations")[0], re.MULTILINE)
    numbers = "一二三四五六七八九十"
    known = [f"篇{n}" for n in [*numbers, *(f"十{n}" for n in numbers[:5])]]
    assert sorted([*sources, *left_out]) == sorted(known)


def test_a_regulation_says_what_it_is(regulation: dict[str, Any]) -> None:
    assert list(regulation) == ["key", "title", "title_en", "source", "clauses"]
    assert CHINESE.search(regulation["title"])
    assert not CHINESE.search(regulation["title_en"])


def test_clause_ids_are_its_own_and_in_order(regulation: dict[str, Any]) -> None:
    numbers = [int(clause["id"].removeprefix(f"{regulation['key']}-")) for clause in regulation["clauses"]]
    assert numbers == sorted(set(numbers))


def test_every_clause_has_a_kind_and_a_place_where_it_is_carried_out(regulation: dict[str, Any]) -> None:
    for clause in regulation["clauses"]:
        assert clause["kind"] in KINDS, clause["id"]
        assert clause["process"], clause["id"]
        assert all(re.fullmatch(r"[a-z_]+", process) for process in clause["process"]), clause["id"]


def test_every_clause_speaks_both_languages(regulation: dict[str, Any]) -> None:
    for clause in regulation["clauses"]:
        assert set(clause) - {"open", "open_en"} == {"id", "kind", "process", "text", "text_en"}, clause["id"]
        assert ("open" in clause) == ("open_en" in clause), clause["id"]
        assert CHINESE.search(clause["text"]), clause["id"]
        assert not CHINESE.search(clause["text_en"] + clause.get("open_en", "")), clause["id"]


def test_the_english_keeps_the_amounts_of_the_chinese(regulation: dict[str, Any]) -> None:
    for clause in regulation["clauses"]:
        large = [number for number in NUMBER.findall(clause["text"]) if float(number) > 12]
        assert [number for number in large if number not in clause["text_en"]] == [], clause["id"]


def test_readings_point_at_clauses_that_exist() -> None:
    clauses = [clause for path in FILES for clause in yaml.safe_load(path.read_text("utf-8"))["clauses"]]
    known = {clause["id"] for clause in clauses}
    cited = {found for clause in clauses for found in re.findall(r"\b[a-z]{2}-\d+\b", clause.get("open_en", ""))}
    assert cited
    assert cited <= known
