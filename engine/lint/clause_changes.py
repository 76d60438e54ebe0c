"""A clause and the elements that carry it out change together: one without the other is worth a second look."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn import Definition, Flow, Node
from engine.clauses import Register
from engine.errors import Problem
from engine.lint.context import LintContext
from engine.lint.meaning import PARTS, altered


@dataclass(frozen=True, slots=True)
class Parting:
    """A clause and an element that part ways: these `parts` of the element changed, or none and the clause did."""

    clause: str
    element: str
    parts: tuple[str, ...]


def clause_changes(definition: Definition, context: LintContext) -> Iterator[Problem]:
    """Warn, against the version in force, of clauses changed alone and of citing elements changed alone."""
    before = context.in_force
    if before is None:
        return
    reworded = changed_clauses(before.clauses, context.register)
    elements = {element.id: element for element in definition.diagram.elements()}
    for parting in partings(before.deployed.definition, definition, reworded):
        element = elements[parting.element]
        zh, en = _sentences(parting, element, before.deployed.version)
        yield Problem("clause_changes", element.id, zh, en, element.line, file=definition.bpmn_path, severity="warning")


def _sentences(parting: Parting, element: Node | Flow, version: int) -> tuple[str, str]:
    name, name_en = element.name or element.id, element.name_en or element.name or element.id
    if not parting.parts:
        return (
            f"条款 {parting.clause} 在第 {version} 版部署之后改过，“{name}”没有跟着改",
            f"clause {parting.clause} changed since version {version} was deployed, but “{name_en}” did not",
        )
    parts, parts_en = ([PARTS[part][side] for part in parting.parts] for side in (0, 1))
    zh = f"“{name}”的{'、'.join(parts)}与在用的第 {version} 版不同，所引条款 {parting.clause} 没有改"
    en = f"“{name_en}” is not as in version {version} in force ({', '.join(parts_en)}), but {parting.clause} is"
    return zh, en


def partings(before: Definition, after: Definition, reworded: Collection[str]) -> Iterator[Parting]:
    """Where clause and element part between two versions; `reworded` are the clauses that read otherwise now.

    New elements, and those that cite other clauses than before, were looked at: they are passed over.
    """
    differs = altered(before, after)
    cited = {element.id: element.clauses for element in before.diagram.elements()}
    for element in after.diagram.elements():
        if cited.get(element.id) != element.clauses:
            continue
        new = [clause for clause in element.clauses if clause in reworded]
        if element.id not in differs:
            yield from (Parting(clause, element.id, ()) for clause in new)
        elif element.clauses and not new:
            yield Parting(" ".join(element.clauses), element.id, differs[element.id])


def changed_clauses(then: Mapping[str, str], register: Register) -> frozenset[str]:
    """The clauses that read otherwise now than when their digests were remembered."""
    now = {clause_id: register.clause(clause_id) for clause_id in then}
    return frozenset(clause_id for clause_id, clause in now.items() if clause and clause.digest != then[clause_id])
