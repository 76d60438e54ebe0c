"""Multi-instance activities and standard loops."""

from decimal import Decimal

import pytest

from engine.bpmn.errors import ExpressionFailed, TooManyItems

PEOPLE = ["lin", "qian", "zhou"]


def test_parallel_items_are_collected_in_their_order(case):
    case.start(people=PEOPLE)
    assert [wait.assignee for wait in case.state.waits] == PEOPLE
    assert case.visible("sign")["numberOfActiveInstances"] == 3
    case.do("sign", "sign:1/2", answer="c").do("sign", "sign:1/0", answer="a")
    assert case.path == []
    assert case.state.variables["sign:1"]["answers"] == ["a", None, "c"]
    case.do("sign", "sign:1/1", answer="b")
    assert (case.path, case.open) == (["sign"], ["check"])
    assert case.variables == {"people": PEOPLE, "answers": ["a", "b", "c"]}
    assert case.effects["set"] == [{"scope": "", "name": "answers", "value": ["a", "b", "c"]}]
    assert list(case.state.variables) == [""]


def test_sequential_items_come_one_after_the_other(case):
    case.start(people=PEOPLE)
    for number, person in enumerate(PEOPLE):
        wait = case.wait("sign")
        assert (wait.assignee, wait.scope) == (person, f"sign:1/{number}")
        assert case.visible("sign")["loopCounter"] == number + 1
        assert case.open == ["sign"]
        case.do("sign", answer=person.upper())
    assert case.variables["answers"] == ["LIN", "QIAN", "ZHOU"]


def test_a_collection_is_fixed_when_the_activity_is_entered(walk):
    case = walk("sequential_items_come_one_after_the_other").start(people=PEOPLE)
    case.do("sign", answer="x", people=["somebody"])
    assert case.wait("sign").assignee == "qian"


@pytest.mark.parametrize(("answers", "left"), [(["no"], 2), (["yes", "yes"], 1)])
def test_a_completion_condition_ends_the_rest(case, answers, left):
    case.start(people=PEOPLE)
    for answer in answers:
        case.do("sign", answer=answer)
    assert case.open == ["check"]
    assert [each["why"] for each in case.effects["closed"]] == ["completed"] + ["not_needed"] * left
    assert case.variables["answers"] == answers + [None] * left


def test_a_cardinality_counts_items(case):
    case.start(copies=Decimal(3))
    assert [wait.priority for wait in case.state.waits] == [1, 2, 3]


@pytest.mark.parametrize("copies", [Decimal("1.5"), Decimal(-1), "3", None])
def test_a_cardinality_is_a_whole_number(walk, copies):
    with pytest.raises(ExpressionFailed, match="loopCardinality of “sign”"):
        walk("a_cardinality_counts_items").start(copies=copies)


@pytest.mark.parametrize("copies", [1001, 10**30])
def test_items_are_limited(walk, copies):
    with pytest.raises(TooManyItems, match="1000"):
        walk("a_cardinality_counts_items").start(copies=Decimal(copies))


def test_a_collection_is_a_list(walk):
    with pytest.raises(ExpressionFailed, match="cf:collection of “sign”"):
        walk("no_items_pass_at_once").start(people={"a": 1})


def test_no_items_pass_at_once(case):
    case.start(people=[])
    assert (case.open, case.variables["answers"]) == (["check"], [])


def test_items_of_a_sub_process_have_variables_of_their_own(case):
    case.start(people=PEOPLE[:2])
    case.do("go", "visit:1/1", report="second").do("go", "visit:1/0", report="first")
    assert case.state.variables["visit:1/0"]["report"] == "first"
    case.do("tell", "visit:1/1").do("tell", "visit:1/0", report="first, corrected")
    assert case.variables == {"people": PEOPLE[:2], "reports": ["first, corrected", "second"]}
    assert case.open == ["check"]


def test_a_boundary_watches_over_all_items(case):
    case.start(people=PEOPLE).do("work", answer="x").fire("event")
    assert case.open == ["handle"]
    assert [each["why"] for each in case.effects["closed"]] == ["completed", "interrupted", "interrupted"]
    assert list(case.state.variables) == [""]


def test_jobs_of_items_fail_to_the_boundary_of_the_whole(case):
    case.start(people=PEOPLE).job("work").fail("work", error="BROKEN")
    assert case.open == ["handle"]


def test_calls_of_items_are_several_children(case):
    case.start(people=PEOPLE[:2])
    assert [child["values"] for child in case.effects["children"]] == [{"who": "lin"}, {"who": "qian"}]
    case.child("ask", "ask:1/1", answer="b").child("ask", "ask:1/0", answer="a")
    assert (case.open, case.variables["answers"]) == (["check"], ["a", "b"])


def test_an_automatic_sequential_loop_needs_nobody(case):
    case.start(numbers=[Decimal(n) for n in range(500)], sum=Decimal(0))
    assert case.variables["sum"] == sum(range(500))
    assert case.open == ["check"]


def test_a_standard_loop_repeats_while_its_condition_is_true(case):
    case.start(more=True).do("report").do("report")
    assert case.visible("report")["loopCounter"] == 3
    assert case.do("report").open == ["check"]


def test_a_standard_loop_ends_with_its_condition(walk):
    case = walk("a_standard_loop_repeats_while_its_condition_is_true").start(more=True).do("report", more=False)
    assert (case.open, case.variables) == (["check"], {"more": False})


@pytest.mark.parametrize(("more", "task"), [(False, "check"), (True, "report")])
def test_a_standard_loop_that_tests_before_may_not_run_at_all(case, more, task):
    assert case.start(more=more).open == [task]


def test_a_standard_loop_of_a_sub_process_opens_a_scope_each_turn(case):
    case.start(more=True).do("report", note="x")
    assert case.state.variables["day:1/1"]["note"] is None
    case.do("report", more=False)
    assert case.status == "completed"
