"""What events and activities need beyond structure: the right kind in the right place, and their references."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.diagram import Diagram, Flow, Loop, Node
from engine.bpmn.findings import Findings
from engine.bpmn.profile import ACTIVITIES, EVENTS, JOBS

_ATTRIBUTE_NEEDED = {
    "serviceTask": ("handler", "cf:handler"),
    "sendTask": ("handler", "cf:handler"),
    "scriptTask": ("result", "cf:result"),
    "callActivity": ("called", "calledElement"),
}


class EventChecks:
    """The checks of one diagram's events and activities."""

    def __init__(
        self,
        diagram: Diagram,
        findings: Findings,
        outgoing: Mapping[str, list[Flow]],
        incoming: Mapping[str, list[Flow]],
    ) -> None:
        self.nodes = diagram.nodes
        self.findings = findings
        self.outgoing = outgoing
        self.incoming = incoming

    def run(self) -> None:
        for node in self.nodes.values():
            if node.type == "startEvent":
                self._start(node)
            elif node.event and node.type != "receiveTask":
                self._kind(node, node.type)
            if node.type == "boundaryEvent":
                self._boundary(node)
            if node.type == "eventBasedGateway":
                self._event_based(node)
            if node.type in ACTIVITIES:
                self._activity(node)
            self._message(node)
        self._starts()
        self._escalations()

    def problem(self, rule: str, node: Node, zh: str, en: str) -> None:
        self.findings.add(rule, node.line, node.id, zh, en)

    def _kind(self, node: Node, place: str) -> None:
        assert node.event is not None
        if node.event.kind not in EVENTS[place]:
            allowed = ", ".join(sorted(EVENTS[place]))
            self.problem(
                "bpmn-event", node,
                f"这里不支持 {node.event.kind} 事件，可用：{allowed}。",
                f"A {node.event.kind} event cannot stand here; possible: {allowed}.",
            )  # fmt: skip

    def _start(self, node: Node) -> None:
        container = self.nodes[node.parent] if node.parent else None
        if container is None:
            self._kind(node, "startEvent")
        elif container.by_event:
            self._kind(node, "eventStart")
            self._interrupts(node)
        elif node.event and node.event.kind != "none":
            self.problem(
                "bpmn-event", node,
                "嵌入子流程只能以空开始事件开始；带事件的请用事件子流程。",
                "An embedded sub-process begins with a none start event; use an event sub-process for others.",
            )  # fmt: skip

    def _starts(self) -> None:
        for container in [None, *(node.id for node in self.nodes.values() if node.type == "subProcess")]:
            starts = [n for n in self.nodes.values() if n.parent == container and n.type == "startEvent"]
            plain = [n for n in starts if n.event and n.event.kind == "none"]
            by_event = container is not None and self.nodes[container].by_event
            for extra in starts[1:] if container else plain[1:]:
                self.problem(
                    "bpmn-start", extra,
                    "这里已有一个开始事件。", "There is a start event already."
                )  # fmt: skip
            if by_event and container and self.nodes[container].loop:
                self.problem(
                    "bpmn-loop", self.nodes[container],
                    "事件子流程不能重复执行。", "An event sub-process cannot be repeated.",
                )  # fmt: skip

    def _interrupts(self, node: Node) -> None:
        """Errors always interrupt; a cycle that interrupts could never come round."""
        assert node.event is not None
        if node.event.kind == "error" and not node.interrupting:
            self.problem("bpmn-event", node, "错误事件总是中断，不能设为不中断。", "An error event always interrupts.")
        if node.event.timer == "cycle" and node.interrupting:
            self.problem(
                "bpmn-timer", node,
                "会中断的定时器只触发一次，请用 timeDuration。", "An interrupting timer fires once; use timeDuration.",
            )  # fmt: skip

    def _boundary(self, node: Node) -> None:
        host = self.nodes.get(node.attached_to or "")
        if host is None or host.type not in ACTIVITIES or host.by_event or host.parent != node.parent:
            self.problem(
                "bpmn-reference", node,
                f"边界事件须附着在同层的活动上，而不是“{node.attached_to}”。",
                f"A boundary event must be attached to an activity beside it, not to “{node.attached_to}”.",
            )  # fmt: skip
            return
        self._interrupts(node)
        assert node.event is not None
        throwers = {"error": JOBS | {"subProcess", "callActivity"}, "escalation": {"subProcess"}}
        if host.type not in throwers.get(node.event.kind, ACTIVITIES):
            self.problem(
                "bpmn-event", node,
                f"“{host.id}”（{host.type}）不会抛出 {node.event.kind}。",
                f"“{host.id}” is a {host.type}; nothing in it throws an {node.event.kind}.",
            )  # fmt: skip

    def _event_based(self, node: Node) -> None:
        for flow in self.outgoing[node.id]:
            target = self.nodes[flow.target]
            if target.type != "intermediateCatchEvent" or len(self.incoming[target.id]) > 1:
                self.problem(
                    "bpmn-gateway", target,
                    f"事件网关“{node.id}”之后只能是中间捕获事件，且只从该网关到达。",
                    f"Behind the event-based gateway “{node.id}” stands a catch event that only it leads to.",
                )  # fmt: skip

    def _activity(self, node: Node) -> None:
        attribute, name = _ATTRIBUTE_NEEDED.get(node.type, ("id", "id"))
        if not getattr(node, attribute):
            self._missing(node, name)
        if node.type == "scriptTask" and not node.script:
            self._missing(node, "bpmn:script")
        if node.type == "businessRuleTask":
            for attribute in ("decision", "result"):
                if not getattr(node, attribute):
                    self._missing(node, f"cf:{attribute}")
        if node.retries is not None and not (node.retries.isascii() and node.retries.isdigit()):
            self.problem("bpmn-attribute", node, "cf:retries 须为非负整数。", "cf:retries must be a whole number.")
        if node.loop:
            self._loop(node, node.loop)

    def _loop(self, node: Node, loop: Loop) -> None:
        if loop.kind == "standard":
            if loop.condition is None and loop.maximum is None:
                self._missing(node, "loopCondition / loopMaximum")
        elif (loop.collection is None) == (loop.cardinality is None):
            self._missing(node, "cf:collection | loopCardinality")
        elif (loop.output_collection is None) != (loop.output_element is None):
            self._missing(node, "cf:outputCollection + cf:outputElement")

    def _missing(self, node: Node, name: str) -> None:
        self.problem("bpmn-missing", node, f"缺少 {name}（恰好一种）。", f"{name} is missing (exactly one).")

    def _message(self, node: Node) -> None:
        """A message must find its case: whoever waits for one says which."""
        if node.event and node.event.kind == "message" and not node.key and node.type != "startEvent":
            if not node.type.startswith(("intermediateThrow", "end")):
                self._missing(node, "cf:key")
        if node.type == "startEvent" and node.parent and node.event and node.event.kind == "message" and not node.key:
            self._missing(node, "cf:key")

    def _escalations(self) -> None:
        for node in self.nodes.values():
            if node.event and node.event.kind == "escalation" and node.type in ("endEvent", "intermediateThrowEvent"):
                if not self._caught(node):
                    self.problem(
                        "bpmn-escalation", node,
                        "没有任何事件捕获这个升级，它不会起作用。", "Nothing catches this escalation; it would have no effect.",
                    )  # fmt: skip

    def _caught(self, node: Node) -> bool:
        assert node.event is not None
        scope: str | None = node.parent
        while True:
            for other in self.nodes.values():
                if not (other.event and other.event.kind == "escalation" and other.event.code in ("", node.event.code)):
                    continue
                starts_here = other.type == "startEvent" and other.parent and self.nodes[other.parent].parent == scope
                if starts_here or (scope is not None and other.attached_to == scope):
                    return True
            if scope is None:
                return False
            scope = self.nodes[scope].parent
