"""The register of regulations: every clause that diagram elements cite."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engine.errors import Problem, Refused

CLAUSE_KINDS = frozenset({"step", "rule", "deadline", "record", "duty", "report", "scope"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of a regulation, restated; `open` is an ambiguity of the source and the reading chosen."""

    id: str
    regulation: str
    kind: str
    process: tuple[str, ...]
    text: str
    text_en: str
    open: str
    open_en: str

    @property
    def digest(self) -> str:
        """SHA-256 of text and reading in their own language: a better translation changes nothing."""
        return hashlib.sha256(f"{self.text}\n{self.open}".encode()).hexdigest()

    def words(self, language: str) -> str:
        """The clause's text in the reader's language."""
        return self.text if language.startswith("zh") else self.text_en or self.text

    def reading(self, language: str) -> str:
        """The open point and the reading chosen, empty when the clause is clear."""
        return self.open if language.startswith("zh") else self.open_en or self.open


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation and its clauses in order."""

    key: str
    title: str
    title_en: str
    source: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Every regulation the product knows, by key."""

    regulations: Mapping[str, Regulation]
    clauses: Mapping[str, Clause]

    def clause(self, clause_id: str) -> Clause | None:
        """The clause of that id, or None."""
        return self.clauses.get(clause_id)

    def naming(self, process: str) -> list[Clause]:
        """The clauses that expect to be carried out by a process."""
        return [clause for clause in self.clauses.values() if process in clause.process]


def load_register(folder: Path) -> Register:
    """Read `<folder>/*.yaml`. Raises Refused naming file, clause and field."""
    problems: list[Problem] = []
    regulations = [_read(path, problems) for path in sorted(folder.glob("*.yaml"))]
    clauses: dict[str, Clause] = {}
    for regulation in regulations:
        for clause in regulation.clauses:
            if clause.id in clauses:
                problems.append(_problem(regulation.key, clause.id, "条款编号重复", "the clause id is used twice"))
            clauses[clause.id] = clause
    if problems:
        raise Refused(problems)
    return Register({regulation.key: regulation for regulation in regulations}, clauses)


def _read(path: Path, problems: list[Problem]) -> Regulation:
    try:
        found = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        problems.append(_problem(path.stem, "", f"不是有效的 YAML：{error}", f"not valid YAML: {error}"))
        found = {}
    found = found if isinstance(found, dict) else {}
    raw = found.get("clauses") or []
    clauses = tuple(_clause(path.stem, item, problems) for item in raw if isinstance(item, dict))
    if not clauses:
        problems.append(_problem(path.stem, "clauses", "没有条款", "there are no clauses"))
    return Regulation(
        path.stem, str(found.get("title", "")), str(found.get("title_en", "")), str(found.get("source", "")), clauses
    )


def _clause(regulation: str, item: dict[str, Any], problems: list[Problem]) -> Clause:
    clause_id = str(item.get("id", "?"))
    if not clause_id.startswith(f"{regulation}-"):
        problems.append(_problem(regulation, clause_id, "条款编号与文件名不符", "the clause id does not fit the file"))
    if item.get("kind") not in CLAUSE_KINDS:
        problems.append(_problem(regulation, clause_id, "条款类别未知", f"unknown kind {item.get('kind')!r}"))
    if not item.get("text"):
        problems.append(_problem(regulation, clause_id, "条款没有正文", "the clause has no text"))
    return Clause(
        clause_id,
        regulation,
        str(item.get("kind", "")),
        tuple(map(str, item.get("process") or ())),
        str(item.get("text") or ""),
        str(item.get("text_en") or ""),
        str(item.get("open") or ""),
        str(item.get("open_en") or ""),
    )


def _problem(regulation: str, where: str, zh: str, en: str) -> Problem:
    return Problem("register", where, zh, en, file=f"regulations/{regulation}.yaml")
