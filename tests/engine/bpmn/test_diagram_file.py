"""Reading: what is accepted is all there, what is not is refused by name, line and what to use instead."""

import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from engine.bpmn import Definition, Input, advance, read_diagram
from engine.bpmn.read.profile import INSTEAD, MAX_NESTING, MAX_NODES
from engine.bpmn.read.sentences import SENTENCES
from engine.errors import Refused

REFUSED = Path(__file__).parents[2] / "diagrams" / "refused"

BAD = {
    "bpmn-process.no_process": "definitions",
    "bpmn-process.two_processes": "definitions",
    "bpmn-key.other_key": "another",
    "bpmn-id.twice": "task",
    "bpmn-id-form.no_id": "userTask",
    "bpmn-id-form.a_path": "../task",
    "bpmn-id-form.flow_without_id": "sequenceFlow",
    "bpmn-element.task": "task",
    "bpmn-element.complexGateway": "task",
    "bpmn-element.transaction": "task",
    "bpmn-element.adHocSubProcess": "task",
    "bpmn-element.compensateEventDefinition": "compensateEventDefinition",
    "bpmn-element.cancelEventDefinition": "cancelEventDefinition",
    "bpmn-element.conditionalEventDefinition": "conditionalEventDefinition",
    "bpmn-element.linkEventDefinition": "linkEventDefinition",
    "bpmn-element.dataStoreReference": "stock",
    "bpmn-element.ioSpecification": "ioSpecification",
    "bpmn-element.potentialOwner": "potentialOwner",
    "bpmn-element.loopDataInputRef": "loopDataInputRef",
    "bpmn-element.of_our_namespace": "due",
    "bpmn-element.choreography": "other",
    "bpmn-attribute.misspelt": "task",
    "bpmn-attribute.handler_on_a_person": "task",
    "bpmn-attribute.compensation": "task",
    "bpmn-attribute.start_quantity": "task",
    "bpmn-attribute.unknown": "task",
    "bpmn-attribute.due_on_a_gateway": "task",
    "bpmn-attribute.script_in_python": "task",
    "bpmn-attribute.instantiating_gateway": "task",
    "bpmn-attribute.key_of_a_timer": "task",
    "bpmn-attribute.input_of_a_catch": "task",
    "bpmn-attribute.result_of_a_start": "start",
    "bpmn-value.priority": "task",
    "bpmn-value.due": "task",
    "bpmn-value.input": "task",
    "bpmn-value.retries": "task",
    "bpmn-value.title": "refused",
    "bpmn-value.timer_in_python": "task",
    "bpmn-value.cycle": "late",
    "bpmn-missing.handler": "task",
    "bpmn-missing.script": "task",
    "bpmn-missing.script_result": "task",
    "bpmn-missing.decision": "task",
    "bpmn-missing.decision_result": "task",
    "bpmn-missing.called": "task",
    "bpmn-missing.loop_condition": "task",
    "bpmn-missing.output_element": "task",
    "bpmn-missing.output_collection": "task",
    "bpmn-missing.collection_of_items": "task",
    "bpmn-missing.key_of_a_message": "task",
    "bpmn-either.both": "task",
    "bpmn-either.neither": "task",
    "bpmn-reference.flow": "start_to_nowhere",
    "bpmn-reference.message": "task",
    "bpmn-reference.signal_of_another_kind": "task",
    "bpmn-reference.default": "task",
    "bpmn-reference.not_same_as": "task",
    "bpmn-reference.attached": "late",
    "bpmn-flow-crosses.into_a_sub_process": "start_to_inner",
    "bpmn-flow-leaves.an_end": "end_to_task",
    "bpmn-flow-enters.a_start": "task_to_start",
    "bpmn-flow-missing.a_dead_end": "task",
    "bpmn-start.none": "refused",
    "bpmn-start.in_a_sub_process": "trip",
    "bpmn-starts.two": "again",
    "bpmn-end.none": "refused",
    "bpmn-unreachable.a_lost_task": "lost",
    "bpmn-lane.no_lane": "task",
    "bpmn-default-condition.conditional": "how_to_b",
    "bpmn-condition-place.parallel": "split_to_a",
    "bpmn-condition-only.alone": "task_to_end",
    "bpmn-condition-missing.exclusive": "how_to_b",
    "bpmn-condition-missing.beside_a_default": "task_to_b",
    "bpmn-event-count.two": "task",
    "bpmn-event-kind.none_catch": "task",
    "bpmn-start-reads.a_variable": "start",
    "bpmn-event-kind.error_thrown_on_the_way": "task",
    "bpmn-event-kind.terminate_boundary": "late",
    "bpmn-event-kind.message_into_a_sub_process": "trip_start",
    "bpmn-event-never.error_of_a_person": "broken",
    "bpmn-error-interrupts.boundary": "broken",
    "bpmn-cycle-interrupts.boundary": "late",
    "bpmn-cycle-interrupts.catch": "task",
    "bpmn-event-gateway.a_task_behind": "task",
    "bpmn-escalation.uncaught": "thrown",
    "bpmn-timer.empty": "task",
    "bpmn-loop.event_sub_process": "handling",
    "feel-name.python_not": "how_to_a",
    "feel.python_equals": "how_to_a",
    "feel.python_index": "how_to_a",
    "feel.due": "task",
    "feel.title": "refused",
    "feel-name.script": "task",
    "feel.completion": "task",
    "bpmn-value.loop_maximum": "standardLoopCharacteristics",
    "bpmn-attribute.condition_in_another_language": "conditionExpression",
    "bpmn-attribute.key_on_a_message": "paid",
    "bpmn-value.language_of_the_file": "definitions",
    "bpmn-element.in_a_flow": "due",
    "bpmn-value.priority_out_of_bounds": "task",
    "bpmn-value.flag": "late",
    "bpmn-value.loop_maximum_beyond_reason": "standardLoopCharacteristics",
    "bpmn-missing.name_of_a_message": "paid",
}
"""Fixture, named by the rule it breaks -> the element to blame."""

