"""The traps of SpiffWorkflow 3.2.0, one fact each: the subclasses here do not fall into them."""

from __future__ import annotations

import logging
from itertools import permutations
from types import SimpleNamespace

import pytest
from SpiffWorkflow.workflow import Workflow

from engine.bpmn import store_state
from engine.bpmn.errors import WaitGone

SIGNS = ("sign_a", "sign_b", "sign_c")


@pytest.mark.parametrize("gateway", ["parallel", "inclusive"])
def test_a_join_in_a_loop_fires_once_a_round_whatever_the_order(walk, gateway):
    name = {
        "parallel": "a_parallel_join_in_a_loop_counts_its_own_round",
        "inclusive": "an_inclusive_join_in_a_loop_waits_for_every_token_of_its_round",
    }[gateway]
    for first in permutations(SIGNS):
        for second in permutations(SIGNS):
            case = walk(name).start(again=True, a=True, b=True, c=True).do("prepare")
            for task in (*first, "prepare", *second):
                assert case.effects["path"].count("join") == 0 or task == "prepare"
                case.do(task)
            assert case.path[-2:] == ["join", "good"]


def test_branches_that_join_lose_nothing_of_each_other(walk):
    for order in permutations(SIGNS):
        case = walk("a_parallel_join_in_a_loop_counts_its_own_round").start(again=False).do("prepare")
        for task in order:
            case.do(task, **{task: True})
        assert {task: case.variables[task] for task in SIGNS} == dict.fromkeys(SIGNS, True)


def test_tokens_carry_no_data(walk):
    case = walk("a_sub_process_keeps_its_data_objects_to_itself").start(seen=False)
    assert all(row[5] == {} for row in case.state.tree["tokens"])


def test_a_loop_has_no_depth(walk):
    case = walk("a_daily_report_loop_stays_flat").start(again=True)
    for _ in range(400):
        case.do("report")
    assert len(case.state.tree["tokens"]) == 3


def test_a_step_reads_no_clock_and_no_random_id(walk, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("not deterministic")

    case = walk("a_boundary_of_a_sub_process_cancels_everything_inside").start()
    monkeypatch.setattr("SpiffWorkflow.task.uuid4", refuse)
    monkeypatch.setattr("random.random", refuse)
    case.fire("event").do("handle")
    assert case.status == "completed"


def test_what_the_machines_clock_says_is_in_nothing_that_a_step_leaves(walk, monkeypatch):
    """SpiffWorkflow notes the time of every change on its tasks; nothing of ours keeps or reads it."""
    left = []
    for clock in (0, 2_000_000_000):
        monkeypatch.setattr("SpiffWorkflow.task.time", SimpleNamespace(time=lambda clock=clock: clock))
        case = walk("a_boundary_of_a_sub_process_cancels_everything_inside").start()
        left.append([store_state(case.state), case.effects])
        left[-1] += [store_state(case.fire("event").state), case.effects]
    assert left[0] == left[1]


def test_the_tree_is_never_walked(walk, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a walk through the whole tree")

    for name in ("get_tasks", "get_tasks_iterator", "update_waiting_tasks", "is_completed", "run_all"):
        monkeypatch.setattr(Workflow, name, refuse)
    assert walk("a_daily_report_loop_stays_flat").start(again=True).do("report").open == ["long", "report"]


def test_a_finished_task_cannot_be_run_again(walk):
    case = walk("a_user_task_opens_with_its_lane_person_priority_and_deadline").start(engineer="lin", urgent=True)
    wait = case.wait("visit")
    case.do("visit")
    with pytest.raises(WaitGone):
        case.take("complete", wait)


def test_a_task_cancelled_by_a_boundary_event_is_reported(walk):
    case = walk("an_interrupting_timer_boundary_cancels_its_task").start().fire("event")
    assert case.closed["work"] == "interrupted"


def test_a_failing_service_is_no_name_error(walk):
    case = walk("a_failed_job_without_a_catcher_is_an_incident_until_retried").start().fail("book", message="down")
    assert case.wait("book").details["incident"] == {"message": "down"}


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_an_event_sub_process_does_not_start_before_its_event(walk, kind):
    name = {
        "error": "an_error_event_sub_process_catches_what_is_thrown_beside_it",
        "escalation": "an_escalation_event_sub_process_that_interrupts_takes_over",
    }[kind]
    assert walk(name).start().open == ["fail", "work"]


def test_a_signal_end_event_throws(walk):
    assert walk("an_end_event_throws_its_signal").start().do("ask").effects["sent"]


def test_an_event_sub_process_that_does_not_interrupt_leaves_the_rest_alone(walk):
    case = walk("a_message_event_sub_process_that_does_not_interrupt_happens_again").start(order_no="A-7")
    assert "work" in case.message("happened").open


def test_a_second_message_to_a_boundary_that_does_not_interrupt_is_taken(walk):
    case = walk("a_message_boundary_that_does_not_interrupt_fires_every_time").start(order_no="A-7")
    case.message("event").message("event")
    assert case.open.count("handle") == 2


def test_running_changes_nothing_in_the_shared_definition(walk):
    case = walk("a_message_event_sub_process_that_does_not_interrupt_happens_again")
    specs = case.definition.diagram.spec.task_specs
    before = {name: (spec._inputs[:], spec._outputs[:], dict(vars(spec))) for name, spec in specs.items()}
    case.start(order_no="A-7").message("happened").message("happened").do("handle").do("work").do("handle")
    assert case.status == "completed"
    assert {name: (spec._inputs[:], spec._outputs[:], dict(vars(spec))) for name, spec in specs.items()} == before


def test_nothing_is_logged_at_every_change_of_state(walk, caplog):
    with caplog.at_level(logging.DEBUG):
        walk("a_manual_task_waits_to_be_confirmed").start().do("call")
    assert [record for record in caplog.records if record.name.startswith("spiff")] == []
