"""Boundary, intermediate, start and end events."""

from decimal import Decimal

import pytest

from engine.bpmn.errors import ExpressionFailed, UnknownInput, WaitGone


def test_an_interrupting_timer_boundary_cancels_its_task(case):
    case.start()
    assert (case.open, case.tokens) == (["event", "work"], ["work"])
    case.fire("event")
    assert case.closed == {"work": "interrupted", "event": "completed"}
    assert case.open == ["handle"]
    with pytest.raises(WaitGone):
        case.take("complete", wait=type("Gone", (), {"id": (0, 0)}))


def test_a_task_that_is_done_needs_its_boundary_no_more(walk):
    case = walk("an_interrupting_timer_boundary_cancels_its_task").start().do("work")
    assert case.closed == {"work": "completed", "event": "not_needed"}
    assert case.status == "completed"


def test_a_timer_boundary_that_does_not_interrupt_fires_once(case):
    case.start().fire("event")
    assert case.open == ["handle", "work"]
    case.do("work")
    assert case.status == "active"


def test_a_timer_cycle_on_a_boundary_fires_each_time(case):
    case.start()
    for count in (1, 2, 3):
        case.fire("event")
        assert case.open.count("handle") == count
    assert "event" not in case.open


def test_a_cycle_makes_up_for_nothing_it_missed(walk):
    case = walk("a_timer_cycle_on_a_boundary_fires_each_time").start()
    due = case.wait("event").due
    case.later(hours=5, minutes=30).take("timer", case.wait("event"), actor=None)
    assert case.open.count("handle") == 1
    assert (case.wait("event").due - due).total_seconds() == 5 * 3600


def test_an_interrupting_message_boundary_cancels_its_task(case):
    case.start(order_no="A-7").message("event", order_no="A-8")
    assert (case.open, case.variables) == (["handle"], {"order_no": "A-8"})


def test_a_message_boundary_that_does_not_interrupt_fires_every_time(case):
    case.start(order_no="A-7").message("event").message("event")
    assert case.open == ["event", "handle", "handle", "work"]
    assert case.wait("event").id == (2, 0)


def test_an_interrupting_signal_boundary_cancels_its_task(case):
    assert case.start().signal("event").open == ["handle"]


def test_a_signal_boundary_that_does_not_interrupt_fires_every_time(case):
    assert case.start().signal("event").signal("event").open == ["event", "handle", "handle", "work"]


def test_an_error_boundary_catches_what_its_sub_process_throws(case):
    case.start().do("try")
    assert (case.path, case.open) == (["try", "thrown", "event"], ["handle"])
    assert case.state.tree["scopes"] == []


def test_an_error_passes_a_boundary_of_another_code(case):
    case.start().do("try")
    assert (case.status, case.effects["error"]["code"]) == ("completed", "BROKEN")


def test_an_interrupting_escalation_boundary_cancels_its_sub_process(case):
    case.start().do("try")
    assert (case.closed["other"], case.open) == ("interrupted", ["handle"])
    assert case.path == ["try", "thrown", "event"]


def test_an_escalation_boundary_that_does_not_interrupt_fires_every_time(case):
    case.start(again=True).do("try").do("try").do("try", again=False)
    assert case.open == ["handle", "handle", "handle"]


def test_a_boundary_of_a_sub_process_cancels_everything_inside(case):
    case.start().fire("event")
    assert case.closed == {"event": "completed", "try": "interrupted", "job": "interrupted"}
    assert case.tokens == ["handle"]


def test_a_message_catch_event_waits_under_its_key(case):
    case.start(order_no="A-7")
    assert case.wait("wait").details == {"name": "payment received", "key": "A-7"}
    case.message("wait", amount=Decimal(3))
    assert (case.path, case.open, case.variables["amount"]) == (["wait"], ["after"], 3)


def test_a_message_without_a_key_could_never_be_matched(walk):
    with pytest.raises(ExpressionFailed, match="key is null"):
        walk("a_message_catch_event_waits_under_its_key").start()


def test_a_message_may_keep_its_values_together(case):
    case.start(order_no="A-7").message("by_catch", n=Decimal(1)).message("by_task", n=Decimal(2))
    case.message("by_boundary", n=Decimal(3)).message("by_start", n=Decimal(4))
    names = ("caught", "received", "noticed", "happened")
    assert [case.variables[name] for name in names] == [{"n": n} for n in (1, 2, 3, 4)]


def test_a_signal_catch_event_waits(case):
    case.start()
    assert case.wait("wait").details == {"name": "product recall"}
    assert case.signal("wait").open == ["after"]


def test_a_signal_reaches_its_own_case_at_once(case):
    case.start(model="P3").do("ask")
    assert case.path == ["ask", "call", "wait", "end"]
    assert case.open == ["after"]
    assert case.effects["sent"] == [{"signal": "product recall", "values": {"model": "P3"}}]


def test_a_message_is_sent_to_other_cases(case):
    case.start(order_no="A-7", amount=Decimal(5)).do("ask")
    sent = {"message": "payment received", "key": "A-7"}
    assert case.effects["sent"] == [
        sent | {"values": {"amount": 5}},
        sent | {"values": {"amount": 5, "paid": True}},
    ]
    assert case.status == "completed"


def test_an_end_event_throws_its_signal(case):
    case.start().do("ask")
    assert case.effects["sent"] == [{"signal": "product recall", "values": {}}]
    assert (case.path, case.status) == (["ask", "thrown"], "completed")


def test_a_none_throw_event_is_a_milestone(case):
    assert case.start().do("ask").path == ["ask", "reached", "end"]


@pytest.mark.parametrize("start", [None, "by_message", "by_signal"])
def test_a_message_may_start_a_case(case, start):
    case.start(facts={"start": start} if start else None, amount=Decimal(5))
    assert case.path == [start or "start"]
    assert case.variables == {"amount": 5}


def test_a_case_starts_at_a_start_event_only(walk):
    with pytest.raises(UnknownInput):
        walk("a_message_may_start_a_case").start(facts={"start": "work"})
