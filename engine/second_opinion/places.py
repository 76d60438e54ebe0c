"""Which task of SpiffWorkflow's stands where our engine has a token: by case, node and scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.second_opinion.variables import host_of, process_of


class NotWaiting(Exception):
    """Nothing waits where an input was meant for; says where."""


class Places:
    """The tasks of a workflow with its sub-processes and called processes, each of which is a workflow of its own."""

    def __init__(self, top: Any, case: int) -> None:
        self.top = top
        self.processes: dict[int, Any] = {case: top}
        """Case of the tape -> the workflow that stands for it."""
        self.loops: dict[str, list[Any]] = {}
        """Node -> the tasks that repeat it, in the order they began."""

    def loop_begins(self, task: Any) -> None:
        """Take note of a task that repeats a node; SpiffWorkflow tells of one whenever it looks at it."""
        alike = self.loops.setdefault(task.task_spec.bpmn_id, [])
        if task not in alike:
            alike.append(task)

    def workflows(self) -> list[Any]:
        """All of them, the outermost first."""
        return [self.top, *self.top.subprocesses.values()]

    def case_of(self, workflow: Any) -> int | None:
        """The case of the tape that a workflow is part of; None before its call is known."""
        process = process_of(workflow)
        return next((case for case, known in self.processes.items() if known is process), None)

    def of(self, case: int) -> Iterator[Any]:
        """Every task of a case, those of its sub-processes too."""
        for workflow in self.workflows():
            if self.case_of(workflow) == case:
                yield from workflow.tasks.values()

    def resting(self, case: int, node: str, scope: str) -> Any:
        """The task that somebody or a handler is to do. Raises NotWaiting."""
        tasks = [task for task in self.of(case) if _at(task, node) and rests(task)]
        if not tasks:
            raise NotWaiting(node)
        return self._in_scope(tasks, scope)

    def catching(self, case: int, node: str, scope: str) -> tuple[Any, Any] | None:
        """The task that catches the event at `node`, and the event as it knows it; None when none does."""
        waiting = [t for t in self.of(case) if t.state == TaskState.WAITING and isinstance(t.task_spec, CatchingEvent)]
        direct = [task for task in waiting if _at(task, node)]
        if direct:
            task = self._in_scope(direct, scope)
            return task, task.task_spec.event_definition
        gateways = [t for t in waiting if isinstance(t.task_spec, EventBasedGateway) and node in t.task_spec._outputs]
        if not gateways:
            return None
        task = self._in_scope(gateways, scope)
        spec = task.task_spec
        return task, spec.event_definition.event_definitions[spec._outputs.index(node)]

    def _in_scope(self, tasks: list[Any], scope: str) -> Any:
        """Among several tasks of a node, the one in a scope of ours; the first where scopes do not tell them apart."""
        if len(tasks) == 1 or not scope:
            return tasks[0]
        return next((task for task in tasks if self.is_in(task, scope)), tasks[0])

    def is_in(self, task: Any, scope: str) -> bool:
        """Whether a task is in a scope of ours: an item (`node:turn/number`) or a sub-process (`node:turn`)."""
        around, _, number = scope.partition("/")
        name, _, turn = around.rpartition(":")
        alike = self.loops.get(name, []) if number else [each for each in self.workflows() if each.spec.name == name]
        if len(alike) < int(turn):
            return False
        meant = alike[int(turn) - 1]
        return item_of(task) == (meant, int(number)) if number else task.workflow is meant


def rests(task: Any) -> bool:
    """Whether a task waits for somebody outside."""
    return bool(task.state == TaskState.READY and task.task_spec.manual)


def is_body(spec: Any) -> bool:
    """Whether a spec is what a loop repeats; the loop itself has the node's name."""
    return bool(spec.name.endswith(" [child]"))


def item_of(task: Any) -> tuple[Any, int] | None:
    """The innermost item of a repetition that a task belongs to: the task that repeats, and the item's number."""
    while task is not None:
        for name in ("key_or_index", "item", "iteration"):
            if is_body(task.task_spec) and name in task.internal_data:
                return task.parent, int(task.internal_data[name])
        outer = task.workflow.parent_task_id is not None
        task = task.parent or (host_of(task.workflow) if outer else None)
    return None


def _at(task: Any, node: str) -> bool:
    spec = task.task_spec
    return getattr(spec, "bpmn_id", None) == node and not isinstance(spec, LoopTask)
