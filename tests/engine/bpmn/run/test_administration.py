"""What people do to a case from outside its diagram."""

from contextlib import suppress
from decimal import Decimal

import pytest

from engine.bpmn import Input, advance, movable_to
from engine.bpmn.errors import CannotMove, NotActive, UnknownInput, WaitGone
from tests.engine.bpmn.walking import CALENDAR


@pytest.fixture
def drafted(walk):
    return walk("who_drafted_may_not_approve").start()


def test_a_task_is_claimed_handed_on_and_released(drafted):
    for person in ("lin", "zhou", None):
        drafted.take("assign", drafted.wait("draft"), {"to": person})
        assert drafted.wait("draft").assignee == person
        assert drafted.effects["assigned"] == {"wait": [0, 0], "to": person}
    assert drafted.wait("draft").id == (0, 0)


def test_a_cancelled_case_closes_everything(walk):
    case = walk("a_boundary_of_a_sub_process_cancels_everything_inside").start()
    case.take("cancel", facts={"reason": "twice"})
    assert (case.status, case.open, case.tokens) == ("cancelled", [], [])
    assert case.closed == dict.fromkeys(("try", "job", "event"), "cancelled")
    assert case.effects["status"] == "cancelled"


@pytest.mark.parametrize("kind", ["cancel", "suspend", "resume", "correct", "move"])
def test_an_ended_case_takes_nothing_more(drafted, kind):
    drafted.take("cancel")
    with pytest.raises(NotActive, match="cancelled"):
        drafted.take(kind)


def test_a_late_answer_finds_its_wait_gone(drafted):
    wait = drafted.wait("draft")
    drafted.take("cancel")
    with pytest.raises(WaitGone):
        drafted.take("complete", wait)


def test_a_suspended_case_may_be_corrected_and_cancelled(drafted):
    drafted.take("suspend").take("correct", values={"price": Decimal(5)})
    assert drafted.variables == {"price": 5}
    assert drafted.take("cancel").status == "cancelled"


def test_variables_of_an_inner_scope_may_be_corrected(walk):
    case = walk("a_sub_process_keeps_its_data_objects_to_itself").start()
    case.take("correct", values={"report": "x"}, facts={"scope": "trip:1"})
    assert case.state.variables == {"": {}, "trip:1": {"report": "x"}}
    with pytest.raises(UnknownInput):
        case.take("correct", values={"report": "x"}, facts={"scope": "trip:2"})


def moved(case, node, to):
    return case.take("move", values={"from": [Decimal(n) for n in case.wait(node).id], "to": to})


@pytest.mark.parametrize("to", ["second", "trip", "split", "end", "first"])
def test_a_token_may_be_moved(case, to):
    moved(case.start(), "first", to)
    expected = {"second": ["second"], "trip": ["visit"], "split": ["left", "right"], "end": []}
    expected["first"] = ["first", "late"]
    assert case.open == expected[to]
    assert case.closed == {"first": "moved", "late": "moved"}


@pytest.mark.parametrize(
    ("node", "to", "reason"),
    [
        ("first", "visit", "not in the same process"),
        ("first", "late", "happen by itself"),
        ("first", "start", "happen by itself"),
        ("first", "join", "behind the join"),
        ("late", "second", "only listens"),
    ],
)
def test_a_token_cannot_be_moved_where_it_could_not_go(walk, node, to, reason):
    with pytest.raises(CannotMove, match=reason):
        moved(walk("a_token_may_be_moved").start(), node, to)


@pytest.mark.parametrize(
    "diagram",
    ["a_token_may_be_moved", "who_drafted_may_not_approve", "the_first_event_behind_an_event_based_gateway_wins"],
)
def test_where_a_token_may_go_is_where_the_engine_takes_it(walk, diagram):
    case = walk(diagram).start(order_no="A1")
    for wait in case.state.waits:
        taken = set()
        for node in case.definition.diagram.nodes:
            values = {"from": [Decimal(n) for n in wait.id], "to": node}
            with suppress(CannotMove):
                advance(case.definition, case.state, Input("move", case.now, values=values, calendar=CALENDAR))
                taken.add(node)
        assert set(movable_to(case.definition, case.state, wait.id)) == taken


def test_a_paused_case_moves_nowhere(walk):
    case = walk("a_token_may_be_moved").start().take("suspend")
    assert movable_to(case.definition, case.state, case.wait("first").id) == []


def test_a_token_that_only_rests_is_named_by_its_place(walk):
    case = walk("a_parallel_join_in_a_loop_counts_its_own_round").start(again=False).do("prepare").do("sign_a")
    case.take("move", values={"from": {"node": "join"}, "to": "good"})
    assert (case.path, case.open) == (["good", "end"], ["sign_b", "sign_c"])


def test_moving_a_sub_process_cancels_what_is_inside(walk):
    case = walk("sub_processes_nest").start()
    case.take("move", values={"from": {"node": "outer", "scope": ""}, "to": "end"})
    assert (case.closed, case.status) == ({"work": "moved"}, "completed")


def test_an_item_cannot_be_moved_out_of_its_loop(walk):
    case = walk("parallel_items_are_collected_in_their_order").start(people=["lin"])
    with pytest.raises(CannotMove, match="one item"):
        moved(case, "sign", "check")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"from": [9, 9], "to": "second"},
        {"from": [0, 0], "to": "nowhere"},
        {"from": {"node": "end"}, "to": "second"},
    ],
)
def test_a_move_names_a_wait_and_a_node(walk, values):
    with pytest.raises(UnknownInput):
        walk("a_token_may_be_moved").start().take("move", values=values)


def test_the_body_of_a_loop_is_no_place_to_move_to(walk):
    case = walk("parallel_items_are_collected_in_their_order").start(people=[])
    with pytest.raises(UnknownInput):
        moved(case, "check", "sign#body")


@pytest.mark.parametrize("to", ["", [], 3, {"id": "lin"}])
def test_a_task_is_given_to_a_person(drafted, to):
    with pytest.raises(UnknownInput):
        drafted.take("assign", drafted.wait("draft"), {"to": to})
