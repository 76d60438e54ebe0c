"""Facts that hold for every process we ship."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.processes.drawing import ROOT, Drawing, ours

COMPLETED_BY_PEOPLE = ("userTask", "manualTask", "startEvent")
NAMED = ("participant", "process", "lane", "sequenceFlow")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def clauses_of(element: Any) -> list[str]:
    return ours(element, "clauses").split()


def test_the_process_is_named_like_its_file(drawing: Drawing) -> None:
    assert drawing.process.get("id") == drawing.key
    assert drawing.process.get("isExecutable") == "true"
    assert re.fullmatch(r"[A-Z]{2,4}", ours(drawing.process, "prefix"))
    assert ours(drawing.process, "title").startswith("=")


def test_ids_say_what_happens(drawing: Drawing) -> None:
    ids = [*drawing.nodes, *drawing.flows, *(lane.get("id") for lane in drawing.all("lane"))]
    assert [found for found in ids if not SNAKE.fullmatch(found)] == []
    assert len(set(ids)) == len(ids)


def test_whatever_has_a_name_has_an_english_one(drawing: Drawing) -> None:
    named = [*drawing.nodes.values(), *drawing.all(*NAMED)]
    assert all(element.get("name") for element in drawing.nodes.values())
    wanting = [e.get("id") for e in named if e.get("name") and not ours(e, "nameEn")]
    chinese = [e.get("id") for e in named if CHINESE.search(ours(e, "nameEn"))]
    assert (wanting, chinese) == ([], [])


def test_whatever_is_documented_is_documented_in_english(drawing: Drawing) -> None:
    said = list(drawing.all("documentation"))
    assert drawing.process in [text.getparent() for text in said]
    assert [text.text for text in said if not ours(text.getparent(), "documentationEn")] == []
    assert [note.get("id") for note in drawing.all("textAnnotation") if not ours(note, "textEn")] == []


def test_every_node_cites_its_clauses(drawing: Drawing) -> None:
    assert [node for node, element in drawing.nodes.items() if not clauses_of(element)] == []


def test_every_node_stands_in_exactly_one_lane(drawing: Drawing) -> None:
    placed = [reference.text for reference in drawing.all("flowNodeRef")]
    top_level = [node for node, element in drawing.nodes.items() if element.getparent() is drawing.process]
    assert sorted(placed) == sorted(top_level)


def test_a_called_case_takes_the_priority_of_its_caller(drawing: Drawing) -> None:
    prioritised = {
        path.stem for path in (ROOT / "processes").glob("*.bpmn") if "cf:priority" in path.read_text("utf-8")
    }
    calls = [call for call in drawing.all("callActivity") if call.get("calledElement") in prioritised]
    assert [call.get("id") for call in calls if "priority_level: priority" not in ours(call, "input")] == []
    tasks = {ours(task, "priority") for task in drawing.all("userTask", "manualTask")}
    assert drawing.key not in prioritised or len(tasks) == 1


def test_every_exclusive_gateway_that_chooses_has_a_default_flow(drawing: Drawing) -> None:
    for gateway in drawing.all("exclusiveGateway"):
        leaving = [flow for flow in drawing.flows.values() if flow.get("sourceRef") == gateway.get("id")]
        if len(leaving) < 2:
            continue
        without = [
            flow.get("id") for flow in leaving if next(flow.iterchildren("{*}conditionExpression"), None) is None
        ]
        assert without == [gateway.get("default")]
        assert all(flow.get("name") for flow in leaving)


def test_every_user_task_has_a_form_and_every_form_a_node(drawing: Drawing) -> None:
    asked = {node: ours(element, "form") or node for node, element in drawing.nodes.items()}
    wanted = {asked[element.get("id", "")] for element in drawing.all("userTask")}
    forms = set(drawing.forms())
    assert wanted <= forms
    assert forms <= set(asked.values())


def test_four_eyes_name_nodes_that_people_complete(drawing: Drawing) -> None:
    people = {node for node, element in drawing.nodes.items() if element.tag.split("}")[1] in COMPLETED_BY_PEOPLE}
    for node, element in drawing.nodes.items():
        named = ours(element, "notSameAs").split()
        assert set(named) <= people - {node}, node


def test_every_cited_clause_exists(drawing: Drawing) -> None:
    known = {
        clause["id"]
        for path in (ROOT / "regulations").glob("*.yaml")
        for clause in yaml.safe_load(path.read_text("utf-8"))["clauses"]
    }
    elements = [drawing.process, *drawing.nodes.values(), *drawing.flows.values()]
    assert {clause for element in elements for clause in clauses_of(element)} <= known
