"""BPMN bytes -> Diagram, or Refused with every problem that keeps the diagram from being carried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from engine import xml
from engine.bpmn.checks import check
from engine.bpmn.compiling import Compiler
from engine.bpmn.diagram import Diagram, Flow, Lane, Node
from engine.bpmn.elements import Elements, local, ours, text_of, words
from engine.bpmn.findings import Findings
from engine.bpmn.profile import ACTIVITIES, BPMN, DRAWN, MAX_NESTING, MAX_NODES, NODES
from engine.xml import Element

_ROOTS: Final = frozenset({"message", "signal", "error", "escalation"})
_BESIDE: Final = frozenset({"collaboration", "itemDefinition", "category", "extensionElements", "documentation"})
_PARTS: Final = frozenset({"script", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})


def read_diagram(data: bytes, file: str, key: str) -> Diagram:
    """The diagram of the process `key` in `file`. Raises Refused with every problem found."""
    return _Reader(xml.parse(data, file), Findings(file), key).read()


class _Reader:
    def __init__(self, root: Element, findings: Findings, key: str) -> None:
        self.root = root
        self.findings = findings
        self.key = key
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, Lane] = {}
        self.lane_of: dict[str, str] = {}

    def read(self) -> Diagram:
        process = self._process()
        self._unique_ids()
        roots = {each.get("id", ""): each for each in self.root.iterchildren() if local(each) in _ROOTS}
        self.elements = Elements(self.findings, roots)
        self.elements.other(process)
        self._read_lanes(process)
        self._read_container(process, None, None, 0)
        self.findings.refuse()
        diagram = self._diagram(process)
        check(diagram, self.findings)
        self.findings.refuse()
        spec = Compiler(diagram, self.findings).compile()
        self.findings.refuse()
        return replace(diagram, spec=spec)

    def _process(self) -> Element:
        found = [each for each in self.root.iterchildren() if local(each) == "process"]
        if local(self.root) != "definitions" or len(found) != 1:
            self.findings.add(
                "bpmn-process", self.root, local(self.root).removeprefix("?"),
                f"文件须是恰好含一个流程的 BPMN 2.0 图，找到 {len(found)} 个流程。",
                f"The file must be a BPMN 2.0 diagram with exactly one process; it has {len(found)}.",
            )  # fmt: skip
        elif found[0].get("id") != self.key:
            self.findings.add(
                "bpmn-process", found[0], found[0].get("id", ""),
                f"流程的 id 须与文件名相同：“{self.key}”。", f"The process id must be the file's name: “{self.key}”.",
            )  # fmt: skip
        for each in self.root.iterchildren(f"{{{BPMN}}}*"):
            if local(each) not in _ROOTS | _BESIDE | {"process"}:
                Elements(self.findings, {}).unknown(each)
        self.findings.refuse()
        return found[0]

    def _unique_ids(self) -> None:
        seen: dict[str, int | None] = {}
        for element in self.root.iter(f"{{{BPMN}}}*"):
            found = element.get("id")
            if found is None:
                continue
            if found in seen:
                self.findings.add(
                    "bpmn-id", element, found,
                    f"id“{found}”重复，第 {seen[found]} 行已用过。", f"The id “{found}” is used already on line {seen[found]}.",
                )  # fmt: skip
            seen.setdefault(found, xml.line_of(element))

    def _read_lanes(self, process: Element) -> None:
        for element in process.iter(f"{{{BPMN}}}lane"):
            lane = self.elements.lane(element)
            self.lanes[lane.id] = lane
            # Inner lanes come later and are nearer, so they win.
            for reference in element.iterchildren(f"{{{BPMN}}}flowNodeRef"):
                self.lane_of[(reference.text or "").strip()] = lane.id

    def _read_container(self, container: Element, parent: str | None, lane: str | None, depth: int) -> None:
        if depth > MAX_NESTING:
            self.findings.add(
                "bpmn-limit", container, parent or "",
                f"子流程嵌套超过 {MAX_NESTING} 层。", f"Sub-processes are nested more than {MAX_NESTING} deep.",
            )  # fmt: skip
            return
        for element in container.iterchildren():
            name = local(element)
            if name in NODES:
                self._read_node(element, parent, lane, depth)
            elif name == "sequenceFlow":
                self.flows[element.get("id", "")] = self.elements.flow(element)
            elif name in DRAWN or (parent and name in _PARTS):
                self.elements.other(element)
            else:
                self.elements.unknown(element)

    def _read_node(self, element: Element, parent: str | None, lane: str | None, depth: int) -> None:
        lane = self.lane_of.get(element.get("id", ""), lane)
        node = self.elements.node(element, parent, lane)
        if not node.id:
            self.findings.add("bpmn-id", element, node.name or node.type, "元素没有 id。", "The element has no id.")
        self.nodes[node.id] = node
        if len(self.nodes) == MAX_NODES + 1:
            self.findings.add(
                "bpmn-limit", element, node.id,
                f"图的节点超过 {MAX_NODES} 个，请拆成被调用的流程。",
                f"The diagram has more than {MAX_NODES} nodes; split it into called processes.",
            )  # fmt: skip
        if node.type == "subProcess":
            self._read_container(element, node.id, lane, depth + 1)
        else:
            self.elements.children(element, _parts_of(node.type))

    def _diagram(self, process: Element) -> Diagram:
        return Diagram(
            key=self.key,
            name=process.get("name", ""),
            name_en=ours(process, "nameEn") or "",
            line=xml.line_of(process) or 0,
            documentation=text_of(process, "documentation") or "",
            documentation_en=ours(process, "documentationEn") or "",
            clauses=words(ours(process, "clauses")),
            prefix=ours(process, "prefix") or "",
            title=(ours(process, "title") or "").removeprefix("=").strip() or None,
            nodes=self.nodes,
            flows=self.flows,
            lanes=self.lanes,
            spec=None,
        )


def _parts_of(kind: str) -> frozenset[str]:
    return frozenset(_parts(kind))


def _parts(kind: str) -> Iterator[str]:
    """The children that mean something in a node of that type."""
    if kind in ACTIVITIES:
        yield from ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
    if kind == "scriptTask":
        yield "script"
    if kind.endswith("Event"):
        yield from ("messageEventDefinition", "timerEventDefinition", "signalEventDefinition")
        yield from ("errorEventDefinition", "escalationEventDefinition", "terminateEventDefinition")
