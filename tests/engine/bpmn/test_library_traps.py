"""Traps that are no matter of one diagram on two engines: the library alone is expected to fail; beside it, what we do.

Numbers are those of docs/spiffworkflow.md.
"""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser
from SpiffWorkflow.exceptions import WorkflowException

from engine.bpmn.errors import WaitGone
from tests.engine.bpmn.walking import DIAGRAMS
from tests.engine.second_opinion.engines import Stock, document, fails, flows


@fails(6, pytest.fail.Exception)
def test_a_finished_task_cannot_be_run_again() -> None:
    workflow = stock('<startEvent id="start"/><userTask id="work"/><endEvent id="end"/>', "start > work > end")
    task = workflow.get_next_task(spec_name="work")
    task.run()

    with pytest.raises(WorkflowException):
        task.run()


@fails(7, NameError)
def test_a_failing_service_says_what_failed() -> None:
    with pytest.raises(WorkflowTaskException):
        PythonScriptEngine().call_service(SimpleNamespace(data={}))


@fails(8)
def test_a_task_cancelled_by_a_boundary_event_is_reported() -> None:
    """Whoever runs the engine's steps is told of every task that is done, and of none that was cancelled."""
    told: list[str] = []
    workflow = stock(
        '<startEvent id="start"/><userTask id="work"/><boundaryEvent id="event" attachedToRef="work">'
        '<signalEventDefinition signalRef="signal"/></boundaryEvent><endEvent id="end"/><endEvent id="other"/>',
        "start > work > end",
        "event > other",
    )
    workflow.send_event(BpmnEvent(SignalEventDefinition("s"), payload={}))
    workflow.do_engine_steps(did_complete_task=lambda task: told.append(task.task_spec.name))

    assert {"event", "work"} <= set(told)


@fails(9, pytest.fail.Exception)
def test_a_condition_on_the_only_way_out_is_not_passed_over() -> None:
    text = (DIAGRAMS / "refused" / "bpmn-condition-only.alone.bpmn").read_text("utf-8")
    with pytest.raises(ValidationException):
        parsed(text)


@fails(9, pytest.fail.Exception)
def test_a_node_that_nothing_leads_to_does_not_vanish() -> None:
    text = (DIAGRAMS / "refused" / "bpmn-unreachable.a_lost_task.bpmn").read_text("utf-8")
    with pytest.raises(ValidationException):
        parsed(text)


@fails(9, ValidationException)
def test_a_called_process_need_not_be_there_when_its_caller_is_read() -> None:
    content = '<startEvent id="start"/><callActivity id="call" calledElement="other"/><endEvent id="end"/>'
    parsed(document(content + flows("start > call > end")))


UNIQUE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">
<decision id="rate" name="rate"><decisionTable id="table" hitPolicy="UNIQUE">
<input id="in"><inputExpression id="on" typeRef="number"><text>x</text></inputExpression></input>
<output id="out" name="rate" typeRef="number"/>
<rule id="a"><inputEntry id="i"><text>&gt; 1</text></inputEntry><outputEntry id="o"><text>1</text></outputEntry></rule>
<rule id="b"><inputEntry id="j"><text>&gt; 2</text></inputEntry><outputEntry id="p"><text>2</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@fails(10)
def test_a_unique_table_with_two_matches_gives_nothing() -> None:
    parser = BpmnDmnParser()
    parser.add_dmn_str(UNIQUE)
    [decision] = parser.dmn_parsers.values()
    decision.parse()
    task = SimpleNamespace(data={"x": 3}, workflow=SimpleNamespace(script_engine=PythonScriptEngine()))

    assert not DMNEngine(decision.decision.decisionTables[0]).result(task)


@fails(11, WorkflowTaskException)
def test_the_time_of_a_timer_is_written_as_the_standard_says() -> None:
    workflow = stock(
        '<startEvent id="start"/><intermediateCatchEvent id="later"><timerEventDefinition><timeDuration>P1D'
        '</timeDuration></timerEventDefinition></intermediateCatchEvent><endEvent id="end"/>',
        "start > later > end",
    )
    assert not workflow.completed


@fails(12)
def test_running_changes_nothing_in_the_shared_definition() -> None:
    case = Stock("a_message_event_sub_process_that_does_not_interrupt_happens_again")
    start = case.run.spec.start
    before = deepcopy(start._outputs)
    case.start(order_no="A-7").happen("happened")

    assert start._outputs == before


@fails(13, pytest.fail.Exception)
def test_a_document_type_with_entities_is_refused() -> None:
    text = document('<startEvent id="start"/>').replace('id="p"', 'id="&x;"')
    with pytest.raises(ValidationException):
        parsed(f'<!DOCTYPE definitions [<!ENTITY x "p">]>{text}')


def test_a_wait_of_ours_is_answered_once(walk):
    """Trap 6."""
    case = walk("a_user_task_opens_with_its_lane_person_priority_and_deadline").start(engineer="lin", urgent=True)
    wait = case.wait("visit")
    case.do("visit")
    with pytest.raises(WaitGone):
        case.take("complete", wait)


def test_a_failing_job_of_ours_says_what_failed(walk):
    """Trap 7."""
    case = walk("a_failed_job_without_a_catcher_is_an_incident_until_retried").start().fail("book", message="down")
    assert case.wait("book").details["incident"] == {"message": "down"}


def test_a_cancelled_task_of_ours_is_reported(walk):
    """Trap 8."""
    case = walk("an_interrupting_timer_boundary_cancels_its_task").start().fire("event")
    assert case.closed["work"] == "interrupted"


def test_our_tokens_carry_no_data(walk):
    """Trap 2."""
    case = walk("a_sub_process_keeps_its_data_objects_to_itself").start(seen=False)
    assert all(row[5] == {} for row in case.state.tree["tokens"])


def test_running_changes_nothing_in_a_definition_of_ours(walk):
    """Trap 12."""
    case = walk("a_message_event_sub_process_that_does_not_interrupt_happens_again")
    specs = case.definition.diagram.spec.task_specs
    before = {name: (spec._inputs[:], spec._outputs[:], dict(vars(spec))) for name, spec in specs.items()}
    case.start(order_no="A-7").message("happened").message("happened").do("handle").do("work").do("handle")
    assert case.status == "completed"
    assert {name: (spec._inputs[:], spec._outputs[:], dict(vars(spec))) for name, spec in specs.items()} == before


def parsed(text: str) -> BpmnWorkflow:
    """The only process of a file, read by the library alone and not yet begun."""
    parser = BpmnParser()
    parser.add_bpmn_str(text.encode())
    [key] = parser.get_process_ids()
    return BpmnWorkflow(parser.get_spec(key), parser.get_subprocess_specs(key))


def stock(content: str, *ways: str) -> BpmnWorkflow:
    """A process as the library alone runs it, at its first rest."""
    workflow = parsed(document(content + flows(*ways)))
    workflow.do_engine_steps()
    return workflow
