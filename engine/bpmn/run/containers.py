"""Sub-processes: a token waits outside while a scope of its own runs inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.run.nodes import NodeSpec
from engine.bpmn.run.scopes import Scope
from engine.bpmn.run.tasks import ActivitySpec

if TYPE_CHECKING:
    from engine.bpmn.run.tokens import Token
    from engine.bpmn.run.workflow import Running


class SubProcessSpec(ActivitySpec):
    """An embedded sub-process."""

    def work(self, token: Token) -> bool:
        start_inside(token.workflow, token.workflow.open_scope("sub", token))
        return False


class EventSubProcessSpec(NodeSpec):
    """An event sub-process: no flow leads to it, its start event begins it."""

    def begin(self, running: Running, outer: Scope) -> Scope:
        """Open its scope inside `outer`; the start event is then placed in it."""
        host = running.place_at_rest(self, outer)
        inner = running.open_scope("sub", host)
        prepare(running, inner)
        return inner


def start_inside(running: Running, scope: Scope, start: NodeSpec | None = None) -> None:
    """Begin a process or sub-process in its new scope, at `start` or its only none start event."""
    prepare(running, scope)
    running.place(start or running.spec.containers[scope.node].starts[0], scope)


def prepare(running: Running, scope: Scope) -> None:
    """Give a new scope its local variables and let its event sub-processes listen."""
    container = running.spec.containers[scope.node]
    running.variables.declare(scope, dict.fromkeys(container.locals))
    for spec in container.event_starts:
        running.subscribe(spec, scope, None)
