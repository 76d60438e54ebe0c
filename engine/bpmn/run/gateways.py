"""Gateways. Joins count tokens per incoming flow within one scope, as BPMN 2.0.2 section 13.4 says.

SpiffWorkflow's joins look at the ancestry of tokens and fire early in the second round of a loop;
counting the tokens that are there now makes every round its own.
"""

from __future__ import annotations

from typing import Final

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.errors import NoFlow
from engine.bpmn.expressions import named
from engine.bpmn.reach import Reach
from engine.bpmn.run.nodes import NodeSpec, Way, take
from engine.bpmn.run.tokens import Token

_NONE: Final[frozenset[str]] = frozenset()


class ExclusiveSpec(NodeSpec):
    """Takes the first flow whose condition is true, else the default; tokens never wait here."""

    def ways_out(self, token: Token) -> list[Way]:
        for way in self.ways:
            if way.condition and token.holds(way.condition):
                return [way]
        for way in self.ways:
            if way.default or way.condition is None:
                return [way]
        raise NoFlow(**named(self.node))


class JoinSpec(NodeSpec):
    """What parallel and inclusive joins share: waiting tokens, one of each flow merged into the one that goes on."""

    def arrived(self, token: Token) -> dict[str, Token]:
        """The oldest token waiting here, in this scope, by incoming flow."""
        found: dict[str, Token] = {}
        for other in token.workflow.alive():
            if other.task_spec is self and other.scope is token.scope and other.state == TaskState.WAITING:
                found.setdefault(other.internal_data["flow"], other)
        return found

    def merge(self, token: Token, others: dict[str, Token]) -> None:
        """Consume the tokens that were waited for, apart from the one that goes on."""
        for other in others.values():
            if other is not token:
                other.consume()


class ParallelSpec(JoinSpec):
    """Waits for one token on every incoming flow; leaves on all outgoing ones."""

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.arriving) < 2:
            return True
        my_task.hold()
        there = self.arrived(my_task)
        if len(there) < len(self.arriving):
            return False
        self.merge(my_task, there)
        return True


class InclusiveSpec(JoinSpec):
    """Waits while another token could still arrive on an empty incoming flow; leaves on every true flow."""

    by_flow: Reach
    by_event: Reach

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.arriving) < 2:
            return True
        my_task.hold()
        return False

    def opens_when_still(self, token: Token) -> bool:
        there = self.arrived(token)
        if there[token.internal_data["flow"]] is not token or self._awaits_more(token, set(there)):
            return False
        self.merge(token, there)
        token.go_on()
        return True

    def _awaits_more(self, token: Token, filled: set[str]) -> bool:
        """A token elsewhere holds the join back when it may reach an empty flow, unless it flows to a filled one."""
        for other in token.workflow.alive():
            if other.subscribes or other.scope is not token.scope or other.task_spec is self:
                continue
            node = other.task_spec.node.id
            if self.by_event.get(node, _NONE) - filled and not self.by_flow.get(node, _NONE) & filled:
                return True
        return False


class EventBasedSpec(NodeSpec):
    """Waits for the first of the events behind it; the others are dropped."""

    def _run_hook(self, my_task: Token) -> bool:
        for way in self.ways:
            my_task.workflow.subscribe(way.target, my_task.scope, my_task)
        return False

    def happened(self, token: Token, event: NodeSpec) -> None:
        """Go on with the event that came first."""
        token.internal_data["happened"] = event.name
        token.complete()

    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.workflow.unsubscribe(my_task, "not_needed")
        super()._on_complete_hook(my_task)

    def leave(self, token: Token) -> None:
        for way in self.ways:
            if way.target.name == token.internal_data["happened"]:
                take(token, way, happened=True)
