"""Structure: what must hold between the nodes and flows of a diagram before it can be carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from engine.bpmn.diagram import Diagram, Flow, Node
from engine.bpmn.event_checks import EventChecks
from engine.bpmn.findings import Findings
from engine.bpmn.profile import PEOPLE


def check(diagram: Diagram, findings: Findings) -> None:
    """Note every structural problem."""
    Checks(diagram, findings).run()


class Checks:
    """The checks of one diagram, with its nodes by container and its flows by node."""

    def __init__(self, diagram: Diagram, findings: Findings) -> None:
        self.diagram = diagram
        self.nodes = diagram.nodes
        self.findings = findings
        self.outgoing: dict[str, list[Flow]] = defaultdict(list)
        self.incoming: dict[str, list[Flow]] = defaultdict(list)
        self.inside: dict[str | None, list[Node]] = defaultdict(list)

    def run(self) -> None:
        """All of them; flows first, as the others rely on them."""
        for flow in self.diagram.flows.values():
            self._flow(flow)
        for node in self.nodes.values():
            self.inside[node.parent].append(node)
        if self.findings.problems:
            return
        for container in [None, *(node.id for node in self.nodes.values() if node.type == "subProcess")]:
            self._container(container)
        for node in self.nodes.values():
            self._node(node)
        EventChecks(self.diagram, self.findings, self.outgoing, self.incoming).run()

    def problem(self, rule: str, at: Node | Flow, zh: str, en: str) -> None:
        self.findings.add(rule, at.line, at.id, zh, en)

    def _flow(self, flow: Flow) -> None:
        source, target = self.nodes.get(flow.source), self.nodes.get(flow.target)
        if source is None or target is None:
            missing = flow.source if source is None else flow.target
            self.problem(
                "bpmn-reference", flow,
                f"顺序流连到不存在的节点“{missing}”。", f"The sequence flow leads to or from no node: “{missing}”.",
            )  # fmt: skip
            return
        if source.parent != target.parent:
            self.problem(
                "bpmn-flow", flow,
                "顺序流不能穿过子流程的边界。", "A sequence flow cannot cross the border of a sub-process.",
            )  # fmt: skip
        if source.type == "endEvent" or source.by_event:
            self.problem("bpmn-flow", flow, f"“{source.id}”不能有流出。", f"No flow can leave “{source.id}”.")
        if target.type in ("startEvent", "boundaryEvent") or target.by_event:
            self.problem("bpmn-flow", flow, f"“{target.id}”不能有流入。", f"No flow can enter “{target.id}”.")
        self.outgoing[flow.source].append(flow)
        self.incoming[flow.target].append(flow)

    def _container(self, container: str | None) -> None:
        inside = self.inside[container]
        at = self.nodes[container] if container else None
        line, where = (at.line, at.id) if at else (self.diagram.line, self.diagram.key)
        if not any(node.type == "startEvent" for node in inside):
            self.findings.add("bpmn-start", line, where, "缺少开始事件。", "There is no start event.")
            return
        if not any(node.type == "endEvent" for node in inside):
            self.findings.add("bpmn-end", line, where, "缺少结束事件。", "There is no end event.")
        reached = self._reached(inside)
        for node in inside:
            if node.id not in reached:
                self.problem(
                    "bpmn-unreachable", node,
                    "从开始事件到不了这个节点。", "No way from a start event leads to this node.",
                )  # fmt: skip

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
        leaving = self.outgoing[node.id]
        if not leaving and node.type != "endEvent" and not node.by_event:
            self.problem(
                "bpmn-flow", node,
                "没有流出的顺序流，请画到结束事件。", "No sequence flow leaves this node; draw one to an end event.",
            )  # fmt: skip
        if node.type in PEOPLE and node.lane is None:
            self.problem(
                "bpmn-lane", node,
                "人工任务须放在泳道里，泳道的 id 就是角色。", "A task for people must be in a lane; the lane's id is the role.",
            )  # fmt: skip
        for earlier in node.not_same_as:
            if earlier not in self.nodes or self.nodes[earlier].type not in PEOPLE | {"startEvent"}:
                self.problem(
                    "bpmn-reference", node,
                    f"cf:notSameAs 的“{earlier}”不是人工任务或开始事件。",
                    f"cf:notSameAs names “{earlier}”, which is no task for people and no start event.",
                )  # fmt: skip
        self._conditions(node, leaving)

    def _conditions(self, node: Node, leaving: list[Flow]) -> None:
        ids = [flow.id for flow in leaving]
        if node.default is not None and node.default not in ids:
            self.problem(
                "bpmn-default", node,
                f"默认流“{node.default}”不从这里流出。", f"The default flow “{node.default}” does not leave this node.",
            )  # fmt: skip
        choosing = node.type in ("exclusiveGateway", "inclusiveGateway")
        for flow in leaving:
            if flow.condition and flow.id == node.default:
                self.problem("bpmn-condition", flow, "默认流不能有条件。", "A default flow takes no condition.")
            elif flow.condition and node.type in ("parallelGateway", "eventBasedGateway", "startEvent"):
                self.problem(
                    "bpmn-condition", flow,
                    f"{node.type} 的流出不能有条件，请用排他网关。",
                    f"A flow out of a {node.type} takes no condition; use an exclusive gateway.",
                )  # fmt: skip
            elif flow.condition and len(leaving) == 1:
                self.problem(
                    "bpmn-condition", flow,
                    "唯一的流出不能有条件：不成立时事项就卡住了。请加默认流。",
                    "The only flow out of a node takes no condition: the case would be stuck. Add a default flow.",
                )  # fmt: skip
            elif choosing and len(leaving) > 1 and not flow.condition and flow.id != node.default:
                self.problem(
                    "bpmn-condition", flow,
                    "网关的流出须有条件，或设为默认流。",
                    "A flow out of this gateway needs a condition, or must be its default flow.",
                )  # fmt: skip
