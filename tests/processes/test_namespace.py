"""The namespace's page, its descriptor for bpmn-js and what the engine takes say the same."""

from __future__ import annotations

import json
import re

from engine.bpmn.read.profile import CF, NODES, OTHERS
from tests.processes.drawing import ROOT

Takes = set[tuple[str, str]]
"""Pairs of an element's local name and an attribute it takes."""

CARRIED_OUT: Takes = {(element, name) for element, names in {**NODES, **OTHERS}.items() for name in names}
ROW = re.compile(r"\| `cf:(\w+)` \| ([A-Za-z ]+) \|")


def expanded(types: list[str]) -> list[str]:
    """Type names as the page and the descriptor write them -> local names of elements."""
    groups = {"FlowNode": list(NODES), "Event": [node for node in NODES if node.endswith("Event")]}
    return [element for kind in types for element in groups.get(kind, [kind[0].lower() + kind[1:]])]


def test_the_page_lists_what_the_engine_takes() -> None:
    page = (ROOT / "docs" / "bpmn-namespace.md").read_text("utf-8")
    said: Takes = {(element, name) for name, types in ROW.findall(page) for element in expanded(types.split())}
    assert said == CARRIED_OUT
    assert CF in page


def test_the_descriptor_lists_what_the_engine_takes() -> None:
    descriptor = json.loads((ROOT / "web" / "shared" / "assets" / "clauseflow-moddle.json").read_text("utf-8"))
    said: Takes = {
        (element, attribute["name"])
        for kind in descriptor["types"]
        for element in expanded([name.removeprefix("bpmn:") for name in kind["extends"]])
        for attribute in kind["properties"]
    }
    assert said == CARRIED_OUT
    assert descriptor["uri"] == CF


def test_every_descriptor_property_is_an_attribute_of_text() -> None:
    descriptor = json.loads((ROOT / "web" / "shared" / "assets" / "clauseflow-moddle.json").read_text("utf-8"))
    properties = [attribute for kind in descriptor["types"] for attribute in kind["properties"]]
    assert {(found["isAttr"], found["type"]) for found in properties} == {(True, "String")}
