"""`docs/bpmn-profile.md` is complete and true: every line has its diagram, every diagram its test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.read.profile import BPMN, CF, EVENTS, INSTEAD, LOOPS, MAX_NESTING, MAX_NODES, NODES, OTHERS
from engine.bpmn.run.loops import MAX_ITEMS
from engine.bpmn.run.workflow import MAX_STEP

ROOT = Path(__file__).parents[4]
DIAGRAMS = ROOT / "tests" / "diagrams"
TEXT = (ROOT / "docs" / "bpmn-profile.md").read_text()
SAID = {"clauses", "nameEn", "documentationEn"}
"""Attributes that only say something; docs/bpmn-namespace.md has them."""


def rows() -> list[tuple[str, tuple[str, ...], str]]:
    """Element, attributes and diagram of every line of the profile table."""
    found = re.findall(r"^\| `(\w+)` \|([^|]*)\|[^|]*\|[^|]*\| `(\w+)` \|$", TEXT, re.MULTILINE)
    return [(element, tuple(re.findall(r"`([^`]+)`", names)), diagram) for element, names, diagram in found]


ROWS = rows()


def holds(root: etree._Element, element: str, names: tuple[str, ...]) -> bool:
    """Whether a diagram has the element with all that the line names."""
    tag = "startEvent" if element == "eventStart" else element
    return any(
        all(_has(each, name) for name in names)
        for each in root.iter(f"{{{BPMN}}}{tag}")
        if element != "eventStart" or each.getparent().get("triggeredByEvent") == "true"
    )


def _has(element: etree._Element, name: str) -> bool:
    if name.startswith("cf:"):
        return element.get(f"{{{CF}}}{name[3:]}") is not None
    inside = element.iter(f"{{{BPMN}}}{name}")
    own = any(each.get(name) is not None for each in element.iter())
    attached = any(
        other.get("attachedToRef") == element.get("id") and next(other.iter(f"{{{BPMN}}}{name}"), None) is not None
        for other in element.getparent()
    )
    leaving = any(
        flow.get("sourceRef") == element.get("id") and next(flow.iter(f"{{{BPMN}}}{name}"), None) is not None
        for flow in element.getparent()
    )
    return own or attached or leaving or next(inside, None) is not None


@pytest.mark.parametrize(("element", "names", "diagram"), ROWS)
def test_every_line_is_proven_by_its_diagram(element, names, diagram):
    root = etree.parse(DIAGRAMS / f"{diagram}.bpmn").getroot()
    assert holds(root, element, names)


def test_every_diagram_has_a_test_of_its_name():
    tests = "".join(path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))
    for path in DIAGRAMS.glob("*.bpmn"):
        named = f"def test_{path.stem}(" in tests or f'"{path.stem}"' in tests
        assert named, path.stem


def test_every_element_and_attribute_has_a_line():
    documented = {(element, name) for element, names, _ in ROWS for name in names or ("",)}
    wanted = {(node, "") for node in NODES}
    wanted |= {(node, f"cf:{name}") for node, names in NODES.items() for name in names - SAID}
    wanted |= {
        (element, f"cf:{name}")
        for element in ("process", "multiInstanceLoopCharacteristics")
        for name in OTHERS[element] - SAID
    }
    wanted |= {
        (place, f"{kind}EventDefinition")
        for place, kinds in EVENTS.items()
        for kind in kinds
        if kind != "none" and place != "subProcess"
    }
    assert wanted <= documented
    assert {element for element, _, _ in ROWS} >= LOOPS


def test_every_refused_element_has_a_line_that_says_what_to_use_instead():
    for name, (zh, en) in INSTEAD.items():
        assert f"| `{name}` | {zh} | {en} |" in TEXT


def test_the_limits_are_those_of_the_code():
    for limit in (MAX_NODES, MAX_NESTING, MAX_STEP, MAX_ITEMS):
        assert re.search(rf"(?<!\d){limit}(?!\d)", TEXT), limit
        assert f"{limit:,}" in TEXT
