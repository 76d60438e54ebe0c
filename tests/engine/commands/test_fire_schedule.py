"""The clock starts cases: once each, in order, whatever the clock, the workers and the deploys do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.actor import SYSTEM
from engine.commands import ReasonMissing, deploy_definition, retry_schedule
from engine.commands.administer.retry_job import NoIncident
from engine.errors import Problem
from engine.history.calendars import put_in_force
from engine.history.schedules import Schedule, all_schedules
from engine.lint import LintContext
from engine.queries import incidents
from engine.scenarios import read_scenarios, run_scenario
from engine.tables import instances
from tests.bench import ADMIN, NO_REGISTER, House, files_of
from tests.engine.bpmn.walking import CALENDAR

HOUR = timedelta(hours=1)
CYCLE = "<bpmn:timeCycle>R/PT1H</bpmn:timeCycle>"


def deploy(house: House, timer: str, title: str = "巡检") -> list[Problem]:
    """Deploy the patrol with another timer; gives what is said about it."""
    files = files_of("patrol")
    text = files["processes/patrol.bpmn"].decode()
    assert CYCLE in text
    files["processes/patrol.bpmn"] = text.replace(CYCLE, timer).replace('name="巡检"', f'name="{title}"', 1).encode()
    found = deploy_definition(house.db, SYSTEM, house.now, "patrol", files, LintContext(NO_REGISTER)).warnings
    return [warning for warning in found if warning.rule == "schedule"]


def schedule(house: House) -> Schedule:
    with house.db.reading() as session:
        (found,) = all_schedules(session)
    return found


def begun(house: House) -> list[datetime]:
    """The moments for which the clock began cases."""
    starts = [house.entries(case)[0].facts for case in range(1, len(house.status()) + 1)]
    return [facts["due"] for facts in starts if facts.get("start") == "hourly"]


def test_the_clock_starts_a_case_by_the_door_everybody_takes(house: House) -> None:
    first = house.deploy("patrol").now + HOUR
    assert house.drain().status() == {}
    house.later(hours=1, seconds=5).drain()

    assert house.status() == {"PAT-2026-000001": "active"}
    assert house.column("started_by") == {"PAT-2026-000001": SYSTEM.id}
    (entry,) = house.entries(1)
    assert (entry.kind, entry.actor, entry.at) == ("start", SYSTEM.id, house.now)
    assert (entry.facts["start"], entry.facts["due"]) == ("hourly", first)
    assert schedule(house).next_at == first + HOUR
    house.do("walk")
    house.check()


def test_it_goes_on_from_one_time_to_the_next(house: House) -> None:
    house.deploy("patrol")
    for _ in range(5):
        house.later(hours=1).drain()
    assert len(begun(house)) == 5
    house.check()


def test_after_an_outage_what_is_overdue_begins_once(house: House) -> None:
    first = house.deploy("patrol").now + HOUR
    house.later(hours=7, minutes=30).drain()
    assert begun(house) == [first]
    assert schedule(house).next_at == house.now + HOUR / 2


def test_a_clock_that_goes_back_starts_nothing_twice(house: House) -> None:
    house.deploy("patrol").later(hours=1).drain()
    house.later(hours=-1).drain().later(minutes=59).drain().later(minutes=1).drain()
    assert len(begun(house)) == 1


def test_a_person_starts_beside_the_clock(house: House) -> None:
    house.deploy("patrol").later(hours=1).drain()
    house.start("patrol")
    assert house.open() == ["walk", "walk"]


def test_so_many_times_and_no_more(house: House) -> None:
    deploy(house, "<bpmn:timeCycle>R2/PT1H</bpmn:timeCycle>")
    for _ in range(4):
        house.later(hours=1).drain()
    assert len(begun(house)) == 2
    assert (schedule(house).next_at, schedule(house).left) == (None, 0)


def test_a_date_begins_one_case(house: House) -> None:
    moment = house.now + 2 * HOUR
    assert deploy(house, f"<bpmn:timeDate>{moment.isoformat()}</bpmn:timeDate>") == []
    house.later(hours=3).drain().later(days=400).drain()
    assert begun(house) == [moment]


def test_a_date_that_is_over_is_warned_of_and_begins_nothing(house: House) -> None:
    (warning,) = deploy(house, f"<bpmn:timeDate>{(house.now - HOUR).isoformat()}</bpmn:timeDate>")
    assert (warning.where, warning.severity) == ("hourly", "warning")
    assert house.later(days=1).drain().status() == {}


def test_the_same_content_again_leaves_the_schedule_alone(house: House) -> None:
    due = house.deploy("patrol").now + HOUR
    house.later(minutes=30).deploy("patrol")
    assert schedule(house).next_at == due


def test_a_new_version_replaces_the_schedule_and_starts_its_own(house: House) -> None:
    house.deploy("patrol").later(minutes=30)
    deploy(house, "<bpmn:timeCycle>R/PT2H</bpmn:timeCycle>", title="新巡检")
    assert house.later(hours=1).drain().status() == {}
    house.later(hours=1).drain()
    with house.db.reading() as session:
        assert session.execute(select(instances.c.definition_id)).scalars().all() == [2]


def test_a_new_version_keeps_what_is_due_already(house: House) -> None:
    due = house.deploy("patrol").now + HOUR
    house.later(hours=2)
    deploy(house, "<bpmn:timeCycle>R2/PT3H</bpmn:timeCycle>")
    assert (schedule(house).next_at, schedule(house).left) == (due, 3)
    house.drain().later(hours=3).drain().later(hours=9).drain().later(days=9).drain()
    assert begun(house) == [due, due + 3 * HOUR, due + 6 * HOUR]


def test_a_new_date_moves_the_one_before_even_when_that_is_due(house: House) -> None:
    house.deploy("patrol").later(hours=2)
    moment = house.now + HOUR
    deploy(house, f"<bpmn:timeDate>{moment.isoformat()}</bpmn:timeDate>")
    house.drain().later(hours=1).drain()
    assert begun(house) == [moment]


def test_a_version_without_a_timer_start_takes_the_schedule_away(house: House) -> None:
    house.deploy("patrol")
    files = files_of("notice")
    text = files["processes/notice.bpmn"].decode().replace('id="notice"', 'id="patrol"')
    files = {"processes/patrol.bpmn": text.encode(), "forms/patrol/facts.form": files["forms/notice/facts.form"]}
    deploy_definition(house.db, SYSTEM, house.now, "patrol", files, LintContext(NO_REGISTER, frozenset({"mail"})))
    assert house.later(days=1).drain().status() == {}


def test_working_time_counts_from_the_deploy(house: House) -> None:
    house.db.write(lambda session: put_in_force(session, CALENDAR, house.now, "test"))
    deploy(house, "<bpmn:timeDuration>=working hours(8)</bpmn:timeDuration>")
    assert schedule(house).next_at == house.now + timedelta(days=1)


def test_what_the_process_refuses_stands_still_until_it_is_tried_again(house: House, monkeypatch: Any) -> None:
    house.deploy("patrol").later(hours=1)
    monkeypatch.setattr("engine.commands.unattended.fire_schedule.start", _refuse)
    house.drain().later(hours=1).drain()
    with house.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert (incident.kind, incident.key, incident.node_id) == ("schedule", "patrol", "hourly")
    assert incident.facts["reason_en"] == "It failed (ValueError: not today)"
    monkeypatch.undo()
    assert house.drain().status() == {}, "it stands still"
    with pytest.raises(ReasonMissing):
        retry_schedule(house.db, ADMIN, schedule(house).id, " ")
    retry_schedule(house.db, ADMIN, schedule(house).id, "已修复")
    with pytest.raises(NoIncident):
        retry_schedule(house.db, ADMIN, schedule(house).id, "已修复")
    assert len(begun(house.drain())) == 1


def _refuse(*_: Any) -> None:
    raise ValueError("not today")


def test_a_scenario_may_begin_by_the_clock(house: House) -> None:
    text = """
process: patrol
people: {文员: [clerk]}
scenarios:
  - name: 按时
    start: {clock: hourly, at: 2026-03-02T09:00:00+08:00}
    steps: [{by: 文员, do: walk}]
    path: [hourly, walk]
    ends: end
"""
    file = read_scenarios(text.encode(), "patrol.scenarios.yaml")
    outcome = run_scenario(house.deploy("patrol").db, file, file.scenarios[0], {})
    assert outcome.problems == ()
