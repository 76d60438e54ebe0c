"""What an event waits for: a message, a timer, a signal, an error, an escalation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from engine.bpmn.diagram import Event
from engine.bpmn.expressions import Formula
from engine.bpmn.state import Wait, WaitId, WaitKind
from engine.bpmn.timers import Cycle, Moment
from engine.values import Value

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token

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
            self._open(token, "message", {"name": self.event.name, "key": self._key(token)})
        elif self.event.kind == "signal":
            self._open(token, "signal", {"name": self.event.name})

    def repeats(self, token: Token) -> bool:
        """Whether a non-interrupting event may happen once more after this firing."""
        if self.event.kind != "timer":
            return True
        return isinstance(self.timer, Cycle) and token.internal_data.get("left") != 1

    def _key(self, token: Token) -> Value:
        running = token.workflow
        return self.key.key(running.visible(token.scope), running.around) if self.key else None

    def _wait_for_time(self, token: Token, after: Token | None) -> None:
        running = token.workflow
        variables = running.visible(token.scope)
        if isinstance(self.timer, Cycle):
            due, left = self._next_of_cycle(token, after)
            if left is not None:
                token.internal_data["left"] = left
            token.internal_data["due"] = due.isoformat()
        else:
            assert self.timer is not None
            moment = self.timer.at(variables, running.around)
            if moment is None:
                assert isinstance(self.timer.source, Formula)
                raise self.timer.source.failed("结果为空。", "the result is null.")
            due = moment
        self._open(token, "timer", {"working": True} if self._in_working_time() else {}, due)

    def _next_of_cycle(self, token: Token, after: Token | None) -> tuple[datetime, int | None]:
        running = token.workflow
        variables = running.visible(token.scope)
        assert isinstance(self.timer, Cycle)
        if after is None:
            return self.timer.first(variables, running.around)
        left = after.internal_data.get("left")
        due = datetime.fromisoformat(after.internal_data["due"])
        return self.timer.following(due, variables, running.around), None if left is None else left - 1

    def _in_working_time(self) -> bool:
        return isinstance(self.timer, Moment) and self.timer.in_working_time

    def _open(self, token: Token, kind: WaitKind, details: dict[str, Value], due: datetime | None = None) -> None:
        node = token.task_spec.node
        wait = Wait(NOT_YET, kind, node.id, token.scope.id, token.id, due=due, details=details)
        token.workflow.open(token, wait)
