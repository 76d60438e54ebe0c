"""BPMN bytes -> Diagram, or Refused with every problem that keeps the diagram from being carried out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from engine import xml
from engine.bpmn.compile.compiling import compile_diagram
from engine.bpmn.diagram import Diagram, Flow, Lane, Node
from engine.bpmn.read.checks import check
from engine.bpmn.read.elements import Elements, data_object, local, ours, text_of, words
from engine.bpmn.read.findings import Findings
from engine.bpmn.read.profile import BPMN, DRAWN, FIXED, LOOPS, MAX_NESTING, MAX_NODES, NODES, PARTS
from engine.xml import Element

_ROOTS: Final = frozenset({"message", "signal", "error", "escalation"})
_BESIDE: Final = frozenset({"collaboration", "itemDefinition", "category", "extensionElements", "documentation"})

_NAMED: Final = frozenset({*NODES, "sequenceFlow", "lane", "dataObject"})
_ID: Final = re.compile(r"[^\W\d][\w.-]*")


def read_diagram(data: bytes, file: str, key: str) -> Diagram:
    """The diagram of the process `key` in `file`. Raises Refused with every problem found."""
    return _Reader(xml.parse(data, file), Findings(file), key).read()


class _Reader:
    def __init__(self, root: Element, findings: Findings, key: str) -> None:
        self.root = root
        self.findings = findings
        self.key = key
        self.elements = Elements(findings, {e.get("id", ""): e for e in root.iterchildren() if local(e) in _ROOTS})
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, Lane] = {}
        self.lane_of: dict[str, str] = {}

    def read(self) -> Diagram:
        """Elements first, then the structure between them, then what they say in FEEL."""
        process = self._process()
        self._check_ids()
        self._read_lanes(process)
        self._read_container(process, None, None, 0)
        diagram = self._diagram(process)
        self.findings.refuse()
        check(diagram, process, self.findings)
        self.findings.refuse()
        spec = compile_diagram(diagram, process, self.findings)
        self.findings.refuse()
        return replace(diagram, spec=spec)

    def _process(self) -> Element:
        found = [each for each in self.root.iterchildren() if local(each) == "process"]
        if local(self.root) != "definitions" or len(found) != 1:
            self.findings.add("bpmn-process", self.root, count=len(found))
            self.findings.refuse()
        if found[0].get("id") != self.key:
            self.findings.add("bpmn-key", found[0], key=self.key)
        for each in self.root.iterchildren(f"{{{BPMN}}}*"):
            if local(each) not in _ROOTS | _BESIDE | {"process"}:
                self.elements.unknown(each)
        for each in (*self.root.iter(f"{{{BPMN}}}participant"), *self.elements.roots.values(), found[0]):
            self.elements.other(each)
        language = self.root.get("expressionLanguage")
        if language is not None and language not in FIXED["expressionLanguage"]:
            self.findings.add("bpmn-value", self.root, name="expressionLanguage", text=language, zh="FEEL", en="FEEL")
        return found[0]

    def _check_ids(self) -> None:
        """Ids are unique, and plain where they name nodes, flows, roles or variables."""
        seen: dict[str, int | None] = {}
        for element in self.root.iter(f"{{{BPMN}}}*"):
            found = element.get("id")
            if local(element) in _NAMED and not _ID.fullmatch(found or ""):
                self.findings.add("bpmn-id-form", element, id=found or "")
            elif found is not None and found in seen:
                self.findings.add("bpmn-id", element, id=found, line=seen[found])
            elif found is not None:
                seen[found] = xml.line_of(element)

    def _read_lanes(self, process: Element) -> None:
        for element in process.iter(f"{{{BPMN}}}lane"):
            lane = self.elements.lane(element)
            self.lanes[lane.id] = lane
            # Inner lanes come later and are nearer, so they win.
            for reference in element.iterchildren(f"{{{BPMN}}}flowNodeRef"):
                self.lane_of[(reference.text or "").strip()] = lane.id

    def _read_container(self, container: Element, parent: str | None, lane: str | None, depth: int) -> None:
        if depth > MAX_NESTING:
            self.findings.add("bpmn-nesting", container, limit=MAX_NESTING)
            return
        for element in container.iterchildren():
            name = local(element)
            if name in NODES:
                self._read_node(element, parent, lane, depth)
            elif name == "sequenceFlow":
                self.flows[element.get("id", "")] = self.elements.flow(element)
            elif name == "extensionElements":
                self.elements.extensions(element)
            elif name in DRAWN:
                self.elements.other(element)
            elif parent is None or name not in LOOPS:
                self.elements.unknown(element)

    def _read_node(self, element: Element, parent: str | None, lane: str | None, depth: int) -> None:
        lane = self.lane_of.get(element.get("id", ""), lane)
        node = self.elements.node(element, parent, lane)
        self.nodes[node.id] = node
        if len(self.nodes) == MAX_NODES + 1:
            self.findings.add("bpmn-nodes", element, limit=MAX_NODES)
        if node.type == "subProcess":
            self._read_container(element, node.id, lane, depth + 1)
        else:
            self.elements.children(element, PARTS[node.type])

    def _diagram(self, process: Element) -> Diagram:
        title = ours(process, "title")
        if title is not None and not title.startswith("="):
            zh, en = "以 = 开头的 FEEL", "FEEL behind `=`"
            self.findings.add("bpmn-value", process, name="cf:title", text=title, zh=zh, en=en)
        return Diagram(
            key=self.key,
            name=process.get("name", ""),
            name_en=ours(process, "nameEn") or "",
            line=xml.line_of(process) or 0,
            documentation=text_of(process, "documentation") or "",
            documentation_en=ours(process, "documentationEn") or "",
            clauses=words(ours(process, "clauses")),
            prefix=ours(process, "prefix") or "",
            title=title[1:] if title else None,
            nodes=self.nodes,
            flows=self.flows,
            lanes=self.lanes,
            data={data.id: data for data in map(data_object, process.iter(f"{{{BPMN}}}dataObject"))},
            spec=None,
        )
