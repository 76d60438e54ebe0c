"""A diagram as the product sees it: its nodes, flows and lanes with our attributes, free of SpiffWorkflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.errors import ClauseflowError


class NotStartable(ClauseflowError):
    """A process that only messages or signals start."""

    zh = "流程“{process}”由消息或信号启动，不能由人发起。"
    en = "The process “{process_en}” starts by a message or a signal, not by a person."


EventKind = Literal["none", "message", "timer", "signal", "error", "escalation", "terminate"]
LoopKind = Literal["parallel", "sequential", "standard"]


@dataclass(frozen=True, slots=True)
class Event:
    """What an event catches or throws."""

    kind: EventKind
    name: str = ""
    """Of the message, signal, error or escalation."""
    code: str = ""
    """Error or escalation code; empty catches every code."""
    timer: Literal["", "date", "duration", "cycle"] = ""
    expression: str = ""
    """The timer's raw text: ISO 8601, or FEEL behind `=`."""


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity is repeated. Texts are FEEL without `=`."""

    kind: LoopKind
    collection: str | None = None
    cardinality: str | None = None
    item: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    completion: str | None = None
    condition: str | None = None
    test_before: bool = False
    maximum: int | None = None


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
    event: Event | None = None
    interrupting: bool = True
    """Of a boundary event or the start event of an event sub-process."""
    loop: Loop | None = None
    script: str | None = None
    called: str | None = None
    """The key of the process a call activity starts."""
    key: str | None = None
    """A message's correlation key."""
    input: str | None = None
    """What a job, a called process or a message is given."""
    retries: str | None = None
    default: str | None = None
    by_event: bool = False
    """Whether a sub-process is an event sub-process."""
    locals: tuple[str, ...] = ()
    """Variables that a sub-process keeps to itself (its data objects)."""


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
class DataObject:
    """A variable that the diagram names for people; its id is the variable."""

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
    data: Mapping[str, DataObject]
    spec: Any = field(repr=False, compare=False)
    """The engine's compiled form; opaque outside `engine.bpmn`."""

    def elements(self) -> list[Node | Flow]:
        """Every flow node and sequence flow."""
        return [*self.nodes.values(), *self.flows.values()]

    @property
    def starts_by_hand(self) -> bool:
        """Whether a person can start the process."""
        return any(map(_begins_by_hand, self.nodes.values()))

    def start_event(self) -> Node:
        """The none start event of the process: where a person starts it. Raises NotStartable if it has none."""
        for node in self.nodes.values():
            if _begins_by_hand(node):
                return node
        raise NotStartable(process=self.name or self.key, process_en=self.name_en or self.name or self.key)


def _begins_by_hand(node: Node) -> bool:
    return node.type == "startEvent" and node.parent is None and node.event is not None and node.event.kind == "none"
