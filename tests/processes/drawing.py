"""A diagram file as tests look at it: the semantic elements, and where the drawing puts them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine.xml import Element, parse

ROOT = Path(__file__).resolve().parents[2]
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CF = "urn:clauseflow:bpmn:1"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
WAYPOINT = "http://www.omg.org/spec/DD/20100524/DI"

TASKS = tuple(f"{kind}Task" for kind in ("user", "manual", "service", "send", "receive", "businessRule", "script"))
ACTIVITIES = ("subProcess", "callActivity", *TASKS)
EVENTS = ("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
NODES = (*ACTIVITIES, *EVENTS, *GATEWAYS)

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def touched_by(self, segment: Segment) -> bool:
        """Whether a horizontal or vertical segment runs through the inside."""
        (x1, y1), (x2, y2) = segment
        return self.overlaps(Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)).grown(0.1))

    def grown(self, by: float) -> Box:
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def has_on_edge(self, point: Point) -> bool:
        x, y = point
        on_side = x in (self.left, self.right) and self.top <= y <= self.bottom
        return on_side or (y in (self.top, self.bottom) and self.left <= x <= self.right)


class Drawing:
    """One `processes/<key>.bpmn`."""

    def __init__(self, path: Path) -> None:
        self.key = path.stem
        self.root = parse(path.read_bytes(), path.name)

    def all(self, *names: str) -> Iterator[Element]:
        """The BPMN elements of these local names, in document order."""
        return self.root.iter(*(f"{{{BPMN}}}{name}" for name in names))

    @cached_property
    def process(self) -> Element:
        return next(self.all("process"))

    @cached_property
    def nodes(self) -> dict[str, Element]:
        return {element.get("id", ""): element for element in self.all(*NODES)}

    @cached_property
    def flows(self) -> dict[str, Element]:
        return {element.get("id", ""): element for element in self.all("sequenceFlow")}

    @cached_property
    def boxes(self) -> dict[str, Box]:
        """Element id -> the box of its shape."""
        shapes = self.root.iter(f"{{{DI}}}BPMNShape")
        return {shape.get("bpmnElement", ""): _box(shape.find(f"{{{DC}}}Bounds")) for shape in shapes}

    @cached_property
    def labels(self) -> dict[str, Box]:
        """Element id -> the box of its label, for those labelled outside their shape."""
        drawn = self.root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")
        found = ((item.get("bpmnElement", ""), item.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")) for item in drawn)
        return {element: _box(bounds) for element, bounds in found if bounds is not None}

    @cached_property
    def routes(self) -> dict[str, list[Point]]:
        """Flow or association id -> its way points."""
        return {
            edge.get("bpmnElement", ""): [
                (float(point.get("x", "nan")), float(point.get("y", "nan")))
                for point in edge.iterchildren(f"{{{WAYPOINT}}}waypoint")
            ]
            for edge in self.root.iter(f"{{{DI}}}BPMNEdge")
        }

    def segments(self, flow: str) -> list[Segment]:
        route = self.routes[flow]
        return list(pairwise(route))

    def forms(self) -> dict[str, dict[str, Any]]:
        """Form name -> the form file's content."""
        files = sorted((ROOT / "forms" / self.key).glob("*.form"))
        return {path.stem: json.loads(path.read_text("utf-8")) for path in files}


def ours(element: Element, name: str) -> str:
    """An attribute of our namespace, empty when it is missing."""
    return element.get(f"{{{CF}}}{name}", "")


def leaving(drawing: Drawing, node: str) -> dict[str, str]:
    """Target -> condition (empty for the default) of the flows out of a node."""
    flows = [flow for flow in drawing.flows.values() if flow.get("sourceRef") == node]
    return {flow.get("targetRef", ""): flow.findtext("{*}conditionExpression") or "" for flow in flows}


def fields_of(component: dict[str, Any]) -> list[dict[str, Any]]:
    """A form's or component's fields at every depth."""
    inner = component.get("components", [])
    return [*inner, *(field for part in inner for field in fields_of(part))]


def shown_fields(form: dict[str, Any]) -> list[dict[str, Any]]:
    """A form's fields at every depth but those that are computed and shown to nobody."""
    return [field for field in fields_of(form) if field["type"] != "expression" or "label" in field]


def _box(bounds: Element | None) -> Box:
    assert bounds is not None
    x, y, width, height = (float(bounds.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)
