"""Tasks: what people, handlers, called processes, decisions and scripts do."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.bpmn.errors import ExpressionFailed
from engine.bpmn.expressions import Formula, named, shown
from engine.bpmn.run.nodes import NodeSpec, write_given
from engine.bpmn.run.timers import Moment
from engine.bpmn.run.triggers import NOT_YET, Trigger
from engine.bpmn.state import Input, Wait, WaitKind
from engine.errors import ClauseflowError
from engine.values import Value, canonical

if TYPE_CHECKING:
    from engine.bpmn.run.events import BoundarySpec
    from engine.bpmn.run.tokens import Token


MOST_PRIORITY: Final = 1_000
"""How far from 0 a task's priority may be."""


class ActivitySpec(NodeSpec):
    """What tasks, sub-processes and loops share: boundary events watch while they are at work."""

    boundaries: tuple[BoundarySpec, ...] = ()
    is_body = False
    """Whether this is one repetition inside a loop, which is not a passage of the node of its own."""

    def _run_hook(self, my_task: Token) -> bool:
        for boundary in self.boundaries:
            my_task.workflow.subscribe(boundary, my_task.scope, my_task)
        return self.work(my_task)

    def work(self, token: Token) -> bool:
        """Do what the activity is for; False when the token now waits."""
        raise NotImplementedError

    def _on_complete_hook(self, my_task: Token) -> None:
        running = my_task.workflow
        running.unsubscribe(my_task, "not_needed")
        running.drop_hosted(my_task)
        if not self.is_body:
            super()._on_complete_hook(my_task)


class WaitingSpec(ActivitySpec):
    """An activity that somebody else carries out: it opens a wait and goes on with the answer."""

    kind: WaitKind
    due: Moment | None = None

    def work(self, token: Token) -> bool:
        self.listen(token)
        wait = token.workflow.waits[token.id]
        wait.due = self.deadline(token)
        if self.due and self.due.in_working_time:
            wait.details["working"] = True
        return False

    def listen(self, token: Token) -> None:
        """Open the wait."""
        wait = Wait(NOT_YET, self.kind, self.node.id, token.scope.id, token.id, details=self.details(token))
        token.workflow.open(token, wait)

    def deadline(self, token: Token) -> datetime | None:
        """When the work is due, in UTC."""
        return self.due.at(token.visible, token.workflow.context, end_of_day=True) if self.due else None

    def details(self, token: Token) -> dict[str, Value]:
        """The facts of the wait that only this kind has."""
        return {}

    def answered(self, token: Token, given: Input) -> None:
        write_given(token, given)
        token.complete()


class PersonSpec(WaitingSpec):
    """A user task (with a form) or a manual task (confirmed without one)."""

    kind: WaitKind = "task"
    assignee: Formula | str | None = None
    priority: Formula | int = 0

    def work(self, token: Token) -> bool:
        super().work(token)
        wait = token.workflow.waits[token.id]
        wait.lane = self.node.lane
        wait.assignee = self._assignee(token)
        wait.priority = self._priority(token)
        return False

    def _assignee(self, token: Token) -> str | None:
        if not isinstance(self.assignee, Formula):
            return self.assignee
        found = token.value(self.assignee)
        if found is None or isinstance(found, str):
            return found or None
        raise self.assignee.failed(
            f"应得到人员标识，得到 {shown(found)}。", f"a person's id is expected, not {shown(found)}."
        )

    def _priority(self, token: Token) -> int:
        if isinstance(self.priority, int):
            return self.priority
        found = token.value(self.priority)
        if isinstance(found, Decimal) and found == found.to_integral_value() and abs(found) <= MOST_PRIORITY:
            return int(found)
        raise self.priority.failed(
            f"应得到 -{MOST_PRIORITY} 到 {MOST_PRIORITY} 的整数，得到 {shown(found)}。",
            f"a whole number from -{MOST_PRIORITY} to {MOST_PRIORITY} is expected, not {shown(found)}.",
        )

    def answered(self, token: Token, given: Input) -> None:
        token.workflow.remember(self.node.id, given)
        super().answered(token, given)


class JobSpec(WaitingSpec):
    """A service or send task: a worker runs the handler and answers."""

    kind: WaitKind = "job"
    input: Formula | None = None

    def details(self, token: Token) -> dict[str, Value]:
        found: dict[str, Value] = {"handler": self.node.handler}
        if self.node.retries is not None:
            found["retries"] = Decimal(self.node.retries)
        if self.input:
            found["input"] = context_of(self.input, token)
        return found


class CallSpec(WaitingSpec):
    """A call activity: another process runs as a child instance with its own history."""

    kind: WaitKind = "child"
    input: Formula | None = None

    def details(self, token: Token) -> dict[str, Value]:
        given = context_of(self.input, token) if self.input else dict(token.visible)
        token.workflow.record.calls[token.id] = given
        return {"process": self.node.called}


class ReceiveSpec(WaitingSpec):
    """A receive task: waits for a message, with boundary events like any task."""

    trigger: Trigger

    def listen(self, token: Token) -> None:
        self.trigger.listen(token)


class ScriptSpec(ActivitySpec):
    """A script task: one FEEL expression whose value becomes a variable."""

    script: Formula | None = None

    def work(self, token: Token) -> bool:
        assert self.script is not None
        compute(token, self.node.result, token.value(self.script))
        return True


class RuleSpec(ActivitySpec):
    """A business rule task: a decision of the definition's DMN file, with its trace kept for auditors."""

    def work(self, token: Token) -> bool:
        running, name = token.workflow, self.node.decision
        model = running.definition.decisions
        assert name is not None
        if model is None:
            raise self._failed(f"没有决策文件，找不到“{name}”。", f"there is no decision file with “{name}”.")
        try:
            outcome = model.evaluate(name, token.visible, **running.context.for_feel())
            value = canonical(outcome.value, name)
        except ClauseflowError as error:
            raise self._failed(error.text("zh"), error.text("en")) from error
        if outcome.problems:
            raise self._failed(outcome.problems[0].text("zh"), outcome.problems[0].text("en"))
        running.record.decisions.append({"node": self.node.id, "decision": name, "trace": outcome.trace})
        compute(token, self.node.result, value)
        return True

    def _failed(self, zh: str, en: str) -> ExpressionFailed:
        return ExpressionFailed(
            **named(self.node), attribute="cf:decision", expression=self.node.decision, reason_zh=zh, reason_en=en
        )


def compute(token: Token, name: str | None, value: Value) -> None:
    """Write a variable that the step itself computed, and say so in the effects."""
    assert name is not None
    running = token.workflow
    running.record.write(running.variables.write(token.scope, name, value), name, value)


def context_of(formula: Formula, token: Token) -> dict[str, Value]:
    """The value of a formula that must give a context. Raises ExpressionFailed."""
    found = token.value(formula)
    if isinstance(found, dict):
        return found
    raise formula.failed(f"应得到上下文，得到 {shown(found)}。", f"a context is expected, not {shown(found)}.")
