"""Repairs: each ends the difference of its own trap, alone, and no other repair does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.second_opinion import Repair, compare, second_opinion
from tests.engine.second_opinion.engines import drawn
from tests.engine.second_opinion.taping import TapedCase


def joins() -> TapedCase:
    case = TapedCase("an_inclusive_join_in_a_loop_waits_for_every_token_of_its_round")
    case.start(again=True, a=True, b=True, c=True)
    for task in ("prepare", "sign_a", "sign_b", "sign_c", "prepare", "sign_a"):
        case.do(task)
    return case


def variables() -> TapedCase:
    case = TapedCase("a_parallel_join_in_a_loop_counts_its_own_round").start(again=False)
    return case.do("prepare").do("sign_a", again=True).do("sign_b").do("sign_c")


def event_sub_processes() -> TapedCase:
    return TapedCase("an_interrupting_message_event_sub_process_takes_over").start(order_no="A-7").happen("happened")


def prediction() -> TapedCase:
    catch = '<intermediateCatchEvent id="{}"><signalEventDefinition signalRef="signal"/></intermediateCatchEvent>'
    content = (
        f'<startEvent id="start"/><parallelGateway id="split"/>{catch.format("noon")}{catch.format("night")}'
        '<userTask id="work"/><endEvent id="end"/>'
    )
    return (
        TapedCase(drawn(content, "start > split > noon > night > noon", "split > work > end"))
        .start()
        .happen("noon")
        .happen("night")
    )


def results() -> TapedCase:
    content = (
        '<startEvent id="start"/><exclusiveGateway id="round"/><userTask id="sign"><multiInstanceLoopCharacteristics '
        'cf:collection="=[1]" cf:item="person" cf:outputCollection="signed" cf:outputElement="=person"/></userTask>'
        '<exclusiveGateway id="good" default="good_to_end"/><endEvent id="end"/>'
        '<sequenceFlow id="back" sourceRef="good" targetRef="round"><conditionExpression>again</conditionExpression>'
        "</sequenceFlow>"
    )
    return TapedCase(drawn(content, "start > round > sign > good > end")).start(again=True).do("sign").do("sign")


TRAPS: dict[Repair, Callable[[], TapedCase]] = {
    Repair.JOINS: joins,
    Repair.VARIABLES: variables,
    Repair.EVENT_SUB_PROCESSES: event_sub_processes,
    Repair.PREDICTION: prediction,
    Repair.RESULTS: results,
}


@pytest.mark.parametrize("repair", Repair)
def test_a_repair_ends_the_difference_of_its_trap_and_no_other_does(repair: Repair) -> None:
    case = TRAPS[repair]()
    others = [each for each in Repair if each is not repair]

    assert second_opinion(case.definitions, case.tape).traps == (repair.value,)
    assert compare(case.definitions, case.tape, others) is not None
