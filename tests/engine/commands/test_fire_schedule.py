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
from tests.bench import ADMIN, NO_REGISTER, Bench, files_of
from tests.engine.bpmn.walking import CALENDAR

HOUR = timedelta(hours=1)
CYCLE = "<bpmn:timeCycle>R/PT1H</bpmn:timeCycle>"


def deploy(bench: Bench, timer: str, title: str = "巡检") -> list[Problem]:
    """Deploy the patrol with another timer; gives what is said about it."""
    files = files_of("patrol")
    text = files["processes/patrol.bpmn"].decode()
    assert CYCLE in text
    files["processes/patrol.bpmn"] = text.replace(CYCLE, timer).replace('name="巡检"', f'name="{title}"', 1).encode()
    found = deploy_definition(bench.db, SYSTEM, bench.now, "patrol", files, LintContext(NO_REGISTER)).warnings
    return [warning for warning in found if warning.rule == "schedule"]


def schedule(bench: Bench) -> Schedule:
    with bench.db.reading() as session:
        (found,) = all_schedules(session)
    return found


def begun(bench: Bench) -> list[datetime]:
    """The moments for which the clock began cases."""
    starts = [bench.entries(case)[0].facts for case in range(1, len(bench.status()) + 1)]
    return [facts["due"] for facts in starts if facts.get("start") == "hourly"]


def test_the_clock_starts_a_case_by_the_door_everybody_takes(bench: Bench) -> None:
    first = bench.deploy("patrol").now + HOUR
    assert bench.drain().status() == {}
    bench.later(hours=1, seconds=5).drain()

    assert bench.status() == {"PAT-2026-000001": "active"}
    assert bench.column("started_by") == {"PAT-2026-000001": SYSTEM.id}
    (entry,) = bench.entries(1)
    assert (entry.kind, entry.actor, entry.at) == ("start", SYSTEM.id, bench.now)
    assert (entry.facts["start"], entry.facts["due"]) == ("hourly", first)
    assert schedule(bench).next_at == first + HOUR
    bench.do("walk")
    bench.check()


def test_it_goes_on_from_one_time_to_the_next(bench: Bench) -> None:
    bench.deploy("patrol")
    for _ in range(5):
        bench.later(hours=1).drain()
    assert len(begun(bench)) == 5
    bench.check()


def test_after_an_outage_what_is_overdue_begins_once(bench: Bench) -> None:
    first = bench.deploy("patrol").now + HOUR
    bench.later(hours=7, minutes=30).drain()
    assert begun(bench) == [first]
    assert schedule(bench).next_at == bench.now + HOUR / 2


def test_a_clock_that_goes_back_starts_nothing_twice(bench: Bench) -> None:
    bench.deploy("patrol").later(hours=1).drain()
    bench.later(hours=-1).drain().later(minutes=59).drain().later(minutes=1).drain()
    assert len(begun(bench)) == 1


def test_a_person_starts_beside_the_clock(bench: Bench) -> None:
    bench.deploy("patrol").later(hours=1).drain()
    bench.start("patrol")
    assert bench.open() == ["walk", "walk"]


def test_so_many_times_and_no_more(bench: Bench) -> None:
    deploy(bench, "<bpmn:timeCycle>R2/PT1H</bpmn:timeCycle>")
    for _ in range(4):
        bench.later(hours=1).drain()
    assert len(begun(bench)) == 2
    assert (schedule(bench).next_at, schedule(bench).left) == (None, 0)


def test_a_date_begins_one_case(bench: Bench) -> None:
    moment = bench.now + 2 * HOUR
    assert deploy(bench, f"<bpmn:timeDate>{moment.isoformat()}</bpmn:timeDate>") == []
    bench.later(hours=3).drain().later(days=400).drain()
    assert begun(bench) == [moment]


def test_a_date_that_is_over_is_warned_of_and_begins_nothing(bench: Bench) -> None:
    (warning,) = deploy(bench, f"<bpmn:timeDate>{(bench.now - HOUR).isoformat()}</bpmn:timeDate>")
    assert (warning.where, warning.severity) == ("hourly", "warning")
    assert bench.later(days=1).drain().status() == {}


