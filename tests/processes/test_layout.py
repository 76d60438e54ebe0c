"""The drawings can be read: nothing hides behind anything else, and lines say where they go."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.processes.drawing import ROOT, Drawing, Segment


def test_everything_is_drawn(drawing: Drawing) -> None:
    shapes = [e.get("id") for e in drawing.all("participant", "lane", "textAnnotation")] + list(drawing.nodes)
    edges = [e.get("id") for e in drawing.all("association")] + list(drawing.flows)
    assert sorted(drawing.boxes) == sorted(shapes)
    assert sorted(drawing.routes) == sorted(edges)


def test_every_node_lies_inside_its_lane(drawing: Drawing) -> None:
    for lane in drawing.all("lane"):
        held = [ref.text or "" for ref in lane.iterchildren("{*}flowNodeRef")]
        area = drawing.boxes[lane.get("id", "")]
        assert [node for node in held if not area.holds(drawing.boxes[node].grown(10))] == []


def test_nodes_annotations_and_labels_keep_apart(drawing: Drawing) -> None:
    notes = [note.get("id", "") for note in drawing.all("textAnnotation")]
    things = {f"{name}": drawing.boxes[name] for name in [*drawing.nodes, *notes]}
    things |= {f"label of {name}": box for name, box in drawing.labels.items()}
    overlapping = [(a, b) for a, b in combinations(things, 2) if things[a].overlaps(things[b])]
    assert [pair for pair in overlapping if not _belong_together(drawing, *pair)] == []


def test_flows_run_in_right_angles_from_border_to_border(drawing: Drawing) -> None:
    for flow, element in drawing.flows.items():
        slanted = [segment for segment in drawing.segments(flow) if not _straight(segment)]
        assert slanted == [], flow
        route = drawing.routes[flow]
        assert drawing.boxes[element.get("sourceRef", "")].has_on_edge(route[0]), flow
        assert drawing.boxes[element.get("targetRef", "")].has_on_edge(route[-1]), flow


def test_flows_run_around_nodes_annotations_and_labels(drawing: Drawing) -> None:
    notes = [note.get("id", "") for note in drawing.all("textAnnotation")]
    for flow, element in drawing.flows.items():
        ends = {element.get("sourceRef"), element.get("targetRef")}
        around = {name: drawing.boxes[name] for name in [*drawing.nodes, *notes] if name not in ends}
        around |= {f"label of {name}": box for name, box in drawing.labels.items()}
        hit = [name for name, box in around.items() for part in drawing.segments(flow) if box.touched_by(part)]
        assert [name for name in hit if not _holds(drawing, name, element.get("sourceRef", ""))] == [], flow


@pytest.mark.parametrize("key", ["price_approval"])
def test_no_two_flows_cross(key: str) -> None:
    drawing = Drawing(ROOT / "processes" / f"{key}.bpmn")
    crossing = [
        (a, b)
        for a, b in combinations(drawing.flows, 2)
        if any(_cross(one, other) for one in drawing.segments(a) for other in drawing.segments(b))
    ]
    assert crossing == []


@pytest.mark.parametrize("key", ["price_approval"])
def test_flows_share_a_line_only_where_they_part_or_meet(key: str) -> None:
    drawing = Drawing(ROOT / "processes" / f"{key}.bpmn")
    for a, b in combinations(drawing.flows, 2):
        ends = [(drawing.flows[flow].get("sourceRef"), drawing.flows[flow].get("targetRef")) for flow in (a, b)]
        if ends[0][0] == ends[1][0] or ends[0][1] == ends[1][1]:
            continue
        shared = [one for one in drawing.segments(a) for other in drawing.segments(b) if _share(one, other)]
        assert shared == [], (a, b)


def _belong_together(drawing: Drawing, one: str, other: str) -> bool:
    """Whether one is a boundary event on the other, or what a sub-process holds."""
    for first, second in ((one, other), (other, one)):
        name = second.removeprefix("label of ")
        attached = name in drawing.nodes and drawing.nodes[name].get("attachedToRef") == first
        if (attached and not second.startswith("label of ")) or _holds(drawing, first, name):
            return True
    return False


def _holds(drawing: Drawing, outer: str, inner: str) -> bool:
    """Whether the node or flow `inner` lies inside the sub-process `outer`."""
    element = drawing.nodes.get(inner, drawing.flows.get(inner))
    return element is not None and outer in {parent.get("id") for parent in element.iterancestors()}


def _straight(segment: Segment) -> bool:
    (x1, y1), (x2, y2) = segment
    return (x1 == x2) != (y1 == y2)


def _cross(one: Segment, other: Segment) -> bool:
    """Whether a horizontal and a vertical segment meet away from the ends of both."""
    for level, upright in ((one, other), (other, one)):
        (x1, y), (x2, y_end) = level
        (x, y1), (x_end, y2) = upright
        if y == y_end and x == x_end and min(x1, x2) < x < max(x1, x2) and min(y1, y2) < y < max(y1, y2):
            return True
    return False


def _share(one: Segment, other: Segment) -> bool:
    """Whether two parallel segments lie on each other for some length."""
    for axis, along in ((0, 1), (1, 0)):
        if one[0][axis] == one[1][axis] == other[0][axis] == other[1][axis]:
            first, second = (sorted((part[0][along], part[1][along])) for part in (one, other))
            return first[0] < second[1] and second[0] < first[1]
    return False
