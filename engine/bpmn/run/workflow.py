"""The running instance inside one step: SpiffWorkflow's tasks as tokens, flat and without a clock.

SpiffWorkflow moves the tokens through their states (reached, ready, started, completed, cancelled).
Where this differs from its stock workflow: a finished token is dropped at once, so nothing grows
with history; nothing is predicted; ids are numbers that count up per instance; scopes of
sub-processes and loops are kept beside the tokens instead of as workflows within workflows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.bpmn.errors import StepLimit
from engine.bpmn.expressions import EvaluationContext, named
from engine.bpmn.run.effects import EffectsRecord
from engine.bpmn.run.scopes import Scope, ScopeKind, Variables
from engine.bpmn.run.tokens import Token
from engine.bpmn.state import INSTANCE_SCOPE, ClosedWhy, Input, Wait
from engine.values import Value

if TYPE_CHECKING:
    from engine.bpmn.run.events import CatchingSpec
    from engine.bpmn.run.executable import Executable
    from engine.bpmn.run.nodes import NodeSpec
    from engine.bpmn.run.process import ProcessSpec

MAX_STEP: Final = 10_000
"""Nodes one step may run through before it is taken for an endless loop."""


class Running(Workflow):  # type: ignore[misc]
    """One instance while a step runs."""

    tasks: dict[int, Token]
    spec: ProcessSpec

    def __init__(
        self,
        definition: Executable,
        context: EvaluationContext,
        variables: Mapping[str, Mapping[str, Value]],
        waits: list[Wait],
        completed_by: Mapping[str, list[str]],
    ) -> None:
        # `deserializing` keeps the stock constructor from predicting a tree.
        super().__init__(definition.diagram.spec, deserializing=True)
        self.definition = definition
        self.context = context
        self.variables = Variables(variables)
        self.record = EffectsRecord()
        self.numbers = 0
        self.activations: dict[str, int] = {}
        self.root = Scope(INSTANCE_SCOPE, "process", None, None, 0)
        self.scopes: dict[str, Scope] = {INSTANCE_SCOPE: self.root}
        self.waits: dict[int, Wait] = {wait.token: wait for wait in waits}
        self.opened: list[int] = []
        self.completed_by = dict(completed_by)
        self.queue: deque[Token] = deque()

    def next_number(self) -> int:
        """The number of a new token."""
        self.numbers += 1
        return self.numbers

    def alive(self) -> list[Token]:
        """Every token and subscription that is not finished, oldest first."""
        return [token for token in self.tasks.values() if not token.finished]

    # Moving

    def run(self) -> None:
        """Carry out everything that needs nobody, until all tokens rest. Raises StepLimit."""
        steps = 0
        while self.queue or self._open_inclusive_joins():
            token = self.queue.popleft()
            if token.state != TaskState.READY:
                continue
            steps += 1
            if steps > MAX_STEP:
                raise StepLimit(limit=MAX_STEP, **named(token.task_spec.node))
            token.run()

    def _open_inclusive_joins(self) -> bool:
        """Let the first inclusive join fire that no token can reach any more; true if one did."""
        return any(
            token.state == TaskState.WAITING and token.task_spec.opens_when_still(token) for token in self.alive()
        )

    def _task_completed_notify(self, task: Token) -> None:
        self.forget(task)
        self.settle(task.scope)

    def forget(self, token: Token) -> None:
        """Drop a finished token: nothing ever asks for it again."""
        self.tasks.pop(token.id, None)

    def place(self, spec: NodeSpec, scope: Scope, parent: Token | None = None, **data: Any) -> Token:
        """Put a new token on a node and let it go ahead."""
        token = Token(self, spec, scope, parent=parent)
        token.internal_data.update(data)
        if parent is None:
            spec.arrive(token)
        return token

    def place_at_rest(self, spec: NodeSpec, scope: Scope) -> Token:
        """Put a new token on a node that is at work already."""
        return Token(self, spec, scope, state=TaskState.STARTED)

    def consume(self, token: Token) -> None:
        """End a token that leads nowhere."""
        token.consume()
        self.settle(token.scope)

    # Scopes

    def open_scope(self, kind: ScopeKind, host: Token, item: int | None = None) -> Scope:
        """A new scope that `host` waits for: its id is the node and its activation, or the item's place in a loop."""
        node = host.task_spec.node.id
        if item is None:
            self.activations[node] = self.activations.get(node, 0) + 1
            parent, scope_id = host.scope, f"{node}:{self.activations[node]}"
        else:
            parent = next(scope for scope in self.hosted(host) if scope.kind == "loop")
            scope_id = f"{parent.id}/{item}"
        scope = self.scopes[scope_id] = Scope(scope_id, kind, node, parent, host.id)
        return scope

    def hosted(self, host: Token) -> list[Scope]:
        """The open scopes that `host` waits for, oldest first."""
        return [scope for scope in self.scopes.values() if scope.host == host.id]

    def settle(self, scope: Scope) -> None:
        """End `scope` when no token is left in it, and let its host go on."""
        if scope.live or scope.ended:
            return
        scope.ended = True
        self.stop_all(scope, "not_needed")
        if scope.parent is None:
            return
        host = self.tasks[scope.host]
        host.task_spec.collect(host, scope)
        self._drop(scope)
        host.task_spec.scope_ended(host)

    def _drop(self, scope: Scope) -> None:
        self.variables.drop(scope)
        self.scopes.pop(scope.id, None)

    def drop_hosted(self, host: Token) -> None:
        """Forget the scopes of a token that is done."""
        for scope in self.hosted(host):
            self._drop(scope)

    # Stopping

    def stop(self, token: Token, why: ClosedWhy) -> None:
        """Cancel a token with everything that hangs on it: wait, subscriptions, scopes inside."""
        if token.finished:
            return
        self.close(token, why)
        self.unsubscribe(token, why)
        for scope in self.hosted(token):
            scope.ended = True
            self.stop_all(scope, why)
            self._drop(scope)
        token.cancel()
        self.forget(token)

    def stop_all(self, scope: Scope, why: ClosedWhy, but: Token | None = None) -> None:
        """Cancel every token and subscription directly in `scope`, apart from one."""
        for token in self.alive():
            if token.scope is scope and token is not but:
                self.stop(token, why)

    # Subscriptions and waits

    def subscribe(self, spec: CatchingSpec, scope: Scope, host: Token | None, after: Token | None = None) -> None:
        """Let an event be listened for, over `host` or over the whole scope; `after` is its last firing."""
        token = Token(self, spec, scope, state=TaskState.WAITING, subscribes=True)
        token.internal_data["host"] = host.id if host else 0
        spec.trigger.listen(token, after)

    def event_starts(self, scope: Scope) -> list[Token]:
        """The event sub-processes of `scope` that may still begin."""
        return [t for t in self.alive() if t.subscribes and t.scope is scope and not t.internal_data["host"]]

    def subscriptions(self, host: Token) -> list[Token]:
        """The events that watch over `host`."""
        return [token for token in self.alive() if token.subscribes and token.internal_data["host"] == host.id]

    def unsubscribe(self, host: Token, why: ClosedWhy) -> None:
        """End the subscriptions that watch over `host`."""
        for token in self.subscriptions(host):
            self.stop(token, why)

    def open(self, token: Token, wait: Wait) -> None:
        """Let a token wait for an input."""
        self.waits[token.id] = wait
        self.opened.append(token.id)

    def waiting(self, given: Input) -> Token:
        """The token whose wait an input answers; the wait is known to be open."""
        return self.tasks[next(number for number, wait in self.waits.items() if wait.id == given.wait)]

    def answer(self, given: Input) -> None:
        """Let the token whose wait is answered go on."""
        token = self.waiting(given)
        self.close(token, "completed")
        token.task_spec.answered(token, given)

    def remember(self, node_id: str, given: Input) -> None:
        """Remember who completed a node: the actor and whom they acted for."""
        earlier = self.completed_by.get(node_id, [])
        people = [person for person in (given.actor, given.on_behalf_of) if person]
        self.completed_by[node_id] = list(dict.fromkeys([*earlier, *people]))

    def close(self, token: Token, why: ClosedWhy) -> None:
        """End a token's wait, if it has one."""
        wait = self.waits.pop(token.id, None)
        if wait is None:
            return
        if token.id in self.opened:
            self.opened.remove(token.id)
        else:
            self.record.close(wait, why)
