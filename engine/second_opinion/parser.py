"""SpiffWorkflow's own parser with a thin class map: our attributes, FEEL timers and collections, jobs and rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import CallActivityParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference

from engine import xml
from engine.bpmn import Definition
from engine.second_opinion.specs import CallTask, Collection, Item, ItemOutput, JobTask, Results, RuleTask, Timer

CF: Final = "{urn:clauseflow:bpmn:1}"


class KeptAttributes:
    """Beside any of the library's parsers of an element: it reads what is ours."""

    def parse_extensions(self, *args: Any) -> dict[str, str]:
        return {name.removeprefix(CF): text for name, text in self.node.attrib.items() if name.startswith(CF)}  # type: ignore[attr-defined]

    def parse_timer_event(self, event: Any) -> Timer:
        return Timer(self.bpmn_id, "", description=self.get_event_description(event))  # type: ignore[attr-defined]

    def create_data_spec(self, item: Any, *args: type[TaskDataReference]) -> TaskDataReference:
        return {full_tag("inputDataItem"): Item, full_tag("outputDataItem"): ItemOutput}[item.tag](item.get("id"))

    def _add_multiinstance_task(self, loop: Any) -> None:
        super()._add_multiinstance_task(loop)  # type: ignore[misc]
        task: Any = self.task  # type: ignore[attr-defined]
        if task.data_input is not None:
            task.data_input = Collection(task.data_input.bpmn_id)
        if task.data_output is not None:
            task.data_output = self.process_parser.parser.RESULTS(task.data_output.bpmn_id)  # type: ignore[attr-defined]


class CallParser(CallActivityParser):
    """A call of a process that is not there is a job: the tape answers it."""

    def create_task(self) -> Any:
        if self.node.get("calledElement") in self.process_parser.parser.process_parsers:
            return super().create_task()
        return JobTask(self.spec, self.bpmn_id, **self.bpmn_attributes)


def ours(parser: type, spec: type) -> tuple[type, type]:
    """An entry of the class map: a parser of the library that also reads our attributes, and the spec it makes."""
    return type(parser.__name__, (KeptAttributes, parser), {}), spec


class DiagramParser(BpmnParser):
    """Reads our diagrams. Repairs put other classes in its place."""

    OVERRIDE_PARSER_CLASSES: Mapping[str, tuple[type, type]] = {
        **{tag: ours(parser, spec) for tag, (parser, spec) in BpmnParser.PARSER_CLASSES.items()},
        full_tag("serviceTask"): ours(TaskParser, JobTask),
        full_tag("sendTask"): ours(TaskParser, JobTask),
        full_tag("businessRuleTask"): ours(TaskParser, RuleTask),
        full_tag("callActivity"): ours(CallParser, CallTask),
    }
    RESULTS = Results

    def specs(self, definitions: Mapping[str, Definition], key: str) -> tuple[Any, dict[str, Any]]:
        """The spec of a process, and those of its sub-processes and of what it calls, by name.

        Raises ValidationException or RecursionError for a diagram that this parser cannot take.
        """
        for definition in definitions.values():
            root = xml.parse(definition.bpmn, definition.bpmn_path)
            for loop in root.iter(full_tag("multiInstanceLoopCharacteristics")):
                _in_standard_words(loop)
            self.add_bpmn_xml(root, definition.bpmn_path)
        return self.get_spec(key), self.get_subprocess_specs(key)


def _in_standard_words(loop: Any) -> None:
    """Say by the standard's elements what our attributes say of a repetition."""
    collection, results = loop.get(f"{CF}collection"), loop.get(f"{CF}outputCollection")
    if collection:
        etree.SubElement(loop, full_tag("loopDataInputRef")).text = collection.removeprefix("=")
    etree.SubElement(loop, full_tag("inputDataItem"), id=loop.get(f"{CF}item", "#number"))
    if results:
        etree.SubElement(loop, full_tag("loopDataOutputRef")).text = results
        etree.SubElement(loop, full_tag("outputDataItem"), id=loop.get(f"{CF}outputElement").removeprefix("="))
