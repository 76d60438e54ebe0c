"""Which incoming flows of an inclusive join a token elsewhere can still reach (BPMN 2.0.2, section 13.4.3)."""

from __future__ import annotations

from collections import defaultdict

from engine.bpmn.diagram import Diagram


def incoming_reach(diagram: Diagram, join: str) -> dict[str, frozenset[str]]:
    """Node id -> ids of the join's incoming flows that a path from the node ends with, the join not passed."""
    backwards = _sources(diagram)
    found: dict[str, set[str]] = defaultdict(set)
    for flow in diagram.flows.values():
        if flow.target != join:
            continue
        todo, seen = [flow.source], {join}
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                found[node].add(flow.id)
                todo.extend(backwards[node])
    return {node: frozenset(flows) for node, flows in found.items()}


def _sources(diagram: Diagram) -> dict[str, list[str]]:
    """Node id -> the nodes a token can come from: along flows, and from an activity to its boundary events."""
    found: dict[str, list[str]] = defaultdict(list)
    for flow in diagram.flows.values():
        found[flow.target].append(flow.source)
    for node in diagram.nodes.values():
        if node.attached_to:
            found[node.id].append(node.attached_to)
    return found
