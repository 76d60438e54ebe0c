"""Diagram -> the specs SpiffWorkflow carries out. Nothing is recursive here, so length never overflows the stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine import feel
from engine.bpmn import containers, events, gateways, loops, tasks
from engine.bpmn.diagram import Diagram, Node
from engine.bpmn.expressions import Formula, label
from engine.bpmn.findings import Findings
from engine.bpmn.nodes import NodeSpec, Way
from engine.bpmn.process import Container, ProcessSpec
from engine.bpmn.reach import incoming_reach
from engine.bpmn.timers import Cycle, Moment
from engine.bpmn.tree import BODY
from engine.bpmn.triggers import Trigger

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
_THROWN: Final[dict[str, type[NodeSpec]]] = {
    "none": events.EndSpec,
    "terminate": events.TerminateSpec,
    "message": events.ThrowMessageSpec,
    "signal": events.ThrowSignalSpec,
    "error": events.ThrowCodeSpec,
    "escalation": events.ThrowCodeSpec,
}


class Compiler:
    """Compiles one diagram; FEEL and timer problems are noted as findings."""

    def __init__(self, diagram: Diagram, findings: Findings) -> None:
        self.diagram = diagram
        self.findings = findings
        self.process = ProcessSpec(diagram.key, findings.file)

    def compile(self) -> ProcessSpec:
        """The process spec; not to be used when the findings hold problems."""
        for node in self.diagram.nodes.values():
            self.process.containers.setdefault(node.id, Container(locals=node.locals))
            self._spec(node)
        self._connect()
        for spec in self.process.task_specs.values():
            self._place(spec)
        for spec in self.process.task_specs.values():
            if isinstance(spec, gateways.InclusiveSpec):
                spec.reach = incoming_reach(self.diagram, spec.node.id)
        if self.diagram.title:
            self.process.title = self._formula(None, "cf:title", self.diagram.title)
        return self.process

    # Formulas

    def _formula(self, node: Node | None, attribute: str, text: str, at: int | None = None) -> Formula | None:
        owner = label(node) if node else self.diagram.key
        try:
            return Formula(owner, attribute, text)
        except feel.FeelError as error:
            where, line = (node.id, at or node.line) if node else (self.diagram.key, self.diagram.line)
            self.findings.add(
                "feel", line, where,
                f"{attribute} 不是有效的 FEEL 表达式“{text}”：{error.text('zh')}",
                f"{attribute} is not a valid FEEL expression “{text}”: {error.text('en')}",
            )  # fmt: skip
            return None

    def _marked(self, node: Node, attribute: str, text: str | None) -> Formula | str | None:
        """A text of ours: FEEL behind `=`, anything else literal."""
        if text is not None and text.startswith("="):
            return self._formula(node, attribute, text[1:])
        return text

    def _context(self, node: Node) -> Formula | None:
        if node.input is None:
            return None
        found = self._marked(node, "cf:input", node.input)
        if isinstance(found, str):
            self._wrong(node, "cf:input", found, "以 = 开头的 FEEL 上下文", "a FEEL context behind `=`")
            return None
        return found

    def _wrong(self, node: Node, attribute: str, text: str, zh: str, en: str) -> None:
        self.findings.add(
            "bpmn-attribute", node.line, node.id,
            f"{attribute}=“{text}”应为{zh}。", f"{attribute} “{text}” must be {en}.",
        )  # fmt: skip

    # Specs

    def _spec(self, node: Node) -> None:
        made = self._class_of(node)(self.process, node)
        if node.loop:
            made.is_body = True
            loop = loops.StandardLoopSpec if node.loop.kind == "standard" else loops.MultiInstanceSpec
            del self.process.task_specs[node.id]
            made.name = node.id + BODY
            self.process.task_specs[made.name] = made
            self._loop(loop(self.process, node), made)
        self._parts(node, made)

    def _class_of(self, node: Node) -> type[NodeSpec]:
        if node.by_event:
            return containers.EventSubProcessSpec
        if node.type == "startEvent":
            within = self.diagram.nodes[node.parent] if node.parent else None
            return events.EventStartSpec if within and within.by_event else events.StartSpec
        if node.type in ("endEvent", "intermediateThrowEvent"):
            assert node.event is not None
            return _THROWN[node.event.kind]
        return _BY_TYPE[node.type]

    def _loop(self, spec: loops.LoopSpec, body: NodeSpec) -> None:
        node, loop = spec.node, spec.node.loop
        assert loop is not None and isinstance(body, tasks.ActivitySpec)
        spec.body = body
        if isinstance(spec, loops.StandardLoopSpec):
            spec.condition = loop.condition and self._formula(node, "loopCondition", loop.condition) or None
            return
        assert isinstance(spec, loops.MultiInstanceSpec)
        spec.parallel = loop.kind == "parallel"
        for name in ("collection", "cardinality", "output_element", "completion"):
            text = getattr(loop, name)
            if text is not None:
                setattr(spec, name, self._formula(node, name, text.removeprefix("=")))

    def _parts(self, node: Node, spec: NodeSpec) -> None:
        """Compile the attributes this kind of node has."""
        if isinstance(spec, tasks.WaitingSpec):
            spec.due = self._moment(node, "cf:due", node.due)
        if isinstance(spec, tasks.PersonSpec):
            spec.assignee = self._marked(node, "cf:assignee", node.assignee)
            spec.priority = self._priority(node)
        if isinstance(spec, tasks.ScriptSpec):
            spec.script = self._formula(node, "script", node.script or "null")  # type: ignore[assignment]
        if isinstance(spec, (tasks.JobSpec, tasks.CallSpec, events.ThrowSpec)):
            spec.input = self._context(node)
        if isinstance(spec, events.ThrowMessageSpec):
            spec.key = self._key(node)
        if isinstance(spec, (events.CatchingSpec, tasks.ReceiveSpec)):
            spec.trigger = self._trigger(node)

    def _priority(self, node: Node) -> Formula | int:
        found = self._marked(node, "cf:priority", node.priority or "0")
        if isinstance(found, str):
            try:
                return int(found)
            except ValueError:
                self._wrong(node, "cf:priority", found, "整数或 FEEL", "a whole number or FEEL")
        return found if isinstance(found, Formula) else 0

    def _key(self, node: Node) -> Formula | None:
        found = self._marked(node, "cf:key", node.key)
        if isinstance(found, str):
            self._wrong(node, "cf:key", found, "以 = 开头的 FEEL", "FEEL behind `=`")
            return None
        return found

    def _trigger(self, node: Node) -> Trigger:
        assert node.event is not None
        timer: Moment | Cycle | None = None
        if node.event.kind == "timer":
            name = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[node.event.timer]
            kind: Callable[[Formula | str], Moment | Cycle] = Cycle if node.event.timer == "cycle" else Moment
            timer = self._timer(node, name, node.event.expression, kind)
        return Trigger(node.event, self._key(node), timer)

    def _moment(self, node: Node, attribute: str, text: str | None) -> Moment | None:
        found = self._timer(node, attribute, text, Moment) if text else None
        assert found is None or isinstance(found, Moment)
        return found

    def _timer(
        self, node: Node, attribute: str, text: str, kind: Callable[[Formula | str], Moment | Cycle]
    ) -> Moment | Cycle | None:
        source = self._marked(node, attribute, text)
        if source is None:
            return None
        try:
            return kind(source)
        except ValueError:
            self._wrong(
                node, attribute, text, "ISO 8601（如 P2D、2026-03-02T09:00:00+08:00、R3/PT1H）或 = 开头的 FEEL",
                "ISO 8601 (P2D, 2026-03-02T09:00:00+08:00, R3/PT1H) or FEEL behind `=`",
            )  # fmt: skip
            return None

    # Connections

    def _connect(self) -> None:
        specs = self.process.task_specs
        ways: dict[str, list[Way]] = {}
        arriving: dict[str, list[str]] = {}
        for flow in self.diagram.flows.values():
            node = self.diagram.nodes[flow.source]
            condition = (
                self._formula(node, f"{flow.id} conditionExpression", flow.condition, flow.line)
                if flow.condition
                else None
            )
            ways.setdefault(flow.source, []).append(
                Way(flow.id, specs[flow.target], condition, flow.id == node.default)
            )
            arriving.setdefault(flow.target, []).append(flow.id)
            specs[flow.source].connect(specs[flow.target])
        for node_id in self.diagram.nodes:
            specs[node_id].ways = tuple(ways.get(node_id, ()))
            specs[node_id].arriving = tuple(arriving.get(node_id, ()))

    def _place(self, spec: NodeSpec) -> None:
        """Tell a container its starts, an activity its boundary events."""
        node, specs = spec.node, self.process.task_specs
        if isinstance(spec, events.StartSpec):
            self.process.containers[node.parent].starts.append(spec)
        elif isinstance(spec, events.EventStartSpec):
            assert node.parent is not None
            around = self.diagram.nodes[node.parent]
            spec.sub_process = specs[around.id]  # type: ignore[assignment]
            self.process.containers[around.parent].event_starts.append(spec)
        elif isinstance(spec, events.BoundarySpec):
            host = specs[node.attached_to or ""]
            assert isinstance(host, tasks.ActivitySpec)
            host.boundaries = (*host.boundaries, spec)
