"""A case as an administrator meets it who puts it right: with all that the engine keeps of where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from engine.actor import Actor
from engine.bpmn import Definition, Node, State, Wait, movable_to
from engine.history.append import load
from engine.queries.cases import CaseHead, find_case
from engine.queries.incidents import stuck_in
from engine.session import Session
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands; `stuck` are the waits that stand still by their identity, and why."""

    head: CaseHead
    definition: Definition
    state: State
    stuck: dict[tuple[int, int], dict[str, Value]]

    def movable(self) -> list[tuple[Wait, list[Node]]]:
        """The open waits whose token may be moved, each with the nodes the engine would take it to."""
        nodes = self.definition.diagram.nodes
        found = ((wait, movable_to(self.definition, self.state, wait.id)) for wait in self._in_order())
        return [(wait, [nodes[node] for node in targets]) for wait, targets in found if targets]

    def _in_order(self) -> list[Wait]:
        return sorted(self.state.waits, key=lambda wait: wait.id)


def standing(session: Session, actor: Actor, number: str) -> Standing:
    """Where a case stands, for somebody who may put it right. Raises NoCaseToSee, NotPermitted."""
    head = find_case(session, actor, number)
    actor.require("correct")
    instance = load(session, head.id)
    return Standing(head, instance.deployed.definition, instance.state, stuck_in(session, head.id))
