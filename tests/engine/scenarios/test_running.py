"""A scenario in time: when its acts happen, how long people wait for a task, and what holds it up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from company.calendar.seed import seeded
from engine.commands import move_token
from engine.scenarios import Clock, Scenario, ScenarioFile, ScenarioRun, ScenarioStep
from engine.scenarios.running import AGAIN
from tests.bench import ADMIN, Bench, bench
from tests.product import START

__all__ = ["bench"]
HOUR = timedelta(hours=1)


def step(do: str, after: timedelta = HOUR) -> ScenarioStep:
    return ScenarioStep("文员", do, after, {}, None, 7, START + after)


def scenario(*steps: ScenarioStep) -> Scenario:
    return Scenario("会签", "Sign off", (), "文员", "", START, {"subject": "A1"}, steps, None, (), {}, 3)


def run(bench: Bench, *steps: ScenarioStep, clock: Clock = Clock()) -> ScenarioRun:  # noqa: B008 - immutable
    file = ScenarioFile("sign_off", {"文员": ("clerk",)})
    return ScenarioRun(bench.deploy("sign_off").db, file, scenario(*steps), clock)


def test_an_act_is_done_when_the_next_moment_is_asked_for(bench: Bench) -> None:
    case = run(bench, step("sales"), step("finance"))

    acts = case.acts()
    assert next(acts) == START
    assert (case.done, bench.status()) == (0, {})
    assert next(acts) == START + HOUR
    assert (case.done, bench.open()) == (1, ["finance", "sales", "supply"])
    assert next(acts) == START + 2 * HOUR
    assert bench.open() == ["finance", "supply"]
    assert list(acts) == []
    assert case.done == 3
    assert case.outcome().ok


def test_without_patience_a_task_that_is_not_open_ends_it_at_its_line(bench: Bench) -> None:
    case = run(bench, step("archive"), step("sales"))

    assert list(case.acts()) == [START, START + HOUR]
    [problem] = case.outcome().problems
    assert problem.line == 7
    assert "archive" in problem.en
    assert "finance、sales、supply" in problem.en


def test_with_patience_people_look_again_and_in_the_end_go_on_without_it(bench: Bench) -> None:
    case = run(bench, step("sales"), step("sales"), step("finance"), clock=Clock(patience=3 * AGAIN))
    moments = []
    for moment in case.acts():
        moments.append(moment - START)
        if moment == START + 2 * HOUR + AGAIN:
            bench.start("sign_off")  # another case's task of that name is none of this one's

    looked = [2 * HOUR + AGAIN * again for again in range(4)]
    assert moments == [0 * HOUR, HOUR, *looked, looked[-1] + HOUR]
    assert bench.open(case.instance_id) == ["supply"]


def test_with_patience_they_act_as_soon_as_it_is_there(bench: Bench) -> None:
    case = run(bench, step("sales"), step("sales"), clock=Clock(patience=9 * AGAIN))
    for moment in case.acts():
        if moment == START + 2 * HOUR + AGAIN:
            move_token(bench.db, ADMIN, moment, bench.wait("supply", case.instance_id), "sales", "再签")
    assert bench.open(case.instance_id) == ["finance"]
    assert bench.entries(case.instance_id or 0)[-1].at == START + 2 * HOUR + AGAIN


def test_whoever_holds_it_up_moves_its_next_act(bench: Bench) -> None:
    case = run(bench, step("sales"), step("finance"))
    acts = case.acts()
    next(acts)
    next(acts)
    case.not_before = START + timedelta(days=2)
    assert next(acts) == START + timedelta(days=2, hours=1)
    [*_, done] = bench.entries(case.instance_id or 0)
    assert done.at == START + timedelta(days=2)


def test_a_clock_with_a_calendar_acts_in_working_time_and_moves_dates() -> None:
    soon = timedelta(minutes=25)
    clock = Clock(timedelta(days=7), calendar=seeded(), soon=lambda _moment: soon)
    saturday_night = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)

    found = clock.at(saturday_night)

    zone = seeded().zone
    assert found.astimezone(zone).date() == date(2026, 3, 9)
    assert seeded().working_between(saturday_night, found) == soon
    assert list(Clock().moments(scenario(step("a"), step("b", 2 * HOUR)))) == [START, START + HOUR, START + 3 * HOUR]


def test_dates_are_meant_as_seen_from_the_day_of_the_act() -> None:
    written = datetime(2026, 3, 2, 9, 0, tzinfo=seeded().zone)
    values = {"on": date(2026, 3, 4), "rows": [date(2026, 3, 6)], "n": 1, "at": datetime(2026, 3, 3, 14, 0)}  # noqa: DTZ001

    def dated(clock: Clock, days: int) -> object:
        return clock.dated(values, written, (written + timedelta(days=days)).astimezone(UTC))

    assert dated(Clock(), 0) == values
    moved = {"on": date(2026, 3, 7), "rows": [date(2026, 3, 9)], "n": 1, "at": datetime(2026, 3, 6, 14, 0)}  # noqa: DTZ001
    assert dated(Clock(), 3) == moved
    assert dated(Clock(calendar=seeded()), 3) == moved | {"on": date(2026, 3, 9)}, "no Saturday"
