"""The traps of SpiffWorkflow 3.2.0 on small diagrams: ours passes, stock fails as docs/spiffworkflow.md says.

A release of the library that mends one turns its expected failure red: the trap then goes from here and from there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowDataException
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.exceptions import TaskNotFoundException
from SpiffWorkflow.workflow import Workflow

from engine.second_opinion.places import NotWaiting
from tests.engine.second_opinion.engines import Ours, Stock, drawn, flows, trap

Engine = Callable[[Any], Ours | Stock]
DOCUMENTED = Path(__file__).parents[3] / "docs" / "spiffworkflow.md"


@trap(1)
def test_a_parallel_join_in_a_loop_counts_its_own_round(engine: Engine) -> None:
    case = engine("a_parallel_join_in_a_loop_counts_its_own_round").start(again=True)
    for task in ("prepare", "sign_a", "sign_b", "sign_c", "prepare", "sign_a", "sign_c"):
        case.do(task)

    assert case.working == ["sign_b"]


@trap(1)
def test_an_inclusive_join_in_a_loop_waits_for_every_token_of_its_round(engine: Engine) -> None:
    case = engine("an_inclusive_join_in_a_loop_waits_for_every_token_of_its_round")
    case.start(again=True, a=True, b=True, c=True)
    for task in ("prepare", "sign_a", "sign_b", "sign_c", "prepare", "sign_a"):
        case.do(task)

    assert case.working == ["sign_b", "sign_c"]


@trap(2)
def test_branches_that_join_lose_nothing_of_each_other(engine: Engine) -> None:
    """The first branch asks for another round; those that come later still have what was there before."""
    case = engine("a_parallel_join_in_a_loop_counts_its_own_round").start(again=False)
    case.do("prepare").do("sign_a", again=True).do("sign_b").do("sign_c")

    assert case.working == ["prepare"]


@trap(3, NotWaiting)
def test_a_loop_has_no_depth(engine: Engine) -> None:
    """A hundred rounds of eleven nodes: stock looks no deeper than a thousand tasks and no longer finds the next."""
    between = [f"gate{n}" for n in range(8)]
    gates = "".join(f'<exclusiveGateway id="{name}"/>' for name in between)
    content = (
        f'<startEvent id="start"/><exclusiveGateway id="again"/><userTask id="report"/>{gates}'
        '<exclusiveGateway id="enough" default="enough_to_end"/><endEvent id="end"/>'
        '<sequenceFlow id="back" sourceRef="enough" targetRef="again"><conditionExpression>true</conditionExpression>'
        "</sequenceFlow>"
    )
    case = engine(drawn(content, " > ".join(["start", "again", "report", *between, "enough", "end"]))).start()
    for _ in range(100):
        case.do("report")

    assert case.working == ["report"]


@trap(4)
def test_what_is_over_is_not_kept(engine: Engine) -> None:
    case = engine("a_daily_report_loop_stays_flat").start(again=True).do("report")
    size = case.size

    assert case.do("report").do("report").size == size


@trap(5)
def test_a_step_draws_no_random_id(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    case = engine("a_boundary_of_a_sub_process_cancels_everything_inside").start()

    def refuse() -> None:
        raise AssertionError("not deterministic")

    monkeypatch.setattr("SpiffWorkflow.task.uuid4", refuse)

    assert case.happen("event").working == ["handle"]


@trap(5)
def test_what_the_machines_clock_says_is_in_nothing_that_is_kept(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    for now in (0, 2_000_000_000):
        monkeypatch.setattr("SpiffWorkflow.task.time", SimpleNamespace(time=lambda now=now: now))
        kept.append(engine("a_boundary_of_a_sub_process_cancels_everything_inside").start().happen("event").kept)

    assert kept[0] == kept[1]


@trap(9)
@pytest.mark.parametrize(
    "name",
    [
        "an_error_event_sub_process_catches_what_is_thrown_beside_it",
        "an_escalation_event_sub_process_that_interrupts_takes_over",
    ],
)
def test_an_event_sub_process_does_not_start_before_its_event(engine: Engine, name: str) -> None:
    assert engine(name).start().working == ["fail", "work"]


@trap(9)
@pytest.mark.parametrize("kind", ["message", "signal", "timer"])
def test_an_event_sub_process_that_interrupts_ends_the_rest(engine: Engine, kind: str) -> None:
    case = engine(f"an_interrupting_{kind}_event_sub_process_takes_over").start(order_no="A-7").happen("happened")

    assert case.working == ["handle"]


@trap(9)
def test_a_signal_end_event_throws(engine: Engine) -> None:
    assert engine("an_end_event_throws_its_signal").start().do("ask").sent


@trap(12, ValidationException)
def test_a_long_chain_of_tasks_can_be_read(engine: Engine) -> None:
    names = [f"work{n}" for n in range(500)]
    tasks = "".join(f'<userTask id="{name}"/>' for name in names)
    content = f'<startEvent id="start"/>{tasks}<endEvent id="end"/>'

    assert engine(drawn(content, " > ".join(["start", *names, "end"]))).start().working == ["work0"]


@trap(14, RecursionError)
def test_a_loop_of_events_without_a_choice_has_no_end_and_needs_none(engine: Engine) -> None:
    catch = '<intermediateCatchEvent id="{}"><signalEventDefinition signalRef="signal"/></intermediateCatchEvent>'
    content = (
        '<startEvent id="start"/><parallelGateway id="split"/><userTask id="work"/>'
        f'{catch.format("noon")}{catch.format("night")}<endEvent id="end"><terminateEventDefinition/></endEvent>'
    )
    case = engine(drawn(content, "start > split > noon > night > noon", "split > work > end")).start()

    assert case.happen("noon").happen("night").happen("noon").do("work").ended


@trap(15, WorkflowDataException)
def test_results_are_collected_anew_in_every_round(engine: Engine) -> None:
    content = (
        '<startEvent id="start"/><exclusiveGateway id="round"/><userTask id="sign"><multiInstanceLoopCharacteristics '
        'cf:collection="=[1]" cf:item="person" cf:outputCollection="signed" cf:outputElement="=person"/></userTask>'
        '<exclusiveGateway id="good" default="good_to_end"/><endEvent id="end"/>'
        '<sequenceFlow id="back" sourceRef="good" targetRef="round"><conditionExpression>again</conditionExpression>'
        "</sequenceFlow>"
    )
    case = engine(drawn(content, "start > round > sign > good > end")).start(again=True).do("sign")

    assert case.do("sign").working == ["sign"]


@trap(16, TaskNotFoundException)
def test_what_is_inside_a_terminated_sub_process_is_gone(engine: Engine) -> None:
    """One item of a sub-process is terminated while a repeated sub-process in it is at work; the other goes on."""
    twice = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    inner = flows("in > work > out")
    outer = flows("begin > both", "both > stop > over", "both > inside > done")
    content = (
        f'<startEvent id="start"/><endEvent id="end"/><subProcess id="each">{twice}<startEvent id="begin"/>'
        '<parallelGateway id="both"/><userTask id="stop"/><endEvent id="over"><terminateEventDefinition/></endEvent>'
        f'<subProcess id="inside">{twice}<startEvent id="in"/><userTask id="work"/><endEvent id="out"/>'
        f'{inner}</subProcess><endEvent id="done"/>{outer}</subProcess>'
    )
    case = engine(drawn(content, "start > each > end")).start().do("stop").do("stop")

    assert case.ended


@trap(17, NotWaiting)
def test_a_second_message_to_a_boundary_that_does_not_interrupt_is_taken(engine: Engine) -> None:
    case = engine("a_message_boundary_that_does_not_interrupt_fires_every_time").start(order_no="A-7")

    assert case.happen("event").happen("event").working.count("handle") == 2


@trap(18)
def test_like_events_behind_one_gateway_are_told_apart(engine: Engine) -> None:
    catch = (
        '<intermediateCatchEvent id="{0}" cf:key="=&quot;{0}&quot;"><messageEventDefinition messageRef="message"/>'
        "</intermediateCatchEvent>"
    )
    content = (
        '<startEvent id="start"/><eventBasedGateway id="first"/>'
        f'{catch.format("paid")}{catch.format("returned")}<userTask id="ship"/><userTask id="refund"/>'
        '<endEvent id="shipped"/><endEvent id="refunded"/>'
    )
    ways = ("start > first > paid > ship > shipped", "first > returned > refund > refunded")

    assert engine(drawn(content, *ways)).start().happen("returned").working == ["refund"]


@trap(19, ValidationException)
def test_several_ways_out_of_a_task_are_taken(engine: Engine) -> None:
    assert engine("several_flows_out_of_a_task_are_all_taken").start().do("report").working == ["copy", "file"]


def test_the_whole_tree_of_tasks_is_never_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trap 4 once more: not only is little kept, none of the library's walks is taken."""

    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a walk through the whole tree")

    for name in ("get_tasks", "get_tasks_iterator", "update_waiting_tasks", "is_completed", "run_all"):
        monkeypatch.setattr(Workflow, name, refuse)
    assert Ours("a_daily_report_loop_stays_flat").start(again=True).do("report").working == ["long", "report"]


def test_nothing_is_logged_at_every_change_of_state(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Ours("a_manual_task_waits_to_be_confirmed").start().do("call")
    assert [record for record in caplog.records if record.name.startswith("spiff")] == []


def test_every_trap_is_documented_and_every_documented_one_is_tried() -> None:
    texts = [file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*traps.py")]
    tried = [number for text in texts for number in re.findall(r"^@(?:trap|fails)\((\d+)", text, re.MULTILINE)]
    documented = re.findall(r"^\| (\d+) \|", DOCUMENTED.read_text("utf-8"), re.MULTILINE)

    assert sorted(set(map(int, tried))) == [int(number) for number in documented]
