"""A scenario in time: when its acts happen, how long people wait for a task, and what holds it up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from company.working_calendar import seeded
from engine.scenarios import Clock, Run, Scenario, ScenarioFile, Step
from tests.house import House, house
from tests.product import START

__all__ = ["house"]
HOUR = timedelta(hours=1)


def step(do: str, after: timedelta = HOUR) -> Step:
    return Step("文员", do, after, {}, None, 7)


def scenario(*steps: Step) -> Scenario:
    return Scenario("会签", "Sign off", (), "文员", START, {"subject": "A1"}, steps, None, (), {}, 3)


def run(house: House, *steps: Step, clock: Clock = Clock()) -> Run:  # noqa: B008 - immutable
    file = ScenarioFile("sign_off", {"文员": ("clerk",)})
    return Run(house.deploy("sign_off").db, file, scenario(*steps), clock)


def test_an_act_is_done_when_the_next_moment_is_asked_for(house: House) -> None:
    case = run(house, step("sales"), step("finance"))

    acts = case.acts()
    assert next(acts) == START
    assert (case.done, house.status()) == (0, {})
    assert next(acts) == START + HOUR
    assert (case.done, house.open()) == (1, ["finance", "sales", "supply"])
    assert next(acts) == START + 2 * HOUR
    assert house.open() == ["finance", "supply"]
    assert list(acts) == []
    assert case.done == 3
    assert case.outcome().ok


def test_without_patience_a_task_that_is_not_open_ends_it_at_its_line(house: House) -> None:
    case = run(house, step("archive"), step("sales"))

    assert list(case.acts()) == [START, START + HOUR]
    [problem] = case.outcome().problems
    assert problem.line == 7
    assert "archive" in problem.en
    assert "finance、sales、supply" in problem.en


def test_with_patience_people_look_again_and_go_on_when_it_is_there(house: House) -> None:
    case = run(house, step("sales"), step("sales"), step("finance"), clock=Clock(patience=3 * HOUR))
    moments = []
    for moment in case.acts():
        moments.append(moment - START)
        if moment == START + 4 * HOUR:
            house.start("sign_off")  # another case's task of that name is none of this one's

    assert moments == [HOUR * each for each in (0, 1, 2, 3, 4, 5)], "waited three hours in vain"
    assert not case.outcome().ok
    assert case.done == 2


def test_whoever_holds_it_up_moves_its_next_act(house: House) -> None:
    case = run(house, step("sales"), step("finance"))
    acts = case.acts()
    next(acts)
    next(acts)
    case.not_before = START + timedelta(days=2)
    assert next(acts) == START + timedelta(days=2, hours=1)
    [*_, done] = house.entries(case.instance_id or 0)
    assert done.at == START + timedelta(days=2)


def test_a_clock_with_a_calendar_acts_in_working_time_and_moves_dates() -> None:
    soon = timedelta(minutes=25)
    clock = Clock(timedelta(days=7), calendar=seeded(), soon=lambda _moment: soon)
    saturday_night = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)

    found = clock.at(saturday_night)

    zone = seeded().zone
    assert found.astimezone(zone).date() == date(2026, 3, 9)
    assert seeded().working_between(saturday_night, found) == soon
    assert clock.dated({"on": date(2026, 3, 2), "rows": [date(2026, 3, 3)], "n": 1}) == {
        "on": date(2026, 3, 9),
        "rows": [date(2026, 3, 10)],
        "n": 1,
    }
    assert list(Clock().moments(scenario(step("a"), step("b", 2 * HOUR)))) == [START, START + HOUR, START + 3 * HOUR]
