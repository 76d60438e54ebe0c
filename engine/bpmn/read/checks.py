"""Structure: what must hold between the nodes and flows of a diagram before it can be carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from engine.bpmn.diagram import Diagram, Flow, Node
from engine.bpmn.read.event_checks import EventChecks
from engine.bpmn.read.findings import Findings
from engine.bpmn.read.profile import PEOPLE
from engine.xml import Element

_UNCONDITIONAL = frozenset({"parallelGateway", "eventBasedGateway", "startEvent"})
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check(diagram: Diagram, process: Element, findings: Findings) -> None:
    """Note every structural problem; `process` stands for the diagram itself where one is named."""
    Checks(diagram, process, findings).run()


class Checks:
    """The checks of one diagram, with its nodes by container and its flows by node."""

    def __init__(self, diagram: Diagram, process: Element, findings: Findings) -> None:
        self.diagram = diagram
        self.process = process
        self.nodes = diagram.nodes
        self.findings = findings
        self.outgoing: dict[str, list[Flow]] = defaultdict(list)
        self.incoming: dict[str, list[Flow]] = defaultdict(list)
        self.inside: dict[str | None, list[Node]] = defaultdict(list)

    def run(self) -> None:
        """All of them; flows first, as the others rely on them."""
        for flow in self.diagram.flows.values():
            self._flow(flow)
        if self.findings.problems:
            return
        for node in self.nodes.values():
            self.inside[node.parent].append(node)
        for container in [None, *(node.id for node in self.nodes.values() if node.type == "subProcess")]:
            self._container(container)
        for node in self.nodes.values():
            self._node(node)
            self._conditions(node)
        EventChecks(self.nodes, self.findings, self.outgoing, self.incoming).run()

    def _flow(self, flow: Flow) -> None:
        source, target = self.nodes.get(flow.source), self.nodes.get(flow.target)
        for name, node, text in (("sourceRef", source, flow.source), ("targetRef", target, flow.target)):
            if node is None:
                self.findings.add("bpmn-reference", flow, name=name, text=text, zh="任何节点", en="node of this file")
        if source is None or target is None:
            return
        if source.parent != target.parent:
            self.findings.add("bpmn-flow-crosses", flow)
        if source.type == "endEvent" or source.by_event:
            self.findings.add("bpmn-flow-leaves", flow, node=source.id)
        if target.type in ("startEvent", "boundaryEvent") or target.by_event:
            self.findings.add("bpmn-flow-enters", flow, node=target.id)
        self.outgoing[flow.source].append(flow)
        self.incoming[flow.target].append(flow)

    def _container(self, container: str | None) -> None:
        inside = self.inside[container]
        at = self.nodes[container] if container else self.process
        if not any(node.type == "startEvent" for node in inside):
            self.findings.add("bpmn-start", at)
            return
        if not any(node.type == "endEvent" for node in inside):
            self.findings.add("bpmn-end", at)
        reached = self._reached(inside)
        for node in inside:
            if node.id not in reached:
                self.findings.add("bpmn-unreachable", node)

    def _reached(self, inside: Iterable[Node]) -> set[str]:
        """The nodes of one container that can be reached, by flows and boundary events."""
        boundaries = defaultdict(list)
        for node in inside:
            if node.attached_to:
                boundaries[node.attached_to].append(node.id)
        todo = [node.id for node in inside if node.type == "startEvent" or node.by_event]
        reached: set[str] = set()
        while todo:
            found = todo.pop()
            if found not in reached:
                reached.add(found)
                todo.extend(flow.target for flow in self.outgoing[found])
                todo.extend(boundaries[found])
        return reached

    def _node(self, node: Node) -> None:
        if not self.outgoing[node.id] and node.type != "endEvent" and not node.by_event:
            self.findings.add("bpmn-flow-missing", node)
        if node.type in PEOPLE and node.lane is None:
            self.findings.add("bpmn-lane", node)
        for earlier in node.not_same_as:
            if earlier not in self.nodes or self.nodes[earlier].type not in PEOPLE | {"startEvent"}:
                zh, en = "人工任务或开始事件", "task for people and no start event"
                self.findings.add("bpmn-reference", node, name="cf:notSameAs", text=earlier, zh=zh, en=en)

    def _conditions(self, node: Node) -> None:
        leaving = self.outgoing[node.id]
        if node.default is not None and node.default not in [flow.id for flow in leaving]:
            zh, en = "从这里流出的顺序流", "sequence flow that leaves this node"
            self.findings.add("bpmn-reference", node, name="default", text=node.default, zh=zh, en=en)
        for flow in leaving:
            if flow.condition:
                self._condition(node, flow, alone=len(leaving) == 1)
            elif (node.type in _CHOOSING or node.default) and len(leaving) > 1 and flow.id != node.default:
                self.findings.add("bpmn-condition-missing", flow)

    def _condition(self, node: Node, flow: Flow, alone: bool) -> None:
        if flow.id == node.default:
            self.findings.add("bpmn-default-condition", flow)
        elif node.type in _UNCONDITIONAL:
            self.findings.add("bpmn-condition-place", flow, kind=node.type)
        elif alone:
            self.findings.add("bpmn-condition-only", flow)
