"""When the clock starts cases: the first firing after a deploy, and what comes after each."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn import EvaluationContext, Firing, first_firings, next_firing
from engine.bpmn.errors import ExpressionFailed
from engine.bpmn.run.timers import Cycle
from tests.engine.bpmn.walking import CALENDAR, definition

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DAILY = datetime(2026, 3, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("start", ["start", "by_date", "by_duration", "by_cycle"])
def test_a_timer_may_start_a_case(case, start):
    case.start(facts=None if start == "start" else {"start": start})
    assert (case.path, case.open) == ([start], ["work"])


def test_a_deploy_sets_date_duration_and_cycle_going():
    found = first_firings(definition("a_timer_may_start_a_case"), EvaluationContext(NOW, CALENDAR))
    assert found == [
        Firing("by_date", datetime(2026, 3, 2, 1, tzinfo=UTC), 1),
        Firing("by_duration", datetime(2026, 3, 2, 9, tzinfo=UTC), 1),
        Firing("by_cycle", DAILY + DAY, 2),
    ]


def test_working_time_without_a_calendar_refuses_the_deploy():
    with pytest.raises(ExpressionFailed):
        first_firings(definition("a_timer_may_start_a_case"), EvaluationContext(NOW))


def test_what_lies_before_the_deploy_never_comes():
    found = first_firings(definition("a_timer_may_start_a_case"), EvaluationContext(NOW + 9 * DAY, CALENDAR))
    assert [firing.node_id for firing in found if firing.at is None] == ["by_date", "by_cycle"]


@pytest.mark.parametrize(
    ("at", "left", "late", "following"),
    [
        (DAILY, 3, timedelta(0), Firing("by_cycle", DAILY + DAY, 2)),
        (DAILY, 3, 5 * DAY, Firing("by_cycle", DAILY + 6 * DAY, 2)),
        (DAILY, 1, timedelta(0), Firing("by_cycle", None, 0)),
    ],
)
def test_a_cycle_goes_on_at_the_next_moment_to_come(at, left, late, following):
    found = next_firing(
        definition("a_timer_may_start_a_case"), Firing("by_cycle", at, left), EvaluationContext(at + late, CALENDAR)
    )
    assert found == following


def test_a_date_comes_once():
    fired = Firing("by_date", NOW, 1)
    assert next_firing(definition("a_timer_may_start_a_case"), fired, EvaluationContext(NOW)) == Firing(
        "by_date", None, 0
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("R/PT1H", (NOW + timedelta(hours=1), None)),
        ("R5/2026-01-15T00:00:00Z/P1M", (datetime(2026, 3, 15, tzinfo=UTC), 3)),
        ("R2/2026-01-15T00:00:00Z/P1M", None),
        ("R/2026-01-01T00:00:00Z/PT1S", (NOW + timedelta(seconds=1), None)),
        ("R/2026-03-01T12:00:00Z/P1D", (NOW, None)),
    ],
)
def test_a_cycle_with_a_start_counts_what_is_over(text, first):
    assert Cycle(text).next_from_now(EvaluationContext(NOW)) == first