BUILT = {"bpmn-nodes", "bpmn-nesting"}
"""Limits, whose fixtures would be too long to keep as files."""


def problems(data: bytes, key: str = "refused") -> list:
    with pytest.raises(Refused) as caught:
        read_diagram(data, f"processes/{key}.bpmn", key)
    return caught.value.problems


@pytest.mark.parametrize("name", BAD)
def test_it_refuses(name):
    text = (REFUSED / f"{name}.bpmn").read_text()
    (problem,) = problems(text.encode())
    assert (problem.rule, problem.where) == (name.split(".")[0], BAD[name])
    assert problem.file == "processes/refused.bpmn"
    line = text.splitlines()[problem.line - 1]
    assert f'id="{BAD[name]}"' in line or f":{BAD[name]}" in line
    assert re.search("[\u4e00-\u9fff]", problem.zh)
    assert not re.search("[\u4e00-\u9fff]", re.sub("“[^”]*”", "", problem.en))


def test_every_reason_is_proven_by_a_fixture():
    assert {name.split(".")[0] for name in BAD} | BUILT == set(SENTENCES)
    assert set(BAD) == {path.stem for path in REFUSED.glob("*.bpmn")}


@pytest.mark.parametrize("name", [name for name in BAD if name.split(".")[1] in INSTEAD])
def test_a_refused_element_comes_with_what_to_use_instead(name):
    (problem,) = problems((REFUSED / f"{name}.bpmn").read_bytes())
    zh, en = INSTEAD[name.split(".")[1]]
    assert zh in problem.zh
    assert en in problem.en


def test_all_problems_are_named_at_once_in_the_order_of_their_lines():
    found = problems(diagram('<bpmn:task id="a"/>\n<bpmn:complexGateway id="b"/>\n<bpmn:userTask id="c" cf:do="x"/>'))
    assert [problem.where for problem in found] == ["a", "b", "c"]
    assert [problem.line for problem in found] == [3, 4, 5]


def test_foreign_extensions_are_left_alone():
    text = """<bpmn:startEvent id="start"/><bpmn:serviceTask id="task" cf:handler="h" camunda:asyncBefore="true">
        <bpmn:extensionElements><camunda:properties/></bpmn:extensionElements></bpmn:serviceTask>
        <bpmn:endEvent id="end"/><bpmn:sequenceFlow id="a" sourceRef="start" targetRef="task"/>
        <bpmn:sequenceFlow id="b" sourceRef="task" targetRef="end"/>"""
    assert read_diagram(diagram(text), "f", "refused").nodes["task"].handler == "h"


def test_a_doctype_is_refused():
    (problem,) = problems(b"<!DOCTYPE x>" + diagram(""))
    assert problem.rule == "xml-doctype"


def test_ten_thousand_nested_elements_are_refused():
    text = '<bpmn:subProcess id="s">' * 10_000
    assert problems(diagram(text + "</bpmn:subProcess>" * 10_000))[0].rule == "xml-depth"


def test_sub_processes_nest_to_a_limit():
    depth = MAX_NESTING + 1
    text = "".join(f'<bpmn:subProcess id="s{n}">' for n in range(depth)) + "</bpmn:subProcess>" * depth
    (problem,) = problems(diagram(text))
    assert (problem.rule, problem.where) == ("bpmn-nesting", f"s{depth - 1}")
    assert str(MAX_NESTING) in problem.en


def chain(length: int) -> bytes:
    """A process of so many milestones in a row."""
    names = ["start", *(f"n{n}" for n in range(length)), "end"]
    nodes = "".join(f'<bpmn:intermediateThrowEvent id="{name}"/>' for name in names[1:-1])
    flows = "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(names))
    return diagram(f'<bpmn:startEvent id="start"/>{nodes}<bpmn:endEvent id="end"/>{flows}')


def test_a_long_chain_is_read_and_carried_out():
    given = Definition("refused", {"processes/refused.bpmn": chain(1_900)})
    state, effects = advance(given, None, Input("start", datetime(2026, 1, 1, tzinfo=UTC)))
    assert state.status == "completed"
    assert len(effects["path"]) == 2 * 1_900 + 3


def test_a_diagram_has_a_limit_of_nodes():
    (problem,) = problems(chain(MAX_NODES))
    assert (problem.rule, str(MAX_NODES) in problem.en) == ("bpmn-nodes", True)


def test_the_price_approval_is_read_with_all_that_is_ours():
    path = Path(__file__).parents[3] / "processes" / "price_approval.bpmn"
    read = read_diagram(path.read_bytes(), "processes/price_approval.bpmn", "price_approval")
    assert (read.prefix, read.name, read.start_event().id) == ("PA", "服务价格审批", "apply")
    costing = read.nodes["finance_costing"]
    assert (costing.type, costing.lane, costing.not_same_as) == ("userTask", "finance", ("draft_price",))
    assert "bk-12" in costing.clauses
    assert read.nodes["manager_decision"].form == "decision"
    assert all(node.name_en for node in read.nodes.values() if node.name)


def diagram(inside: str) -> bytes:
    return f"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:cf="urn:clauseflow:bpmn:1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
<bpmn:process id="refused">{inside}</bpmn:process></bpmn:definitions>""".encode()
