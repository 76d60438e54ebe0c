"""What events and activities need beyond structure: the right kind in the right place, and their references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.bpmn.diagram import Flow, Loop, Node
from engine.bpmn.read.elements import is_count
from engine.bpmn.read.findings import Findings
from engine.bpmn.read.profile import ACTIVITIES, EVENTS, JOBS

_NEEDED: Final[dict[str, dict[str, str]]] = {
    "serviceTask": {"handler": "cf:handler"},
    "sendTask": {"handler": "cf:handler"},
    "scriptTask": {"script": "bpmn:script", "result": "cf:result"},
    "businessRuleTask": {"decision": "cf:decision", "result": "cf:result"},
    "callActivity": {"called": "calledElement"},
}
"""Task -> what it cannot do without: field of Node -> its name in the diagram."""

_THROWERS: Final = {"error": JOBS | {"subProcess", "callActivity"}, "escalation": frozenset({"subProcess"})}
"""What can be thrown in an activity -> the activities in which it can."""


class EventChecks:
    """The checks of one diagram's events and activities."""

    def __init__(
        self,
        nodes: Mapping[str, Node],
        findings: Findings,
        outgoing: Mapping[str, list[Flow]],
        incoming: Mapping[str, list[Flow]],
    ) -> None:
        self.nodes = nodes
        self.findings = findings
        self.outgoing = outgoing
        self.incoming = incoming

    def run(self) -> None:
        """All of them, node by node."""
        starts: dict[str | None, Node] = {}
        for node in self.nodes.values():
            if node.type == "startEvent":
                self._start(node, starts)
            elif node.type.endswith("Event"):
                self._kind(node, node.type)
            if node.type == "boundaryEvent":
                self._boundary(node)
            if node.type == "eventBasedGateway":
                self._event_based(node)
            if node.type in ACTIVITIES:
                self._activity(node)
            if node.event:
                self._event_attributes(node, node.event.kind)
            self._escalation(node)

    def _kind(self, node: Node, place: str) -> None:
        assert node.event is not None
        if node.event.kind not in EVENTS[place]:
            allowed = ", ".join(sorted(EVENTS[place]))
            self.findings.add("bpmn-event-kind", node, kind=node.event.kind, allowed=allowed)
        elif place == "intermediateCatchEvent" and node.event.timer == "cycle":
            self.findings.add("bpmn-cycle-interrupts", node)

    def _start(self, node: Node, starts: dict[str | None, Node]) -> None:
        """One start per sub-process; in the process, one none start beside those with events."""
        assert node.event is not None
        within = self.nodes[node.parent] if node.parent else None
        if within is not None or node.event.kind == "none":
            if node.parent in starts:
                self.findings.add("bpmn-starts", node)
            starts[node.parent] = node
        if within is None:
            self._kind(node, "startEvent")
        elif within.by_event:
            self._kind(node, "eventStart")
            self._interrupts(node)
        else:
            self._kind(node, "subProcess")

    def _interrupts(self, node: Node) -> None:
        """Errors always interrupt; a cycle that interrupts could never come round."""
        assert node.event is not None
        if node.event.kind == "error" and not node.interrupting:
            self.findings.add("bpmn-error-interrupts", node)
        if node.event.timer == "cycle" and node.interrupting:
            self.findings.add("bpmn-cycle-interrupts", node)

    def _boundary(self, node: Node) -> None:
        assert node.event is not None
        host = self.nodes.get(node.attached_to or "")
        if host is None or host.type not in ACTIVITIES or host.by_event or host.parent != node.parent:
            zh, en = "同层的活动", "activity beside it"
            self.findings.add("bpmn-reference", node, name="attachedToRef", text=node.attached_to or "", zh=zh, en=en)
            return
        self._interrupts(node)
        if host.type not in _THROWERS.get(node.event.kind, ACTIVITIES):
            self.findings.add("bpmn-event-never", node, node=host.id, type=host.type, kind=node.event.kind)

    def _event_based(self, node: Node) -> None:
        for flow in self.outgoing[node.id]:
            target = self.nodes[flow.target]
            if target.type != "intermediateCatchEvent" or len(self.incoming[target.id]) > 1:
                self.findings.add("bpmn-event-gateway", target, gateway=node.id)

    def _activity(self, node: Node) -> None:
        for field, name in _NEEDED.get(node.type, {}).items():
            if not getattr(node, field):
                self.findings.add("bpmn-missing", node, name=name)
        if node.retries is not None and not is_count(node.retries):
            zh, en = "非负整数", "a whole number from 0"
            self.findings.add("bpmn-value", node, name="cf:retries", text=node.retries, zh=zh, en=en)
        if node.loop:
            self._loop(node, node.loop)

    def _loop(self, node: Node, loop: Loop) -> None:
        if node.by_event:
            self.findings.add("bpmn-loop", node)
        if loop.kind == "standard":
            if loop.condition is None and loop.maximum is None:
                self.findings.add("bpmn-missing", node, name="loopCondition / loopMaximum")
            return
        if (loop.collection is None) == (loop.cardinality is None):
            self.findings.add("bpmn-either", node, first="cf:collection", second="loopCardinality")
        if loop.item and not loop.collection:
            self.findings.add("bpmn-missing", node, name="cf:collection")
        if loop.output_collection and not loop.output_element:
            self.findings.add("bpmn-missing", node, name="cf:outputElement")
        if loop.output_element and not loop.output_collection:
            self.findings.add("bpmn-missing", node, name="cf:outputCollection")

    def _event_attributes(self, node: Node, kind: str) -> None:
        """A message must find its case, so whoever waits for one says which; the start of a case cannot know."""
        begins = node.type == "startEvent" and node.parent is None
        sends, carries = node.type in _SENDING, kind in ("message", "signal")
        if kind == "message" and not (sends or begins or node.key):
            self.findings.add("bpmn-missing", node, name="cf:key")
        fitting = {
            "key": kind == "message" and not begins,
            "input": carries and sends,
            "result": carries and not (sends or begins),
        }
        for name, fits in fitting.items():
            if getattr(node, name) is not None and not fits:
                self.findings.add("bpmn-attribute", node, kind=f"{node.type} ({kind})", name=f"cf:{name}")

    def _escalation(self, node: Node) -> None:
        if node.event and node.event.kind == "escalation" and node.type in _SENDING and not self._caught(node):
            self.findings.add("bpmn-escalation", node)

    def _caught(self, node: Node) -> bool:
        """Whether an event sub-process or boundary event around `node` catches its escalation."""
        assert node.event is not None
        around = self._around(node)
        return any(
            other.event is not None
            and other.event.kind == "escalation"
            and other.event.code in ("", node.event.code)
            and (other.attached_to or self._home(other)) in around
            for other in self.nodes.values()
            if other.type not in _SENDING
        )

    def _around(self, node: Node) -> set[str | None]:
        """The sub-processes around a node, and None for the process."""
        found: set[str | None] = {None}
        while node.parent is not None:
            found.add(node.parent)
            node = self.nodes[node.parent]
        return found

    def _home(self, start: Node) -> str | None:
        """The container whose event sub-process begins with `start`."""
        return self.nodes[start.parent].parent if start.parent else None


_SENDING: Final = frozenset({"intermediateThrowEvent", "endEvent"})
