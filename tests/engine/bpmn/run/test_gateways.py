"""Gateways: joins count the tokens of their own round and scope, whatever the order."""

from decimal import Decimal
from itertools import permutations

import pytest

from engine.bpmn.errors import ExpressionFailed, NoFlow, StepLimit

SIGNS = ("sign_a", "sign_b", "sign_c")


@pytest.mark.parametrize(("amount", "task"), [(1001, "big"), (1000, "middle"), (100, "small")])
def test_an_exclusive_gateway_takes_the_first_true_flow_else_the_default(case, amount, task):
    assert case.start(amount=Decimal(amount)).open == [task]


def test_an_exclusive_gateway_without_a_match_refuses_the_step(case):
    case.start(amount=Decimal(50))
    with pytest.raises(NoFlow, match="how"):
        case.do("ask")
    assert case.open == ["ask"]


def test_a_condition_that_is_neither_true_nor_false_refuses_the_step(case):
    case.start()
    with pytest.raises(ExpressionFailed, match=r"how_to_big.*must be true or false"):
        case.do("ask")
    assert case.do("ask", amount=Decimal(5)).status == "completed"


@pytest.mark.parametrize("first", list(permutations(SIGNS)))
def test_a_parallel_join_in_a_loop_counts_its_own_round(case, first):
    case.start(again=True)
    for order in (first, *permutations(SIGNS)):
        case.do("prepare")
        assert case.open == sorted(SIGNS)
        for task in order[:2]:
            case.do(task)
            assert case.path == [task]
        case.do(order[2])
        assert case.path == [order[2], "join", "good"]
    case.do("prepare", again=False)
    for task in SIGNS:
        case.do(task)
    assert case.status == "completed"


@pytest.mark.parametrize("chosen", ["a", "ab", "bc", "abc"])
def test_an_inclusive_join_in_a_loop_waits_for_every_token_of_its_round(case, chosen):
    case.start(again=True, **{name: name in chosen for name in "abc"})
    tasks = [f"sign_{name}" for name in chosen]
    for order in permutations(tasks):
        case.do("prepare")
        assert case.open == tasks
        for task in order:
            assert "good" not in case.path
            case.do(task)
        assert case.path == [order[-1], "join", "good"]
    assert case.open == ["prepare"]


def test_an_inclusive_gateway_takes_its_default_when_nothing_is_true(case):
    assert case.start(a=False).open == ["other"]


def test_an_inclusive_join_waits_while_a_token_may_still_come_by_a_detour(case):
    case.start(aside=True).do("quick")
    case.do("slow")
    assert case.open == ["aside"]
    case.do("aside").do("slow", aside=False)
    assert case.open == ["after"]
    assert case.tokens == ["after"]


@pytest.mark.parametrize("order", [("a", "c", "b"), ("c", "b", "a"), ("b", "a", "c"), ("c", "a", "b")])
def test_an_inclusive_join_waits_for_what_boundary_events_may_send(case, order):
    case.start().fire("event")
    for task in order[:2]:
        case.do(task)
        assert "join" not in case.path
    case.do(order[2])
    assert (case.open, case.tokens) == (["after"], ["after"])


def test_several_flows_out_of_a_task_are_all_taken(case):
    assert case.start().do("report").open == ["copy", "file"]


@pytest.mark.parametrize(("copies", "tasks"), [(0, ["file"]), (2, ["copy"])])
def test_conditional_flows_out_of_a_task_leave_its_default_alone(case, copies, tasks):
    assert case.start().do("report", copies=Decimal(copies)).open == tasks


def test_an_uncontrolled_merge_lets_every_token_pass(case):
    case.start().do("left")
    assert case.open == ["after", "right"]
    case.do("right")
    assert case.open == ["after", "after"]
    case.do("after")
    assert case.status == "active"
    case.do("after")
    assert case.status == "completed"


@pytest.mark.parametrize(
    ("event", "answer", "task"),
    [("by_message", "message", "ship"), ("by_time", "fire", "remind"), ("by_signal", "signal", "stop")],
)
def test_the_first_event_behind_an_event_based_gateway_wins(case, event, answer, task):
    case.start(order_no="A-7")
    assert (case.open, case.tokens) == (["by_message", "by_signal", "by_time"], ["first"])
    getattr(case, answer)(event)
    assert (case.path, case.open) == (["first", event], [task])
    assert case.closed == dict.fromkeys(("by_message", "by_signal", "by_time"), "not_needed") | {event: "completed"}


def test_an_endless_automatic_loop_is_stopped(case):
    case.start()
    with pytest.raises(StepLimit, match="10000"):
        case.do("ask")
    assert case.open == ["ask"]
