"""What an element does, apart from how it is called and drawn: compared between two versions of a definition."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from engine.bpmn import Definition, Flow, Node
from engine.errors import Refused
from engine.xml import Element, parse

PARTS = {
    "condition": ("条件", "condition"),
    "due": ("期限", "due time"),
    "timer": ("定时", "timer"),
    "form": ("表单", "form"),
    "decision": ("决策", "decision"),
    "script": ("计算", "script"),
    "input": ("输入", "input"),
    "work": ("处理", "what it carries out"),
    "people": ("办理人", "who does it"),
    "loop": ("重复", "loop"),
}
"""The parts of an element's meaning, in both languages."""


def altered(before: Definition, after: Definition) -> dict[str, tuple[str, ...]]:
    """The elements both versions have and that do something else now, with the parts that differ."""
    then, now = _meanings(before), _meanings(after)
    found = {}
    for element in then.keys() & now.keys():
        parts = tuple(part for part in PARTS if then[element].get(part) != now[element].get(part))
        if parts:
            found[element] = parts
    return found


def _meanings(definition: Definition) -> dict[str, dict[str, Any]]:
    diagram = definition.diagram
    found = {flow.id: {"condition": flow.condition} for flow in diagram.flows.values()}
    decisions = _decisions(definition)
    for node in diagram.nodes.values():
        leaving = [flow for flow in diagram.flows.values() if flow.source == node.id]
        found[node.id] = _meaning(definition, node, leaving, decisions)
    return found


def _meaning(definition: Definition, node: Node, leaving: list[Flow], decisions: dict[str, Element]) -> dict[str, Any]:
    event = node.event
    return {
        "condition": sorted((flow.target, flow.condition or "", flow.id == node.default) for flow in leaving)
        if node.type.endswith("Gateway")
        else None,
        "due": node.due,
        "timer": (event.timer, event.expression, node.interrupting) if event else None,
        "form": _form(definition, node),
        "decision": _decision(decisions, node.decision) if node.decision else None,
        "script": node.script,
        "input": node.input,
        "work": (node.type, node.handler, node.called, node.result, event.kind if event else None),
        "people": (node.lane, node.assignee, node.not_same_as),
        "loop": node.loop,
    }


def _form(definition: Definition, node: Node) -> Any:
    path = definition.form_path(node.id)
    return json.loads(definition.files[path]) if path else None


def _decisions(definition: Definition) -> dict[str, Element]:
    """The decisions and other elements of the decision file by id and by name."""
    path = f"processes/{definition.key}.dmn"
    try:
        root = parse(definition.files[path], path) if path in definition.files else None
    except Refused:
        return {}
    elements = [] if root is None else list(root)
    return {name: element for element in elements for name in (element.get("name"), element.get("id")) if name}


def _decision(decisions: dict[str, Element], name: str) -> tuple[bytes, ...]:
    """A decision with all it requires, as canonical XML."""
    wanted, found = [name], dict[str, bytes]()
    while wanted:
        name = wanted.pop()
        element = decisions.get(name)
        if element is None or name in found:
            continue
        found[name] = etree.tostring(element, method="c14n", with_tail=False)
        wanted += [href.removeprefix("#") for part in element.iter() if (href := part.get("href"))]
    return tuple(found[name] for name in sorted(found))
