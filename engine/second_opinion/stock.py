"""A case on SpiffWorkflow's own `BpmnWorkflow`: what it is given, what it then waits for, what it has passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from engine.bpmn import Definition
from engine.second_opinion.places import NotWaiting, Places, is_body, rests
from engine.second_opinion.repairs import Repair, begin_event_sub_process, repaired_parser, repaired_variables
from engine.second_opinion.script_engine import FeelEngine
from engine.second_opinion.variables import OnTokens
from engine.values import Value

TokenPlace = tuple[int | None, str]
"""A case of the tape, and a node of its diagram."""
Began = Callable[[int, str, Mapping[str, Value]], tuple[int, Mapping[str, Value]]]
"""Answers a call (the calling case, its node, what it gives) with the called case and the values that it began with."""


class StockRun:
    """One run of a process and all that it calls. Making one raises what the parser raises."""

    places: Places

    def __init__(
        self, definitions: Mapping[str, Definition], key: str, repairs: Collection[Repair], began: Began
    ) -> None:
        self.repairs = repairs
        self.began = began
        self.engine = FeelEngine(definitions, repaired_variables(repairs))
        self.engine.called = self._called
        self.spec, self.parts = repaired_parser(repairs).specs(definitions, key)
        self.passed: list[TokenPlace] = []
        for spec in (self.spec, *self.parts.values()):
            for task_spec in spec.task_specs.values():
                task_spec.completed_event.connect(self._note)
                if isinstance(task_spec, LoopTask):
                    task_spec.update_event.connect(self._loop)

    def start(self, case: int, values: Mapping[str, Value]) -> None:
        """Begin the case that calls the others."""
        self.workflow = BpmnWorkflow(self.spec, self.parts, script_engine=self.engine)
        self.places = Places(self.workflow, case)
        self.engine.variables.write(self.workflow.task_tree, values)

    def complete(self, case: int, node: str, scope: str, values: Mapping[str, Value]) -> None:
        """Somebody, or a handler, has done what rests there. Raises NotWaiting."""
        task = self.places.resting(case, node, scope)
        self.engine.given(task, values)
        task.run()

    def fail(self, case: int, node: str, scope: str, code: str) -> None:
        """What rests there has ended by an error. Raises NotWaiting."""
        task = self.places.resting(case, node, scope)
        self.workflow.catch(BpmnEvent(ErrorEventDefinition(code, code), payload={}, target=task.workflow))

    def happen(self, case: int, node: str, scope: str, values: Mapping[str, Value]) -> None:
        """The event waited for there has happened. Raises NotWaiting."""
        task, definition = self.places.catching(case, node, scope) or self._event_start(case, node, scope)
        payload: dict[str, Value] = {}
        if type(self.engine.variables) is OnTokens:  # then the library hands the payload on itself
            result = task.task_spec.extensions.get("result")
            payload = {result: values} if result else dict(values)
        else:
            self.engine.given(task, values)
        task.task_spec.catch(task, BpmnEvent(definition, payload=payload))
        task.task_spec._update(task)

    def run(self) -> None:
        """Go on as far as nobody is needed."""
        self.workflow.do_engine_steps()

    def waiting(self) -> Counter[TokenPlace]:
        """Where it waits for people, handlers and calls that the tape answers."""
        return Counter(
            (self.places.case_of(workflow), task.task_spec.bpmn_id)
            for workflow in self.places.workflows()
            for task in workflow.tasks.values()
            if rests(task)
        )

    @property
    def completed(self) -> bool:
        """Whether it has ended."""
        return bool(self.workflow.completed)

    def _note(self, workflow: Any, task: Any) -> None:
        spec = task.task_spec
        if spec.bpmn_id and not is_body(spec):
            self.passed.append((self.places.case_of(workflow), spec.bpmn_id))

    def _loop(self, _workflow: Any, task: Any) -> None:
        self.places.loop_begins(task)

    def _called(self, task: Any, workflow: Any, given: Mapping[str, Value]) -> Mapping[str, Value]:
        caller = self.places.case_of(task.workflow)
        assert caller is not None
        case, values = self.began(caller, task.task_spec.bpmn_id, given)
        self.places.processes[case] = workflow
        return values

    def _event_start(self, case: int, node: str, scope: str) -> tuple[Any, Any]:
        """Begin the event sub-process that `node` starts; unrepaired, only the process itself can have one."""
        name = next((name for name, spec in self.parts.items() if node in spec.task_specs), "")
        for workflow in self.places.workflows():
            if self._may_begin(workflow, name, case, scope):
                task = begin_event_sub_process(workflow, name, node)
                return task, task.task_spec.event_definition
        raise NotWaiting(node)

    def _may_begin(self, workflow: Any, name: str, case: int, scope: str) -> bool:
        if name not in workflow.spec.start.trigger_specs or workflow.completed or self.places.case_of(workflow) != case:
            return False
        if Repair.EVENT_SUB_PROCESSES not in self.repairs:
            return workflow is self.workflow
        return not scope or self.places.is_in(workflow.task_tree, scope)
