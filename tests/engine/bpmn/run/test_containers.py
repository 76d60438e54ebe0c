"""Sub-processes and event sub-processes: scopes that begin, end and are cut short."""

from engine.bpmn import visible_variables


def test_a_sub_process_keeps_its_data_objects_to_itself(case):
    case.start(seen=False)
    assert case.tokens == ["trip", "visit"]
    assert case.state.variables == {"": {"seen": False}, "trip:1": {"report": None}}
    case.do("visit", report="ok", seen=True, note="kept")
    assert case.path == ["visit", "trip_end", "trip"]
    assert case.state.variables == {"": {"note": "kept", "seen": True}}


def test_a_scope_sees_outwards_and_hides_what_it_declares(walk):
    case = walk("a_sub_process_keeps_its_data_objects_to_itself").start(report="outer", seen=True)
    assert visible_variables(case.state, "trip:1") == {"report": None, "seen": True}
    assert visible_variables(case.state, "") == {"report": "outer", "seen": True}
    case.do("visit", report="inner")
    assert case.variables["report"] == "outer"


def test_sub_processes_nest(case):
    case.start()
    assert case.state.tokens == [("inner", "outer:1"), ("outer", ""), ("work", "inner:1")]
    case.do("work")
    assert case.path == ["work", "inner_end", "inner", "outer_end", "outer", "end"]
    assert (case.status, case.state.tree["scopes"]) == ("completed", [])


def test_terminate_in_a_sub_process_ends_that_sub_process_only(case):
    case.start().do("give_up")
    assert case.closed == {"give_up": "completed", "travel": "terminated"}
    assert case.path == ["give_up", "all_off", "trip"]
    assert case.open == ["check"]


def test_a_terminate_end_event_ends_the_case(case):
    case.start().do("give_up")
    assert (case.status, case.closed["travel"]) == ("completed", "terminated")
    assert case.tokens == []


def test_lanes_within_lanes_count_the_inner_one(case):
    assert case.start().wait("visit").lane == "engineers"
    assert list(case.definition.diagram.lanes) == ["company", "engineers"]


def test_an_interrupting_message_event_sub_process_takes_over(case):
    case.start(order_no="A-7").message("happened", reason="stop")
    assert case.closed == {"work": "interrupted", "happened": "completed"}
    assert (case.path, case.tokens) == (["happened"], ["handle", "handling"])
    assert case.variables["reason"] == "stop"
    case.do("handle")
    assert (case.path, case.status) == (["handle", "handled", "handling"], "completed")


def test_a_message_event_sub_process_that_does_not_interrupt_happens_again(case):
    case.start(order_no="A-7").message("happened").message("happened").message("happened")
    assert case.open == ["handle", "handle", "handle", "happened", "work"]
    assert {wait.scope for wait in case.state.waits if wait.node_id == "handle"} == {
        "handling:1", "handling:2", "handling:3",
    }  # fmt: skip
    case.do("work")
    assert case.status == "active"
    for _ in range(3):
        case.do("handle")
    assert (case.status, case.closed["happened"]) == ("completed", "not_needed")


def test_an_interrupting_timer_event_sub_process_takes_over(case):
    case.start().fire("happened")
    assert case.open == ["handle"]


def test_a_timer_cycle_starts_its_event_sub_process_each_time(case):
    case.start()
    first = case.wait("happened").due
    case.fire("happened")
    second = case.wait("happened").due
    assert (second - first).total_seconds() == 3600
    case.fire("happened")
    assert case.open == ["handle", "handle", "work"]


def test_an_interrupting_signal_event_sub_process_takes_over(case):
    case.start().signal("happened")
    assert case.open == ["handle"]


def test_a_signal_event_sub_process_that_does_not_interrupt_happens_again(case):
    case.start().signal("happened").signal("happened")
    assert case.open == ["handle", "handle", "happened", "work"]


def test_an_error_event_sub_process_catches_what_is_thrown_beside_it(case):
    case.start()
    assert case.open == ["fail", "work"]
    case.do("fail")
    assert case.path == ["fail", "thrown", "happened"]
    assert (case.closed["work"], case.open) == ("interrupted", ["handle"])


def test_an_escalation_event_sub_process_that_interrupts_takes_over(case):
    case.start().do("fail")
    assert case.open == ["handle"]


def test_an_escalation_event_sub_process_that_does_not_interrupt_runs_beside(case):
    case.start().do("fail")
    assert case.open == ["handle", "work"]
    case.do("handle").do("work")
    assert case.status == "completed"


def test_an_event_sub_process_inside_a_sub_process_ends_with_it(case):
    case.start(order_no="A-7").message("happened").do("visit")
    assert case.open == ["handle", "happened"]
    case.do("handle")
    assert case.open == ["check"]
    assert case.closed["happened"] == "not_needed"


def test_an_uncaught_error_ends_the_case_and_says_so(case):
    case.start().do("fail")
    assert (case.status, case.closed["work"]) == ("completed", "error")
    assert case.effects["error"] == {"code": "BROKEN", "name": "part broken"}
