"""A diagram as the product sees it: its nodes, flows and lanes with our attributes, free of SpiffWorkflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. Attributes are the raw texts of the diagram, None or empty where it has none."""

    id: str
    type: str
    """The BPMN element's local name (`userTask`, `exclusiveGateway`, ...)."""
    name: str
    name_en: str
    line: int
    lane: str | None
    parent: str | None = None
    """The id of the sub-process that holds the node; None at the top."""
    clauses: tuple[str, ...] = ()
    form: str | None = None
    handler: str | None = None
    decision: str | None = None
    result: str | None = None
    due: str | None = None
    assignee: str | None = None
    not_same_as: tuple[str, ...] = ()
    priority: str | None = None
    attached_to: str | None = None
    documentation: str = ""
    documentation_en: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is a FEEL expression or None."""

    id: str
    source: str
    target: str
    name: str
    name_en: str
    line: int
    condition: str | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane; its id is the role key, its name is for people."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything the product reads off one process diagram."""

    key: str
    name: str
    name_en: str
    line: int
    documentation: str
    documentation_en: str
    clauses: tuple[str, ...]
    prefix: str
    """The document number's prefix (`PA`)."""
    title: str | None
    """FEEL expression (without `=`) for a case's title, over the instance's variables."""
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane]
    spec: Any = field(repr=False, compare=False)
    """The engine's compiled form; opaque outside `engine.bpmn`."""

    def start_event(self) -> Node:
        """The none start event of the process: where a person starts it."""
        return next(n for n in self.nodes.values() if n.type == "startEvent" and n.parent is None)
