"""Tasks: each fact has its diagram in tests/diagrams, named like the test."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.bpmn import Definition, Input, advance
from engine.bpmn.errors import ExpressionFailed, FourEyes, UnknownInput, WaitGone

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_a_user_task_opens_with_its_lane_person_priority_and_deadline(case):
    case.start(engineer="wang", urgent=True)
    wait = case.wait("visit")
    assert (wait.kind, wait.lane, wait.assignee, wait.priority) == ("task", "clerk", "wang", 5)
    assert wait.due == case.now + timedelta(days=2)
    assert case.effects["opened"] == [wait.to_value()]


def test_an_assignee_that_is_no_person_refuses_the_step(walk):
    case = walk("a_user_task_opens_with_its_lane_person_priority_and_deadline")
    with pytest.raises(ExpressionFailed, match=r"cf:assignee of “visit”"):
        case.start(engineer=Decimal(3), urgent=False)


def test_literal_attributes_of_a_user_task_are_taken_as_they_stand(case):
    wait = case.start().wait("visit")
    assert (wait.assignee, wait.priority, wait.due) == ("lin", 3, case.now + timedelta(days=1))


def test_a_manual_task_waits_to_be_confirmed(case):
    case.start()
    assert case.wait("call").kind == "task"
    case.do("call")
    assert (case.status, case.path) == ("completed", ["call", "end"])


def test_a_manual_task_takes_what_a_user_task_takes(case):
    case.start(engineer="wang").do("draft", actor="lin")
    wait = case.wait("call")
    assert (wait.assignee, wait.priority, wait.due) == ("wang", 7, case.now + timedelta(hours=4))
    with pytest.raises(FourEyes):
        case.do("call", actor="lin")
    case.do("call", actor="wang", reached=True)
    assert case.variables["told"] == {"reached": True}


def test_forms_have_the_name_of_their_node_or_their_own(case):
    nodes = case.definition.diagram.nodes
    assert {name: node.form for name, node in nodes.items()} == {
        "start": "request", "visit": "report", "check": None, "end": None,
    }  # fmt: skip


def test_a_task_is_completed_once(walk):
    case = walk("a_manual_task_waits_to_be_confirmed").start()
    wait = case.wait("call")
    case.do("call")
    with pytest.raises(WaitGone, match="0-0"):
        case.take("complete", wait)


def test_values_go_under_one_name_with_a_result(case):
    case.start().do("visit", arrived=True, hours=Decimal("2.5"))
    assert case.variables == {"report": {"arrived": True, "hours": Decimal("2.5")}}
    assert "set" not in case.effects


def test_a_job_waits_for_its_handler_and_writes_what_it_brings(case):
    case.start(kilograms=Decimal(12))
    wait = case.wait("book")
    assert wait.kind == "job"
    assert wait.details == {"handler": "courier", "retries": 3, "input": {"weight": Decimal(12)}}
    assert wait.due == case.now + timedelta(hours=4)
    case.job("book", tracking="SF1")
    assert case.variables == {"kilograms": Decimal(12), "tracking": "SF1"}
    assert case.status == "completed"


def test_a_job_may_keep_its_result_together(case):
    case.start(customer="东方厂").job("book", tracking="SF1")
    assert case.variables["parcel"] == {"tracking": "SF1"}
    wait = case.wait("mail")
    assert wait.details == {"handler": "mail", "retries": 2, "input": {"to": "东方厂"}}
    assert wait.due == case.now + timedelta(hours=1)


def test_a_person_cannot_answer_a_job(walk):
    case = walk("a_send_task_is_a_job").start()
    with pytest.raises(WaitGone):
        case.take("complete", case.wait("mail"))


def test_a_send_task_is_a_job(case):
    case.start()
    assert case.wait("mail").details["handler"] == "mail"
    case.job("mail", id="m-1")
    assert case.variables == {"receipt": {"id": "m-1"}}


def test_a_failed_job_without_a_catcher_is_an_incident_until_retried(case):
    case.start()
    wait = case.wait("book")
    with pytest.raises(UnknownInput):
        case.take("retry", wait)
    case.fail("book", error="BROKEN", message="no courier")
    assert case.wait("book").details["incident"] == {"error": "BROKEN", "message": "no courier"}
    assert case.wait("book").id == wait.id
    assert case.effects == {"tokens": [["book", "", 1]]}
    case.take("retry", case.wait("book"), {"input": {"n": 2}})
    assert case.wait("book").details == {"handler": "courier", "input": {"n": Decimal(2)}}
    case.job("book")
    assert case.status == "completed"


def test_a_failed_job_goes_the_way_of_its_error_boundary(case):
    case.start().fail("book", error="BROKEN")
    assert case.closed == {"book": "failed"}
    assert (case.path, case.open) == (["on_broken"], ["repair"])
    assert case.variables == {}
    case.do("repair")
    assert case.path == ["repair", "end_broken"]


def test_an_error_of_another_code_leaves_an_incident(walk):
    case = walk("a_failed_job_goes_the_way_of_its_error_boundary").start().fail("book", error="LOST")
    assert case.open == ["book"]
    assert case.wait("book").details["incident"] == {"error": "LOST"}


@pytest.mark.parametrize(("code", "end"), [("BROKEN", "end_broken"), ("LOST", "end_any")])
def test_the_boundary_of_the_exact_code_comes_before_the_one_for_all(case, code, end):
    case.start().fail("book", error=code)
    assert case.path[-1] == end


def test_a_receive_task_waits_for_its_message(case):
    case.start(order_no="A-7")
    wait = case.wait("wait")
    assert (wait.kind, wait.details) == ("message", {"name": "payment received", "key": "A-7"})
    assert wait.due == case.now + timedelta(days=2)
    case.message("wait", amount=Decimal(80))
    assert case.variables["amount"] == 80
    assert case.closed == {"wait": "completed", "too_late": "not_needed"}
    assert case.status == "completed"


def test_a_script_task_computes_a_variable(case):
    case.start(labour=Decimal("120.5"), parts=Decimal(80))
    assert case.variables["total"] == Decimal("200.5")
    assert case.effects["set"] == [{"scope": "", "name": "total", "value": Decimal("200.5")}]


@pytest.mark.parametrize(("damage", "severity"), [("9999.99", "minor"), ("10000", "severe")])
def test_a_rule_task_decides_and_keeps_the_trace(case, damage, severity):
    case.start(damage=Decimal(damage))
    assert case.variables["severity"] == severity
    (decision,) = case.effects["decisions"]
    assert (decision["node"], decision["decision"]) == ("classify", "severity")
    assert decision["trace"]


def test_a_decision_without_an_answer_refuses_the_step(walk):
    with pytest.raises(ExpressionFailed, match=r"cf:decision of “classify”"):
        walk("a_rule_task_decides_and_keeps_the_trace").start(damage="much")


def test_a_decision_that_is_not_there_refuses_the_step(walk):
    given = walk("a_rule_task_decides_and_keeps_the_trace").definition
    bpmn = given.bpmn.replace(b'cf:decision="severity"', b'cf:decision="weather"')
    for files in ({given.bpmn_path: given.bpmn}, dict(given.files) | {given.bpmn_path: bpmn}):
        with pytest.raises(ExpressionFailed, match="cf:decision of “classify”"):
            advance(Definition(given.key, files), None, Input("start", NOW, values={"damage": 1}))


def test_an_input_that_is_no_context_refuses_the_step(walk):
    given = walk("a_job_waits_for_its_handler_and_writes_what_it_brings").definition
    files = {given.bpmn_path: given.bpmn.replace(b"={weight: kilograms}", b"=kilograms")}
    with pytest.raises(ExpressionFailed, match="a context is expected, not 12"):
        advance(Definition(given.key, files), None, Input("start", NOW, values={"kilograms": 12}))


@pytest.mark.parametrize("text", ["urgent", "1001", "1.5"])
def test_a_priority_is_a_whole_number_within_bounds(walk, text):
    given = walk("a_user_task_opens_with_its_lane_person_priority_and_deadline").definition
    files = {given.bpmn_path: given.bpmn.replace(b"=if urgent then 5 else 0", f"={text}".encode())}
    with pytest.raises(ExpressionFailed, match="cf:priority of “visit”"):
        advance(Definition(given.key, files), None, Input("start", NOW))


def test_a_call_activity_asks_for_a_child_and_goes_on_with_its_end(case):
    case.start(product="pump", secret=True)
    assert case.wait("price").details == {"process": "price_approval"}
    assert case.wait("price").due == case.now + timedelta(days=3)
    assert case.effects["children"] == [{"wait": [0, 0], "process": "price_approval", "values": {"product": "pump"}}]
    case.child("price", final_price=Decimal(980))
    assert case.variables["agreed"] == {"final_price": Decimal(980)}
    assert case.open == ["check"]


def test_a_call_activity_gives_all_visible_variables_by_default(case):
    case.start(product="pump")
    assert case.effects["children"][0]["values"] == {"product": "pump"}


def test_a_child_that_ended_badly_goes_the_way_of_the_error_boundary(case):
    case.start().child("price", error="REFUSED")
    assert (case.closed, case.open) == ({"price": "failed"}, ["talk"])


def test_a_child_that_ended_badly_without_a_boundary_is_an_incident(walk):
    case = walk("a_call_activity_gives_all_visible_variables_by_default").start().child("price", error="REFUSED")
    assert case.wait("price").details["incident"] == {"error": "REFUSED"}


def test_a_failed_call_is_retried_in_its_wait(walk):
    case = walk("a_call_activity_gives_all_visible_variables_by_default").start(n=Decimal(1))
    wait = case.wait("price")
    case.child("price", error="REFUSED").take("retry", case.wait("price"))
    assert case.wait("price") == wait


def test_who_drafted_may_not_approve(case):
    case.start(actor="qian").do("draft", actor="lin")
    wait = case.wait("approve")
    for person in ("lin", "qian"):
        with pytest.raises(FourEyes, match=r"approve.*must be completed by somebody else"):
            case.take("complete", wait, actor=person)
    with pytest.raises(FourEyes):
        case.take("complete", wait, actor="zhou", on_behalf_of="lin")
    with pytest.raises(FourEyes):
        case.take("assign", wait, {"to": "lin"}, actor="zhou")
    case.do("approve", actor="zhou")
    assert case.status == "completed"


def test_whom_a_substitute_acted_for_counts_as_having_completed(walk):
    case = walk("who_drafted_may_not_approve").start(actor="qian")
    case.take("complete", case.wait("draft"), actor="zhou", on_behalf_of="lin")
    assert case.state.completed_by["draft"] == ["zhou", "lin"]
    for person in ("zhou", "lin"):
        with pytest.raises(FourEyes):
            case.take("complete", case.wait("approve"), actor=person)


def test_a_title_follows_the_variables(case):
    case.start(customer="东方厂", product="泵")
    assert (case.state.title, case.effects["title"]) == ("东方厂 · 泵", "东方厂 · 泵")
    case.do("name", product="阀")
    assert case.state.title == "东方厂 · 阀"
