"""Where SpiffWorkflow's own layer keeps variables: on tokens, as it is, or in one place, as repair of trap 2 has it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from SpiffWorkflow.bpmn.specs.defaults import CallActivity

ITEM: Final = "#item"
"""Marks the data of a token that stands for one item of a repetition. No variable's name holds a `#`."""


class OnTokens:
    """As it is: every task has a copy of the data of the task before it."""

    def read(self, task: Any) -> dict[str, Any]:
        """The variables a task sees."""
        data: dict[str, Any] = task.data
        return data

    def write(self, task: Any, values: Mapping[str, Any]) -> None:
        """Let a task write variables."""
        task.data.update(deepcopy(dict(values)))


class InOnePlace(OnTokens):
    """Repaired: the variables of a case are in one place, and a token has only those of its item."""

    def read(self, task: Any) -> dict[str, Any]:
        return {**self._shared(task), **task.data}

    def write(self, task: Any, values: Mapping[str, Any]) -> None:
        shared = self._shared(task)
        for name, value in values.items():
            own = name in task.data or (ITEM in task.data and name not in shared)
            (task.data if own else shared)[name] = deepcopy(value)

    def _shared(self, task: Any) -> dict[str, Any]:
        found: dict[str, Any] = process_of(task.workflow).data.setdefault("#variables", {})
        return found


def process_of(workflow: Any) -> Any:
    """The workflow of the whole (called) process that a workflow is part of: sub-processes are workflows, too."""
    while workflow.parent_workflow is not None and not isinstance(host_of(workflow).task_spec, CallActivity):
        workflow = workflow.parent_workflow
    return workflow


def host_of(workflow: Any) -> Any:
    """The task that a sub-process or called process runs for."""
    return workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
