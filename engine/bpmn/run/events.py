"""Events: where a scope starts and ends, what it waits for on the way, what interrupts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.expressions import Formula
from engine.bpmn.run.nodes import NodeSpec, write_given
from engine.bpmn.run.tasks import context_of
from engine.bpmn.run.triggers import Trigger, correlation_key
from engine.bpmn.state import Input
from engine.values import Value

if TYPE_CHECKING:
    from engine.bpmn.run.containers import EventSubProcessSpec
    from engine.bpmn.run.gateways import EventBasedSpec
    from engine.bpmn.run.timers import Cycle, Moment
    from engine.bpmn.run.tokens import Token


class StartSpec(NodeSpec):
    """The start event of a process or an embedded sub-process: the token goes on at once."""

    timer: Moment | Cycle | None = None
    """When the clock begins cases here; `engine.bpmn.run.schedule` asks it."""


class EndSpec(NodeSpec):
    """A none end event: the token is consumed."""


class TerminateSpec(NodeSpec):
    """A terminate end event: everything else in its scope is cancelled, and the scope ends."""

    def _run_hook(self, my_task: Token) -> bool:
        my_task.workflow.stop_all(my_task.scope, "terminated", but=my_task)
        return True


class CatchingSpec(NodeSpec):
    """What all catching events share."""

    trigger: Trigger

    def happen(self, token: Token, given: Input | None) -> None:
        """The event of this subscription or waiting token has happened; `given` brings its values, if any."""
        raise NotImplementedError

    def answered(self, token: Token, given: Input) -> None:
        self.happen(token, given)


class CatchSpec(CatchingSpec):
    """An intermediate catch event, also behind an event-based gateway, which then holds its subscription."""

    def _run_hook(self, my_task: Token) -> bool:
        if my_task.internal_data.pop("happened", False):
            return True
        self.trigger.listen(my_task)
        return False

    def happen(self, token: Token, given: Input | None) -> None:
        if given:
            write_given(token, given)
        if not token.subscribes:
            token.complete()
            return
        gateway = token.workflow.tasks[token.internal_data["host"]]
        spec: EventBasedSpec = gateway.task_spec
        spec.happened(gateway, self)


class BoundarySpec(CatchingSpec):
    """A boundary event: its subscription watches over the activity while that is at work."""

    def happen(self, token: Token, given: Input | None) -> None:
        running = token.workflow
        host = running.tasks[token.internal_data["host"]]
        if given:
            write_given(token, given)
        token.promote()
        if self.node.interrupting:
            running.stop(host, "interrupted")
        elif self.trigger.repeats(token):
            running.subscribe(self, token.scope, host, after=token)
        token.complete()


class EventStartSpec(CatchingSpec):
    """The start event of an event sub-process: its subscription lives as long as the scope around it."""

    sub_process: EventSubProcessSpec

    def happen(self, token: Token, given: Input | None) -> None:
        running, outer = token.workflow, token.scope
        token.promote()
        if self.node.interrupting:
            running.stop_all(outer, "interrupted", but=token)
        elif self.trigger.repeats(token):
            running.subscribe(self, outer, None, after=token)
        inner = self.sub_process.begin(running, outer)
        if given:
            write_given(token, given, inner)
        running.place(self, inner)
        running.consume(token)


class ThrowSpec(NodeSpec):
    """An intermediate throw or end event with a message, signal, error or escalation."""

    input: Formula | None = None

    def _run_hook(self, my_task: Token) -> bool:
        # What is thrown may cancel this very token, so its passage is noted first.
        my_task.workflow.record.path.append(self.node.id)
        self.throw(my_task)
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        self.leave(my_task)

    def throw(self, token: Token) -> None:
        """Let it happen."""
        raise NotImplementedError

    def payload(self, token: Token) -> dict[str, Value]:
        """The values that go along, from `cf:input`."""
        return context_of(self.input, token) if self.input else {}


class ThrowCodeSpec(ThrowSpec):
    """Throws an error or an escalation to the nearest scope that catches it."""

    def throw(self, token: Token) -> None:
        event, running = self.node.event, token.workflow
        assert event is not None
        found = catcher(token, event.kind, event.code)
        if found is not None:
            found.task_spec.happen(found, None)
        elif event.kind == "error":
            running.record.facts["error"] = {"code": event.code, "name": event.name}
            running.stop_all(running.root, "error")


def catcher(token: Token, kind: str, code: str) -> Token | None:
    """The nearest subscription to that error or escalation: on the activity, in its scope, then outwards."""
    running, host = token.workflow, token
    while True:
        found = _best(kind, code, running.subscriptions(host)) or _best(kind, code, running.event_starts(host.scope))
        if found or host.scope.parent is None:
            return found
        host = running.tasks[host.scope.host]


def _best(kind: str, code: str, among: list[Token]) -> Token | None:
    """The subscription for exactly that code, else one for any code."""
    fitting = [
        token
        for token in among
        if isinstance(token.task_spec, CatchingSpec) and token.task_spec.trigger.catches(kind, code)
    ]
    fitting.sort(key=lambda token: (not token.task_spec.trigger.event.code, token.id))
    return fitting[0] if fitting else None


class ThrowSignalSpec(ThrowSpec):
    """Throws a signal: whoever waits for it in this instance gets it now, other instances by an input of their own."""

    def throw(self, token: Token) -> None:
        running, event = token.workflow, self.node.event
        assert event is not None
        given = Input("signal", running.context.now, values=self.payload(token))
        running.record.sent.append({"signal": event.name, "values": given.values})
        for number, wait in list(running.waits.items()):
            if wait.kind == "signal" and wait.details["name"] == event.name and number in running.waits:
                running.close(running.tasks[number], "completed")
                running.tasks[number].task_spec.answered(running.tasks[number], given)


class ThrowMessageSpec(ThrowSpec):
    """Sends a message; messages pass between instances, so it reaches its target as an input of that one."""

    key: Formula | None = None

    def throw(self, token: Token) -> None:
        running, event = token.workflow, self.node.event
        assert event is not None
        key = correlation_key(self.key, token)
        running.record.sent.append({"message": event.name, "key": key, "values": self.payload(token)})
