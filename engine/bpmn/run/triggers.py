"""What an event waits for: a message, a timer, a signal, an error, an escalation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from engine.bpmn.diagram import Event, Node
from engine.bpmn.expressions import Formula
from engine.bpmn.run.timers import Cycle, Moment
from engine.bpmn.state import Wait, WaitId, WaitKind
from engine.values import Value

if TYPE_CHECKING:
    from engine.bpmn.run.tokens import Token

NOT_YET = WaitId(-1, -1)
"""The identity of a wait before its step is recorded."""


class Trigger:
    """The compiled event definition of a catching node."""

    def __init__(self, event: Event, key: Formula | None, timer: Moment | Cycle | None) -> None:
        self.event = event
        self.key = key
        self.timer = timer

    def catches(self, kind: str, code: str) -> bool:
        """Whether an error or escalation of that code is caught here; no code catches all."""
        return self.event.kind == kind and self.event.code in ("", code)

    def listen(self, token: Token, after: Token | None = None) -> None:
        """Open the wait of `token`; errors and escalations need none. `after` is the firing a cycle repeats."""
        if self.event.kind == "timer":
            self._wait_for_time(token, after)
        elif self.event.kind == "message":
            self._open(token, "message", {"name": self.event.name, "key": correlation_key(self.key, token)})
        elif self.event.kind == "signal":
            self._open(token, "signal", {"name": self.event.name})

    def repeats(self, token: Token) -> bool:
        """Whether a non-interrupting event may happen once more after this firing."""
        if self.event.kind != "timer":
            return True
        return isinstance(self.timer, Cycle) and token.internal_data["left"] != 1

    def _wait_for_time(self, token: Token, after: Token | None) -> None:
        variables, context = token.visible, token.workflow.context
        if isinstance(self.timer, Moment):
            working = {"working": True} if self.timer.in_working_time else {}
            due = self.timer.surely_at(variables, context, end_of_day=_is_beside_work(token.task_spec.node))
            self._open(token, "timer", working, due)
            return
        assert self.timer is not None
        if after is None:
            due, left = self.timer.first(variables, context)
        else:
            last = datetime.fromisoformat(after.internal_data["due"])
            due, left = self.timer.following(last, after.internal_data["left"], variables, context)
        token.internal_data.update(due=due.isoformat(), left=left)
        self._open(token, "timer", {}, due)

    def _open(self, token: Token, kind: WaitKind, details: dict[str, Value], due: datetime | None = None) -> None:
        node = token.task_spec.node
        wait = Wait(NOT_YET, kind, node.id, token.scope.id, token.id, due=due, details=details)
        token.workflow.open(token, wait)


def _is_beside_work(node: Node) -> bool:
    """Whether a timer stands on an activity or over a scope, where a date means by when, and not from when on."""
    return node.attached_to is not None or (node.type == "startEvent" and node.parent is not None)


def correlation_key(formula: Formula | None, token: Token) -> Value:
    """A message's key. Raises ExpressionFailed for null: no message could ever be matched by it."""
    found = token.value(formula) if formula else None
    if formula and found is None:
        raise formula.failed("关联键为空。", "the correlation key is null.")
    return found
