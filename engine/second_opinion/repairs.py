"""The five repairs with which SpiffWorkflow's own layer carries out all our diagrams: one trap each, never at run time.

Traps are numbered as in docs/spiffworkflow.md. A difference is known only when the repair of its trap ends it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from engine.second_opinion.parser import DiagramParser
from engine.second_opinion.specs import Results
from engine.second_opinion.variables import InOnePlace, OnTokens


class Repair(Enum):
    """What is repaired, by the number of its trap."""

    JOINS = 1
    VARIABLES = 2
    EVENT_SUB_PROCESSES = 9
    PREDICTION = 14
    RESULTS = 15


class RoundJoin:
    """Trap 1: beside a join of the library, it counts the tokens of its own round of a loop only."""

    def fires(self, my_task: Any) -> bool:
        """Whether the tokens that are there now are enough."""
        raise NotImplementedError

    def _update_hook(self, my_task: Any) -> bool:
        fires, round_ = self.fires(my_task), self._round(my_task)
        for other in round_:
            if other is not my_task and other.state == TaskState.WAITING:
                other.cancel()
        if not fires:
            my_task._set_state(TaskState.WAITING)
            return False
        for each in round_:
            each.internal_data["joined"] = True
        my_task._inherit_data()
        return True

    def _round(self, my_task: Any) -> list[Any]:
        """The tokens at this join that left it equally often before."""
        before = self._last_passed(my_task)
        tasks = my_task.workflow.tasks.values()
        return [task for task in tasks if task.task_spec is self and self._last_passed(task) is before]

    def _last_passed(self, task: Any) -> Any:
        task = task.parent
        while task is not None and task.task_spec is not self:
            task = task.parent
        return task

    def filled(self, my_task: Any) -> set[Any]:
        """The specs before the join from which a token has come that is not joined yet."""
        return {
            task.parent.task_spec
            for task in self._round(my_task)
            if task.parent.state == TaskState.COMPLETED
            and task.state != TaskState.COMPLETED
            and not task.internal_data.get("joined")
        }


class ParallelJoin(RoundJoin, defaults.ParallelGateway):
    def fires(self, my_task: Any) -> bool:
        return len(self.filled(my_task)) >= len(self.inputs)


class InclusiveJoin(RoundJoin, defaults.InclusiveGateway):
    """Waits while a token elsewhere can reach an empty way in, unless it can reach a filled one (BPMN 2.0.2, 13.4)."""

    def fires(self, my_task: Any) -> bool:
        filled = self.filled(my_task)
        if len(self.inputs) < 2 or len(filled) == len(self.inputs):
            return True
        reached = [self._reached(task.task_spec) for task in list(my_task.workflow.tasks.values()) if self._moves(task)]
        return not any(ways - filled and not ways & filled for ways in reached)

    def _moves(self, task: Any) -> bool:
        """Whether a task stands for a token somewhere else."""
        arrives = (
            task.state == TaskState.FUTURE and task.parent is not None and task.parent.state == TaskState.COMPLETED
        )
        there = arrives or task.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED)
        return there and task.task_spec is not self

    def _reached(self, spec: Any) -> set[Any]:
        """The specs right before this join to which a token at `spec` can come without passing it."""
        seen, left = set(), [spec]
        while left:
            here = left.pop()
            if here not in seen and here is not self and here is not self._wf_spec.end:
                seen.add(here)
                left += here.outputs
        return {here for here in seen if self in here.outputs}


class CatchEvent(defaults.IntermediateCatchEvent):
    """Trap 14: predicts nothing behind an event that has not happened, so that a loop of events has an end."""

    def _predict_hook(self, my_task: Any) -> None:
        my_task._sync_children(self.outputs, TaskState.MAYBE)

    def _run_hook(self, my_task: Any) -> Any:
        done = super()._run_hook(my_task)
        my_task._sync_children(self.outputs, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return done


class NewResults(Results):
    """Trap 15: results are collected anew each time."""

    @override
    def exists(self, my_task: Any) -> bool:
        return False


class EventProcessParser(ProcessParser):
    """Trap 9: no event sub-process begins before its event, and whether it interrupts is read."""

    def add_tasks(self) -> None:
        super().add_tasks()
        start = self.spec.start
        for node in self.xpath("./bpmn:subProcess[@triggeredByEvent='true']"):
            name = node.get("id")
            spec = self.spec.task_specs[name]
            if name in start._outputs:
                _disconnect(start, spec)
                _disconnect(spec, self.spec.end)
                start.trigger_specs.append(name)
            first = node.find(full_tag("startEvent"))
            inner = self.parser.process_parsers[name].get_spec().task_specs[first.get("id")]
            inner.interrupts = first.get("isInterrupting", "true") == "true"


def _disconnect(before: Any, after: Any) -> None:
    before._outputs.remove(after.name)
    after._inputs.remove(before.name)


def begin_event_sub_process(workflow: Any, name: str, node: str) -> Any:
    """Begin an event sub-process in a workflow; returns the task of its start event.

    That an event interrupts is known only to diagrams that were read with the repair.
    """
    inner = workflow.top_workflow.subprocess_specs[name].task_specs[node]
    if getattr(inner, "interrupts", False):
        _stop(workflow)
    hosted = workflow.spec.start.trigger_wf(workflow.task_tree, name)
    [begun] = [t for t in workflow.top_workflow.subprocesses[hosted].tasks.values() if t.task_spec.name == node]
    return begun


def _stop(workflow: Any) -> None:
    """Cancel what is under way, but for the frame that SpiffWorkflow puts around every process."""
    frame = (workflow.spec.start.name, workflow.spec.end.name, "End")
    for task in list(workflow.tasks.values()):
        if (
            task.id in workflow.tasks
            and task.has_state(TaskState.NOT_FINISHED_MASK)
            and task.task_spec.name not in frame
        ):
            task.cancel()


_SPECS: Mapping[Repair, Mapping[str, type]] = {
    Repair.JOINS: {"parallelGateway": ParallelJoin, "inclusiveGateway": InclusiveJoin},
    Repair.PREDICTION: {"intermediateCatchEvent": CatchEvent},
}


def repaired_parser(repairs: Collection[Repair]) -> DiagramParser:
    """A parser with the repairs among its classes."""
    classes = dict(DiagramParser.OVERRIDE_PARSER_CLASSES)
    for repair in repairs:
        for name, spec in _SPECS.get(repair, {}).items():
            classes[full_tag(name)] = (classes[full_tag(name)][0], spec)
    fields: dict[str, Any] = {"OVERRIDE_PARSER_CLASSES": classes}
    if Repair.RESULTS in repairs:
        fields["RESULTS"] = NewResults
    if Repair.EVENT_SUB_PROCESSES in repairs:
        fields["PROCESS_PARSER_CLASS"] = EventProcessParser
    return type("RepairedParser", (DiagramParser,), fields)()  # type: ignore[no-any-return]


def repaired_variables(repairs: Collection[Repair]) -> OnTokens:
    """Where variables are kept with the repairs."""
    return InOnePlace() if Repair.VARIABLES in repairs else OnTokens()
