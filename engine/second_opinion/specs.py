"""The few task specs that SpiffWorkflow's own layer needs to read our attributes; what they do is stock."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.script_task import ScriptEngineTask
from typing_extensions import override

from engine.second_opinion.places import is_body
from engine.second_opinion.variables import ITEM


class Timer(TimerEventDefinition):
    """A timer that goes off when the tape says so: what is due when is FEEL's and the calendar's, which both share."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task.internal_data.get("event_fired"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timer) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class JobTask(defaults.UserTask):
    """A service or send task, or a call that the tape answers: it waits for somebody else."""


class RuleTask(ScriptEngineTask, BpmnSpecMixin):
    """A business rule task."""

    def _execute(self, task: Any) -> bool:
        task.workflow.script_engine.decide(task)
        return True


class CallTask(defaults.CallActivity):
    """Gives `cf:input` to the called process and takes its variables as `cf:result`."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        engine, text = my_task.workflow.script_engine, self.extensions.get("input")
        given = engine.value(my_task, text.removeprefix("=")) if text else dict(engine.variables.read(my_task))
        engine.variables.write(subworkflow.task_tree, engine.called(my_task, subworkflow, given))

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        engine = my_task.workflow.script_engine
        engine.given(my_task, dict(engine.variables.read(subworkflow.last_task)))


class Collection(TaskDataReference):
    """What is repeated over: FEEL where stock wants a name."""

    def get(self, my_task: Any) -> Any:
        return my_task.workflow.script_engine.value(my_task, self.bpmn_id)

    @override
    def exists(self, my_task: Any) -> bool:
        return True


class ItemOutput(Collection):
    """What an item leaves behind: there where the item is, not before."""

    @override
    def exists(self, my_task: Any) -> bool:
        return is_body(my_task.task_spec)


class Results(TaskDataReference):
    """The variable in which the outputs are collected."""

    def get(self, my_task: Any) -> Any:
        return my_task.workflow.script_engine.variables.read(my_task).get(self.bpmn_id)

    def set(self, my_task: Any, value: Any) -> None:
        my_task.workflow.script_engine.variables.write(my_task, {self.bpmn_id: value})

    @override
    def exists(self, my_task: Any) -> bool:
        return self.bpmn_id in my_task.workflow.script_engine.variables.read(my_task)


class Item(TaskDataReference):
    """The variable that holds an item, on its own token."""

    def set(self, my_task: Any, value: Any) -> None:
        my_task.data.update({self.bpmn_id: value, ITEM: True})

    @override
    def exists(self, my_task: Any) -> bool:
        """Never before: stock takes no name that is known, so that nothing nested or repeated could have one."""
        return False
