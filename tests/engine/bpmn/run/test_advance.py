"""The only way a case changes: what `advance` takes, returns and leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.bpmn import Input, WaitId, advance, load_state, store_state
from engine.bpmn.errors import NoFlow, UnknownInput, WaitGone
from engine.bpmn.run.advance import INPUT_KINDS
from engine.errors import ClauseflowError
from engine.values import NotAValue

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def visit(walk):
    return walk("a_manual_task_waits_to_be_confirmed")


def test_a_start_says_what_it_did(visit):
    visit.start(note="x")
    assert visit.effects == {
        "path": ["start", "start_to_call"],
        "opened": [{"k": 0, "kind": "task", "node": "call", "lane": "clerk"}],
        "tokens": [["call", "", 1]],
        "status": "active",
    }
    assert (visit.state.seq, visit.state.status, visit.variables) == (0, "active", {"note": "x"})


def test_an_end_says_what_it_did(visit):
    visit.start().do("call", done=True)
    assert visit.effects == {
        "path": ["call", "call_to_end", "end"],
        "closed": [{"wait": [0, 0], "why": "completed"}],
        "tokens": [],
        "status": "completed",
    }
    assert visit.state.seq == 1


def test_a_wait_is_known_by_the_entry_that_opened_it(walk):
    case = walk("several_flows_out_of_a_task_are_all_taken").start().do("report")
    assert [(wait.node_id, wait.id) for wait in case.state.waits] == [("copy", WaitId(1, 0)), ("file", WaitId(1, 1))]


def test_a_wait_that_opens_and_closes_within_a_step_leaves_no_trace(walk):
    case = walk("an_automatic_sequential_loop_needs_nobody").start(numbers=[Decimal(1)], sum=Decimal(0))
    assert [wait["node"] for wait in case.effects["opened"]] == ["check"]


def test_a_start_needs_no_state_and_all_else_needs_one(visit):
    with pytest.raises(UnknownInput):
        advance(visit.definition, None, Input("complete", NOW))
    visit.start()
    with pytest.raises(UnknownInput):
        advance(visit.definition, visit.state, Input("start", NOW))
    with pytest.raises(UnknownInput, match="dance"):
        advance(visit.definition, visit.state, Input("dance", NOW))


@pytest.mark.parametrize("wait", [None, WaitId(0, 1), WaitId(7, 0)])
@pytest.mark.parametrize(
    "kind", ["complete", "assign", "job_done", "job_failed", "timer", "message", "signal", "child_ended", "retry"]
)
def test_an_answer_needs_an_open_wait(visit, kind, wait):
    visit.start()
    with pytest.raises(WaitGone):
        advance(visit.definition, visit.state, Input(kind, NOW, wait=wait))


@pytest.mark.parametrize("kind", ["job_done", "job_failed", "timer", "message", "signal", "child_ended"])
def test_an_answer_needs_a_wait_of_its_kind(visit, kind):
    visit.start()
    with pytest.raises(WaitGone):
        visit.take(kind, visit.wait("call"))


def test_values_are_canonical_from_the_first_step_on(visit):
    visit.start(whole=1, trailing=Decimal("1.50"))
    assert visit.variables == {"trailing": Decimal("1.5"), "whole": Decimal(1)}
    assert str(visit.variables["trailing"]) == "1.5"


def test_what_is_no_value_is_refused(visit):
    with pytest.raises(NotAValue):
        visit.start(share=0.5)


def test_a_refused_step_leaves_everything_as_it_was(walk):
    case = walk("an_exclusive_gateway_without_a_match_refuses_the_step").start(amount=Decimal(50))
    before = store_state(case.state)
    for _ in range(2):
        with pytest.raises(ClauseflowError):
            case.do("ask", amount=Decimal(60))
    assert store_state(case.state) == before
    assert case.do("ask", amount=Decimal(5)).open == ["small"]


def test_the_calendar_in_force_is_remembered(visit):
    visit.start(facts={"calendar": "ab12"})
    assert visit.state.calendar == "ab12"
    assert visit.do("call").state.calendar == "ab12"


def test_tokens_and_waits_come_in_canonical_order(walk):
    case = walk("a_daily_report_loop_stays_flat").start(again=True)
    assert case.state.tokens == sorted(case.state.tokens)
    assert case.effects["tokens"] == [["long", "", 1], ["report", "trip:1", 1], ["trip", "", 1]]
    assert case.state.projection() == load_state(store_state(case.state)).projection()


def test_every_kind_of_input_is_known():
    assert set(INPUT_KINDS) == {
        "start", "complete", "assign", "cancel", "suspend", "resume", "correct", "move", "job_done", "job_failed",
        "retry", "timer", "message", "signal", "child_ended",
    }  # fmt: skip


def test_every_error_says_itself_in_both_languages(walk):
    case = walk("who_drafted_may_not_approve").start().do("draft")
    with pytest.raises(ClauseflowError) as caught:
        case.do("approve")
    assert "必须由另一人办理" in caught.value.text("zh")
    assert "must be completed by somebody else" in caught.value.text("en")


def test_an_element_is_named_in_the_language_of_the_reader():
    both = NoFlow(node="定价 [price]", node_en="Set the price [price]")
    assert "定价" in both.text("zh")
    assert "Set the price" in both.text("en")
    assert "定价" in NoFlow(node="定价 [price]").text("en")


def test_nothing_but_definition_state_and_input_decides(visit):
    given = Input("start", NOW, actor="lin", values={"note": "x"})
    first = advance(visit.definition, None, given)
    assert advance(visit.definition, None, replace(given)) == first
