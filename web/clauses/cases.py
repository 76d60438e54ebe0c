"""Everything about one clause: which cases carried it out last, and which missed its deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.actor import Actor
from engine.bpmn import Definition
from engine.history.definitions import Deployed
from engine.queries import CaseHead
from engine.queries.carried_out import Citing, last_carried_out
from engine.queries.cases import heads_of
from engine.queries.deadlines import DiagramPlace, Late, late, stated
from engine.session import Session
from web.clauses.citations import all_versions
from web.shared.services import services
from web.shared.words import story

SHOWN = 10
"""Cases of a list on the clause's page."""
LOOKED_AT = 500
"""Late cases of which it is asked whether the reader may see them."""


@dataclass(frozen=True, slots=True)
class LateCase:
    """A case that missed one of the clause's deadlines, and at what; `ended_at` is None while that is open."""

    head: CaseHead
    name: str
    due_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClauseFile:
    """What cases made of a clause, as far as the reader may see them; `more_late` counts late ones left out."""

    cases: list[CaseHead]
    late: list[LateCase]
    more_late: int


def open_clause_file(session: Session, actor: Actor, clause_id: str) -> ClauseFile:
    """The file of a clause, over every version of every diagram that ever cited it."""
    versions = [deployed for deployed in all_versions(session) if clause_id in _cited(deployed.definition)]
    missed = _late(session, actor, clause_id, versions)
    return ClauseFile(
        cases=last_carried_out(session, actor, [_citing(deployed, clause_id) for deployed in versions], SHOWN),
        late=missed[:SHOWN],
        more_late=max(0, len(missed) - SHOWN),
    )


def _late(session: Session, actor: Actor, clause_id: str, versions: Sequence[Deployed]) -> list[LateCase]:
    definitions = {deployed.id: deployed.definition for deployed in versions}
    places = [
        DiagramPlace(deployed.id, element)
        for deployed in versions
        for element, clauses in stated(deployed.definition.diagram).items()
        if clause_id in clauses
    ]
    missed = late(session, services().now(), versions, places)[:LOOKED_AT] if places else []
    heads = heads_of(session, actor, {each.instance_id for each in missed})
    return [_late_case(each, heads[each.instance_id], definitions) for each in missed if each.instance_id in heads]


def _late_case(each: Late, head: CaseHead, definitions: dict[int, Definition]) -> LateCase:
    name = story.node_name(definitions[each.place.definition_id], each.place.element)
    return LateCase(head, name, each.due_at, each.ended_at)


def _cited(definition: Definition) -> set[str]:
    diagram = definition.diagram
    return {*diagram.clauses, *(clause for element in diagram.elements() for clause in element.clauses)}


def _citing(deployed: Deployed, clause_id: str) -> Citing:
    diagram = deployed.definition.diagram
    elements = frozenset(element.id for element in diagram.elements() if clause_id in element.clauses)
    return Citing(deployed.id, elements, clause_id in diagram.clauses)
