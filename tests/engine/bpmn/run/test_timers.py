"""Deadlines and timers: when they are due, and what pauses them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn import Input, advance
from engine.bpmn.errors import ExpressionFailed, NotActive, UnknownInput
from engine.bpmn.expressions import EvaluationContext, Formula
from engine.bpmn.run.timers import Cycle, Moment, parse_cycle
from engine.values import YearsMonths
from tests.engine.bpmn.walking import CALENDAR, Case, definition

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
AROUND = EvaluationContext(NOW)


def test_a_timer_catch_event_waits_for_a_duration(case):
    case.start()
    assert case.wait("wait").due == case.now + timedelta(hours=1)
    assert case.fire("wait").open == ["after"]


def test_a_timer_catch_event_waits_for_a_date(case):
    assert case.start().wait("wait").due == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(("urgent", "due"), [(True, (2026, 3, 2, 2)), (False, (2026, 4, 2, 1))])
def test_a_timer_may_be_a_formula(case, urgent, due):
    assert case.start(urgent=urgent).wait("wait").due == datetime(*due, tzinfo=UTC)


def test_a_timer_of_months_keeps_the_day(case):
    assert case.start().wait("wait").due == datetime(2026, 4, 2, 1, tzinfo=UTC)


def test_months_end_where_the_month_does():
    assert Moment("P1M").at({}, AROUND) == datetime(2026, 2, 28, 12, tzinfo=UTC)


def test_a_formula_may_give_a_date_for_its_first_or_last_moment():
    moment = Moment(Formula({"node": "n"}, "a", 'date("2026-03-05")'))
    assert moment.at({}, AROUND) == datetime(2026, 3, 5, tzinfo=UTC)
    assert moment.at({}, AROUND, end_of_day=True) == datetime(2026, 3, 6, tzinfo=UTC)


def test_what_is_due_on_a_date_is_due_at_its_close_of_business():
    moment = Moment(Formula({"node": "n"}, "a", 'date("2026-03-05")'))
    context = EvaluationContext(NOW, CALENDAR)
    assert moment.at({}, context, end_of_day=True) == datetime(2026, 3, 5, 9, tzinfo=UTC)


def test_a_formula_that_gives_null_sets_no_deadline():
    assert Moment(Formula({"node": "n"}, "a", "null")).at({}, AROUND) is None


@pytest.mark.parametrize("text", ["true", '"soon"', "[1]"])
def test_a_formula_that_gives_no_time_is_refused(text):
    with pytest.raises(ExpressionFailed, match="date and time or a duration"):
        Moment(Formula({"node": "n"}, "a", text)).at({}, AROUND)


def test_working_time_without_a_calendar_is_refused():
    with pytest.raises(ExpressionFailed):
        Moment(Formula({"node": "n"}, "a", "working hours(8)")).at({}, AROUND)


@pytest.mark.parametrize(
    "text", ['duration("P99999999D")', 'duration("P99999Y")', 'date and time("9999-12-31T23:59:59Z")']
)
def test_a_moment_no_company_could_mean_is_refused(text):
    with pytest.raises(ExpressionFailed):
        Moment(Formula({"node": "n"}, "a", text)).at({}, AROUND)


def test_a_short_cycle_after_a_long_outage_is_found_at_once():
    found = Cycle("R/PT1S").following(datetime(1970, 1, 1, tzinfo=UTC), None, {}, AROUND)
    assert found == (NOW + timedelta(seconds=1), None)


@pytest.mark.parametrize("text", ["soon", "P", "1D", "2026-13-01T00:00:00Z", "", "P99999999D", "P9999Y"])
def test_a_literal_that_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Moment(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("R3/PT1H", (3, None, timedelta(hours=1))),
        ("R/P1D", (None, None, timedelta(days=1))),
        ("R2/2026-01-01T00:00:00Z/P1M", (2, datetime(2026, 1, 1, tzinfo=UTC), YearsMonths(1))),
    ],
)
def test_a_cycle_says_how_often_from_when_and_how_far_apart(text, found):
    assert parse_cycle(text) == found


@pytest.mark.parametrize("text", ["PT1H", "R0/PT1H", "R/PT0S", "R3/-PT1H", "R3/2026/PT1H", "R3", "R/PT0.001S"])
def test_a_text_that_is_no_cycle_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Cycle(text)


def test_a_cycle_by_formula_may_be_a_duration():
    assert Cycle(Formula({"node": "n"}, "a", 'duration("PT2H")')).first({}, AROUND) == (NOW + timedelta(hours=2), None)


def test_a_working_time_deadline_pauses_with_the_case(case):
    case.start()
    visit, call = case.wait("visit").due, case.wait("call").due
    assert visit == datetime(2026, 3, 3, 1, tzinfo=UTC)
    case.later(hours=3).take("suspend")
    assert (case.status, case.wait("visit").due, case.wait("call").due) == ("suspended", None, call)
    assert case.wait("visit").details["left"] == timedelta(hours=5)
    for kind, wait in (("complete", case.wait("visit")), ("suspend", None), ("move", None)):
        with pytest.raises(NotActive, match="suspended"):
            case.take(kind, wait)
    case.later(days=7).take("resume")
    assert (case.status, case.wait("call").due) == ("active", call)
    assert case.wait("visit").due == datetime(2026, 3, 10, 1, tzinfo=UTC)
    assert case.wait("visit").details == {"working": True}


spans = st.timedeltas(timedelta(0), timedelta(days=4))


@given(st.timedeltas(timedelta(0), timedelta(days=7)), st.lists(st.tuples(spans, spans), min_size=1, max_size=5))
def test_however_often_it_pauses_a_deadline_gives_all_its_working_time_and_no_more(begin, turns):
    """Each turn the case runs for a while and then stands for a while; what is over already stays as it is."""
    case = Case(definition("a_working_time_deadline_pauses_with_the_case"))
    case.now += begin
    case.start()
    left = timedelta(hours=8)
    for running, standing in turns:
        entered, due = case.now, case.wait("visit").due
        case.later(seconds=running.total_seconds())
        over = due <= case.now
        if not over:
            left -= CALENDAR.working_between(entered, case.now)
        case.take("suspend").later(seconds=standing.total_seconds()).take("resume")
        expected = due if over else CALENDAR.add_working(case.now, left)
        assert case.wait("visit").due == expected
        assert case.wait("visit").details == {"working": True}


def test_a_timer_cycle_may_be_a_formula(case):
    case.start(pace=timedelta(hours=2)).fire("event").fire("event")
    assert (case.open.count("handle"), case.wait("event").due) == (2, case.now + timedelta(hours=2))


@pytest.mark.parametrize("pace", [None, "hourly", timedelta(0), 5])
def test_a_formula_that_gives_no_cycle_is_refused(walk, pace):
    with pytest.raises(ExpressionFailed, match="a cycle such as R3/PT1H"):
        walk("a_timer_cycle_may_be_a_formula").start(pace=pace)


def test_a_timer_without_a_moment_refuses_the_step():
    with pytest.raises(ExpressionFailed, match="not null"):
        Moment(Formula({"node": "n"}, "a", "null")).surely_at({}, AROUND)


def test_pausing_working_time_needs_a_calendar(walk):
    case = walk("a_working_time_deadline_pauses_with_the_case").start()
    with pytest.raises(UnknownInput, match="calendar"):
        advance(case.definition, case.state, Input("suspend", case.now))