def test_the_same_content_again_leaves_the_schedule_alone(bench: Bench) -> None:
    due = bench.deploy("patrol").now + HOUR
    bench.later(minutes=30).deploy("patrol")
    assert schedule(bench).next_at == due


def test_a_new_version_replaces_the_schedule_and_starts_its_own(bench: Bench) -> None:
    bench.deploy("patrol").later(minutes=30)
    deploy(bench, "<bpmn:timeCycle>R/PT2H</bpmn:timeCycle>", title="新巡检")
    assert bench.later(hours=1).drain().status() == {}
    bench.later(hours=1).drain()
    with bench.db.reading() as session:
        assert session.execute(select(instances.c.definition_id)).scalars().all() == [2]


def test_a_new_version_keeps_what_is_due_already(bench: Bench) -> None:
    due = bench.deploy("patrol").now + HOUR
    bench.later(hours=2)
    deploy(bench, "<bpmn:timeCycle>R2/PT3H</bpmn:timeCycle>")
    assert (schedule(bench).next_at, schedule(bench).left) == (due, 3)
    bench.drain().later(hours=3).drain().later(hours=9).drain().later(days=9).drain()
    assert begun(bench) == [due, due + 3 * HOUR, due + 6 * HOUR]


def test_a_new_date_moves_the_one_before_even_when_that_is_due(bench: Bench) -> None:
    bench.deploy("patrol").later(hours=2)
    moment = bench.now + HOUR
    deploy(bench, f"<bpmn:timeDate>{moment.isoformat()}</bpmn:timeDate>")
    bench.drain().later(hours=1).drain()
    assert begun(bench) == [moment]


def test_a_version_without_a_timer_start_takes_the_schedule_away(bench: Bench) -> None:
    bench.deploy("patrol")
    files = files_of("notice")
    text = files["processes/notice.bpmn"].decode().replace('id="notice"', 'id="patrol"')
    files = {"processes/patrol.bpmn": text.encode(), "forms/patrol/facts.form": files["forms/notice/facts.form"]}
    deploy_definition(bench.db, SYSTEM, bench.now, "patrol", files, LintContext(NO_REGISTER, frozenset({"mail"})))
    assert bench.later(days=1).drain().status() == {}


def test_working_time_counts_from_the_deploy(bench: Bench) -> None:
    bench.db.write(lambda session: put_in_force(session, CALENDAR, bench.now, "test"))
    deploy(bench, "<bpmn:timeDuration>=working hours(8)</bpmn:timeDuration>")
    assert schedule(bench).next_at == bench.now + timedelta(days=1)


def test_what_the_process_refuses_stands_still_until_it_is_tried_again(bench: Bench, monkeypatch: Any) -> None:
    bench.deploy("patrol").later(hours=1)
    monkeypatch.setattr("engine.commands.unattended.fire_schedule.start", _refuse)
    bench.drain().later(hours=1).drain()
    with bench.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert (incident.kind, incident.key, incident.node_id) == ("schedule", "patrol", "hourly")
    assert incident.facts["reason_en"] == "It failed (ValueError: not today)"
    monkeypatch.undo()
    assert bench.drain().status() == {}, "it stands still"
    with pytest.raises(ReasonMissing):
        retry_schedule(bench.db, ADMIN, schedule(bench).id, " ")
    retry_schedule(bench.db, ADMIN, schedule(bench).id, "已修复")
    with pytest.raises(NoIncident):
        retry_schedule(bench.db, ADMIN, schedule(bench).id, "已修复")
    assert len(begun(bench.drain())) == 1


def _refuse(*_: Any) -> None:
    raise ValueError("not today")


def test_a_scenario_may_begin_by_the_clock(bench: Bench) -> None:
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
    outcome = run_scenario(bench.deploy("patrol").db, file, file.scenarios[0], {})
    assert outcome.problems == ()
