"""Diagram -> the specs SpiffWorkflow carries out. Nothing is recursive here, so length never overflows the stack."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from engine.bpmn.compile.attributes import AttributeCompiler
from engine.bpmn.diagram import Diagram, Node
from engine.bpmn.expressions import Formula
from engine.bpmn.reach import event_reach, flow_reach
from engine.bpmn.read.findings import Findings
from engine.bpmn.run import containers, events, gateways, loops, tasks
from engine.bpmn.run.nodes import NodeSpec, Way
from engine.bpmn.run.process import Container, ProcessSpec
from engine.bpmn.run.tree import BODY
from engine.xml import Element

_BY_TYPE: Final[dict[str, type[NodeSpec]]] = {
    "userTask": tasks.PersonSpec,
    "manualTask": tasks.PersonSpec,
    "serviceTask": tasks.JobSpec,
    "sendTask": tasks.JobSpec,
    "receiveTask": tasks.ReceiveSpec,
    "businessRuleTask": tasks.RuleSpec,
    "scriptTask": tasks.ScriptSpec,
    "callActivity": tasks.CallSpec,
    "subProcess": containers.SubProcessSpec,
    "exclusiveGateway": gateways.ExclusiveSpec,
    "parallelGateway": gateways.ParallelSpec,
    "inclusiveGateway": gateways.InclusiveSpec,
    "eventBasedGateway": gateways.EventBasedSpec,
    "intermediateCatchEvent": events.CatchSpec,
    "boundaryEvent": events.BoundarySpec,
}
_BY_THROWN: Final[dict[str, type[NodeSpec]]] = {
    "none": events.EndSpec,
    "terminate": events.TerminateSpec,
    "message": events.ThrowMessageSpec,
    "signal": events.ThrowSignalSpec,
    "error": events.ThrowCodeSpec,
    "escalation": events.ThrowCodeSpec,
}


def compile_diagram(diagram: Diagram, process: Element, findings: Findings) -> ProcessSpec:
    """The compiled form of a checked diagram; not to be used when `findings` then hold problems."""
    return _Compiler(diagram, AttributeCompiler(diagram, process, findings), findings.file).compile()


class _Compiler:
    def __init__(self, diagram: Diagram, attributes: AttributeCompiler, file: str) -> None:
        self.diagram = diagram
        self.attributes = attributes
        self.process = ProcessSpec(diagram.key, file)
        self.specs = self.process.task_specs

    def compile(self) -> ProcessSpec:
        for node in self.diagram.nodes.values():
            self._add(node)
        self._connect()
        for spec in self.specs.values():
            self._place(spec)
            if isinstance(spec, gateways.InclusiveSpec):
                spec.by_flow = flow_reach(self.diagram, spec.node.id)
                spec.by_event = event_reach(self.diagram, spec.node.id)
        self.process.title = self.attributes.title()
        return self.process

    def _add(self, node: Node) -> None:
        """The spec of a node; a repeated activity is two: the loop, and the body that is repeated."""
        if node.type == "subProcess":
            self.process.containers[node.id] = Container(locals=node.locals)
        spec = self._class_of(node)(self.process, node, node.id + BODY if node.loop else node.id)
        self._complete(spec)
        if node.loop:
            assert isinstance(spec, tasks.ActivitySpec)
            spec.is_body = True
            self._loop(node, spec)

    def _class_of(self, node: Node) -> type[NodeSpec]:
        if node.by_event:
            return containers.EventSubProcessSpec
        if node.type == "startEvent":
            within = self.diagram.nodes[node.parent] if node.parent else None
            return events.EventStartSpec if within and within.by_event else events.StartSpec
        if node.type in ("endEvent", "intermediateThrowEvent"):
            assert node.event is not None
            return _BY_THROWN[node.event.kind]
        return _BY_TYPE[node.type]

    def _complete(self, spec: NodeSpec) -> None:
        """Give a spec the attributes its kind of node has."""
        node, attributes = spec.node, self.attributes
        if isinstance(spec, tasks.WaitingSpec):
            spec.due = attributes.due(node)
        if isinstance(spec, tasks.PersonSpec):
            spec.assignee = attributes.marked(node, "cf:assignee", node.assignee)
            spec.priority = attributes.priority(node)
        if isinstance(spec, tasks.ScriptSpec):
            spec.script = attributes.formula(node, "script", node.script)
        if isinstance(spec, (tasks.JobSpec, tasks.CallSpec, events.ThrowSpec)):
            spec.input = attributes.only_formula(node, "cf:input", node.input)
        if isinstance(spec, events.ThrowMessageSpec):
            spec.key = attributes.only_formula(node, "cf:key", node.key)
        if isinstance(spec, (events.CatchingSpec, tasks.ReceiveSpec)):
            spec.trigger = attributes.trigger(node)
        if isinstance(spec, events.StartSpec) and node.event and node.event.kind == "timer":
            spec.timer = attributes.start_timer(node)

    def _loop(self, node: Node, body: tasks.ActivitySpec) -> None:
        loop, formula = node.loop, self.attributes.formula
        assert loop is not None
        if loop.kind == "standard":
            turning = loops.StandardLoopSpec(self.process, node)
            turning.body = body
            turning.condition = formula(node, "loopCondition", loop.condition)
            return
        spec = loops.MultiInstanceSpec(self.process, node)
        spec.body = body
        spec.parallel = loop.kind == "parallel"
        spec.collection = formula(node, "cf:collection", loop.collection)
        spec.cardinality = formula(node, "loopCardinality", loop.cardinality)
        spec.output_element = formula(node, "cf:outputElement", loop.output_element)
        spec.completion = formula(node, "completionCondition", loop.completion)

    def _connect(self) -> None:
        ways: dict[str, list[Way]] = defaultdict(list)
        arriving: dict[str, list[str]] = defaultdict(list)
        for flow in self.diagram.flows.values():
            default = self.diagram.nodes[flow.source].default == flow.id
            ways[flow.source].append(Way(flow.id, self.specs[flow.target], self._condition(flow.id), default))
            arriving[flow.target].append(flow.id)
            self.specs[flow.source].connect(self.specs[flow.target])
        for node_id in self.diagram.nodes:
            self.specs[node_id].ways = tuple(ways[node_id])
            self.specs[node_id].arriving = tuple(arriving[node_id])

    def _condition(self, flow_id: str) -> Formula | None:
        return self.attributes.condition(self.diagram.flows[flow_id])

    def _place(self, spec: NodeSpec) -> None:
        """Tell a container its starts, an activity its boundary events."""
        node = spec.node
        if isinstance(spec, events.StartSpec):
            self.process.containers[node.parent].starts.append(spec)
        elif isinstance(spec, events.EventStartSpec):
            around = self.specs[node.parent or ""]
            assert isinstance(around, containers.EventSubProcessSpec)
            spec.sub_process = around
            self.process.containers[around.node.parent].event_starts.append(spec)
        elif isinstance(spec, events.BoundarySpec):
            host = self.specs[node.attached_to or ""]
            assert isinstance(host, tasks.ActivitySpec)
            host.boundaries = (*host.boundaries, spec)
