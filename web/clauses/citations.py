"""Where clauses are carried out: the elements of diagrams that cite them, and what cases made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from engine.history.definitions import Deployed, all_in_force, by_id
from engine.history.deployments import last_deployments
from engine.lint.clause_changes import Parting, changed_clauses, partings
from engine.queries.carried_out import Way, ways_taken
from engine.queries.deadlines import Deadlines, DiagramPlace, deadlines_kept, stated
from engine.session import Session
from engine.tables import definitions
from web.shared.services import services

FRESH = timedelta(minutes=1)
"""For how long a count stands: counting reads the whole history."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a diagram in force that cites a clause; of a flow without a name, the names of its ends."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Executed:
    """How one process carries a clause out: its elements in force, the entries that did, the deadlines kept."""

    process: str
    name: str
    name_en: str
    whole: bool
    """Whether the process itself cites the clause: every case of it carries it out."""
    elements: list[Element]
    times: int
    deadlines: Deadlines
    version: int
    partings: list[Parting]
    """Where the clause and an element in force changed one without the other."""

    def named(self, element_id: str) -> Element:
        """The element of that id."""
        return next(element for element in self.elements if element.id == element_id)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every clause's executions, as counted at a moment."""

    at: datetime
    executed: dict[str, list[Executed]]

    def of(self, clause_id: str) -> list[Executed]:
        """The processes that carry out a clause; none for a clause no diagram in force cites."""
        return self.executed.get(clause_id, [])

    def times(self, clause_id: str) -> int:
        """How often a clause was carried out."""
        return sum(each.times for each in self.of(clause_id))


@dataclass(slots=True)
class _Tally:
    """What is counted for one process and clause."""

    times: int = 0
    deadlines: Deadlines = field(default_factory=Deadlines)


def ledger(session: Session) -> Ledger:
    """The ledger, counted anew when it is older than FRESH."""
    now = services().now()
    kept: Ledger | None = current_app.extensions.get("clauseflow.ledger")
    if kept is None or not timedelta(0) <= now - kept.at < FRESH:
        kept = current_app.extensions["clauseflow.ledger"] = _count(session, now)
    return kept


def _count(session: Session, now: datetime) -> Ledger:
    versions = all_versions(session)
    tallies = _tallies(versions, ways_taken(session), deadlines_kept(session, now, versions))
    executed: dict[str, list[Executed]] = {}
    for deployed in all_in_force(session):
        apart = _apart(session, deployed)
        for clause_id, elements in _citing(deployed).items():
            tally = tallies.get((deployed.key, clause_id), _Tally())
            parted = [parting for parting in apart if clause_id in parting.clause.split()]
            executed.setdefault(clause_id, []).append(_executed(deployed, clause_id, elements, tally, parted))
    return Ledger(now, executed)


def all_versions(session: Session) -> list[Deployed]:
    """Every version of every process, also those only old cases are on."""
    return [by_id(session, row_id) for row_id in session.execute(select(definitions.c.id)).scalars()]


def _apart(session: Session, deployed: Deployed) -> list[Parting]:
    """Where a version in force and its clauses parted: since it was deployed, or in the deploy that brought it."""
    now, *before = last_deployments(session, deployed.key, 2)
    since = changed_clauses(now.clauses, services().register)
    found = list(partings(now.deployed.definition, now.deployed.definition, since))
    if before:
        [earlier] = before
        reworded = {clause for clause, digest in earlier.clauses.items() if now.clauses.get(clause, digest) != digest}
        by_deploy = partings(earlier.deployed.definition, now.deployed.definition, reworded)
        found += [parting for parting in by_deploy if parting.parts]
    return found


def _tallies(
    versions: list[Deployed], ways: list[Way], deadlines: dict[DiagramPlace, Deadlines]
) -> dict[tuple[str, str], _Tally]:
    """By process and clause; each version of a diagram counts for the clauses it cites itself."""
    known = {deployed.id: deployed for deployed in versions}
    cited = {deployed.id: _clauses_by_element(deployed) for deployed in versions}
    found: dict[tuple[str, str], _Tally] = {}
    for way in ways:
        deployed = known[way.definition_id]
        clauses = {clause for element in way.path for clause in cited[deployed.id].get(element, ())}
        clauses |= set(deployed.definition.diagram.clauses) if way.kind == "start" else set()
        for clause in clauses:
            found.setdefault((deployed.key, clause), _Tally()).times += way.entries
    due = {deployed.id: stated(deployed.definition.diagram) for deployed in versions}
    for place, kept in deadlines.items():
        deployed = known[place.definition_id]
        for clause in due[deployed.id].get(place.element, ()):
            found.setdefault((deployed.key, clause), _Tally()).deadlines += kept
    return found


def _clauses_by_element(deployed: Deployed) -> dict[str, tuple[str, ...]]:
    return {element.id: element.clauses for element in deployed.definition.diagram.elements()}


def _citing(deployed: Deployed) -> dict[str, list[Element]]:
    """The elements that cite each clause; a clause only the process itself cites has none."""
    diagram = deployed.definition.diagram
    found: dict[str, list[Element]] = {clause: [] for clause in diagram.clauses}
    for element in _elements(deployed):
        for clause in (diagram.nodes.get(element.id) or diagram.flows[element.id]).clauses:
            found.setdefault(clause, []).append(element)
    return found


def _elements(deployed: Deployed) -> Iterator[Element]:
    diagram = deployed.definition.diagram
    for node in diagram.nodes.values():
        yield Element(node.id, node.name or node.id, node.name_en)
    for flow in diagram.flows.values():
        ends = diagram.nodes[flow.source], diagram.nodes[flow.target]
        name, english = (" → ".join(getattr(end, kind) or end.id for end in ends) for kind in ("name", "name_en"))
        yield Element(flow.id, flow.name or name, flow.name_en or english)


def _executed(
    deployed: Deployed, clause_id: str, elements: list[Element], tally: _Tally, parted: list[Parting]
) -> Executed:
    diagram = deployed.definition.diagram
    return Executed(
        process=deployed.key,
        name=diagram.name,
        name_en=diagram.name_en,
        whole=clause_id in diagram.clauses,
        elements=elements,
        times=tally.times,
        deadlines=tally.deadlines,
        version=deployed.version,
        partings=parted,
    )
