"""Which incoming flows of an inclusive join a token elsewhere can still reach (BPMN 2.0.2, section 13.4.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from engine.bpmn.diagram import Diagram

Reach = Mapping[str, frozenset[str]]
"""Node id -> ids of the join's incoming flows that a path from the node ends with, the join not passed."""


def flow_reach(diagram: Diagram, join: str) -> Reach:
    """What is reached along sequence flows."""
    return _reach(diagram, join, _sources(diagram))


def event_reach(diagram: Diagram, join: str) -> Reach:
    """What may be reached when boundary events happen on the way."""
    sources = _sources(diagram)
    for node in diagram.nodes.values():
        if node.attached_to:
            sources[node.id].append(node.attached_to)
    return _reach(diagram, join, sources)


def _sources(diagram: Diagram) -> dict[str, list[str]]:
    """Node id -> the nodes from which a flow leads to it."""
    found: dict[str, list[str]] = defaultdict(list)
    for flow in diagram.flows.values():
        found[flow.target].append(flow.source)
    return found


def _reach(diagram: Diagram, join: str, sources: Mapping[str, list[str]]) -> Reach:
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
                todo.extend(sources.get(node, ()))
    return {node: frozenset(flows) for node, flows in found.items()}
