"""A token: SpiffWorkflow's task with a number for an id, a scope, no data and no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.values import Value

if TYPE_CHECKING:
    from engine.bpmn.expressions import Formula
    from engine.bpmn.run.nodes import NodeSpec
    from engine.bpmn.run.scopes import Scope
    from engine.bpmn.run.workflow import Running


class Token(Task):  # type: ignore[misc]
    """A token, or a subscription: a mark that an event may still happen, which keeps no scope alive."""

    workflow: Running
    task_spec: NodeSpec
    id: int
    internal_data: dict[str, Any]

    def __init__(
        self,
        running: Running,
        spec: NodeSpec,
        scope: Scope,
        *,
        state: int = TaskState.FUTURE,
        parent: Token | None = None,
        number: int | None = None,
        subscribes: bool = False,
    ) -> None:
        self.scope = scope
        self.subscribes = subscribes
        self.flow = ""
        # The stock constructor notes the time of day; nothing ever reads it.
        super().__init__(running, spec, parent, state, number or running.next_number())
        if self.live:
            scope.live += 1

    @property
    def live(self) -> bool:
        """Whether the token still has to be somewhere for its scope to go on."""
        return not self.subscribes and not self._state & TaskState.FINISHED_MASK

    @property
    def finished(self) -> bool:
        return bool(self._state & TaskState.FINISHED_MASK)

    @property
    def visible(self) -> dict[str, Value]:
        """The variables seen from where the token is. Not to be changed."""
        return self.workflow.variables.visible(self.scope)

    def value(self, formula: Formula) -> Value:
        """What a formula gives where the token is. Raises ExpressionFailed."""
        return formula.value(self.visible, self.workflow.context)

    def holds(self, condition: Formula) -> bool:
        """Whether a condition is true where the token is. Raises ExpressionFailed."""
        return condition.truth(self.visible, self.workflow.context)

    def _set_state(self, value: int) -> None:
        # The stock method reads the clock and logs the whole task on every change.
        was_live = self.live
        self._state = value
        if was_live and not self.live:
            self.scope.live -= 1

    def promote(self) -> None:
        """Turn a subscription whose event has happened into a token."""
        self.subscribes = False
        self.scope.live += 1

    def hold(self) -> None:
        """Wait at a join, which will ask by which flow the token came."""
        self.internal_data["flow"] = self.flow
        self._set_state(TaskState.WAITING)

    def go_on(self) -> None:
        """Leave the join: the token is ready to be carried out."""
        self._ready()

    def consume(self) -> None:
        """End here, leading nowhere."""
        self._set_state(TaskState.COMPLETED)
        self.workflow.forget(self)

    def run(self) -> bool | None:
        """Carry out a ready token: it completes, or it rests until its wait is answered."""
        done: bool | None = self.task_spec.carry_out(self)
        if not self.finished:  # an event it threw may have cancelled it
            if done:
                self.complete()
            else:
                self._set_state(TaskState.STARTED)
        return done
