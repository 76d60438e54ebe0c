"""Our FEEL and our decisions as SpiffWorkflow's script engine, so that both layers decide alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from typing_extensions import override

from engine import feel
from engine.bpmn import Definition, EvaluationContext
from engine.second_opinion.variables import OnTokens
from engine.values import Value, canonical

_compiled = lru_cache(maxsize=4096)(feel.compile)


class FeelEngine(PythonScriptEngine):
    """Evaluates where a task is; `context` is what the input being played knows besides variables."""

    def __init__(self, definitions: Mapping[str, Definition], variables: OnTokens) -> None:
        super().__init__()
        self.definitions = definitions
        self.variables = variables
        self.called: Callable[[Any, Any, Mapping[str, Value]], Mapping[str, Value]] = lambda *args: args[2]
        """Asked when a call begins (task, called workflow, what it is given): with which values the case begins."""
        self.context = EvaluationContext(datetime.min.replace(tzinfo=UTC))

    def value(self, task: Any, text: str) -> Value:
        """What a FEEL expression gives where a task is."""
        return canonical(_compiled(text).evaluate(self.variables.read(task), **self.context.for_feel()))

    @override
    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        """A condition or the number of items, as the stock layer asks for it."""
        found = self.value(task, expression.strip())
        counts = isinstance(task.task_spec, MultiInstanceTask) and not isinstance(found, bool)
        return int(found) if counts else found

    @override
    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        """Carry out a script task."""
        self.variables.write(task, {task.task_spec.extensions["result"]: self.value(task, script)})
        return True

    def decide(self, task: Any) -> None:
        """Carry out a business rule task."""
        spec, workflow = task.task_spec, task.workflow
        while workflow.spec.name not in self.definitions:
            workflow = workflow.parent_workflow
        model = self.definitions[workflow.spec.name].decisions
        assert model is not None  # the diagram was checked when it was read
        found = model.evaluate(spec.extensions["decision"], self.variables.read(task), **self.context.for_feel())
        self.variables.write(task, {spec.extensions["result"]: canonical(found.value)})

    def given(self, task: Any, values: Mapping[str, Value]) -> None:
        """Write what an input brings to a task: each value under its name, or all under the one `cf:result` names."""
        result = task.task_spec.extensions.get("result")
        self.variables.write(task, {result: values} if result else values)
