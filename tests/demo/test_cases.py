"""The demo: cases that really ran on one clock, proven, alike at every run and unlike each other."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from cli.content import bundle, process_keys
from company.calendar.seed import ensure_calendar, seeded
from company.files.attachments import references
from company.files.store import FileStore
from company.records.tables import records
from demo import people as demo
from demo import records as demo_records
from demo import world as demo_world
from demo.cases import load_cases
from demo.cast import dressed, played, swapped
from demo.plans import Plan, plans
from demo.troubles import EACH, Troubles
from engine.actor import SYSTEM
from engine.clauses import Register
from engine.commands import deploy_definition
from engine.database import Database
from engine.history.anchoring.anchors import read_outside
from engine.history.reading_steps import steps_of
from engine.jobs import Job, JobError
from engine.lint import LintContext
from engine.proving.proof import verify_all
from engine.queries import instance_numbers
from engine.tables import instances, waits
from handlers import HANDLERS

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
"""Wednesday 11:00 in Shanghai."""

SIZE = 14


@pytest.fixture
def company(db: Database, register: Register) -> Database:
    """The demo's people and every process, deployed before the first case."""
    before = NOW - timedelta(days=150)
    ensure_calendar(db, before)
    demo.load_people(db, before)
    context = LintContext(register, frozenset(HANDLERS), frozenset(process_keys()))
    for key in process_keys():
        deploy_definition(db, SYSTEM, before, key, bundle(key).files, context)
    return db


@pytest.mark.long
def test_the_demo_is_proven_against_anchors_taken_as_time_passed(company: Database, tmp_path: Path) -> None:
    store, anchor_file = FileStore(), tmp_path / "anchors"

    assert list(load_cases(company, store, anchor_file, NOW, SIZE)) == [*range(1, SIZE + 1)]

    reports, problems = verify_all(company, anchor_file)
    with company.reading() as session:
        numbers = instance_numbers(session)
        roots = session.execute(select(func.count()).where(instances.c.parent_id.is_(None))).scalar_one()
        histories = {head: steps_of(session, head) for head in session.execute(select(instances.c.id)).scalars()}
        open_tasks = session.execute(
            select(func.count()).where(waits.c.kind == "task", waits.c.closed_at.is_(None), waits.c.opened_at <= NOW)
        ).scalar_one()
    assert problems == []
    assert all(report.ok for report in reports)
    assert len(reports) == len(numbers)
    assert roots >= SIZE
    assert open_tasks > 0
    for entries in histories.values():
        moments = [entry.at for entry in entries]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW
    taken = [anchor.at for anchor in read_outside(anchor_file)]
    assert taken == sorted(taken)
    assert len(taken) > 3
    assert taken[-1] == NOW
    handed_in = [file for entries in histories.values() for entry in entries for file in references(dict(entry.values))]
    for reference in handed_in:
        content = b"".join(store.read(str(reference["sha256"])))
        assert hashlib.sha256(content).hexdigest() == reference["sha256"]


def test_a_database_with_cases_is_left_alone(company: Database, tmp_path: Path) -> None:
    assert len(list(load_cases(company, FileStore(), tmp_path / "anchors", NOW, 1))) == 1
    assert list(load_cases(company, FileStore(), tmp_path / "anchors", NOW, 5)) == []


def test_a_demo_may_have_people_and_no_cases(company: Database, tmp_path: Path) -> None:
    assert list(load_cases(company, FileStore(), tmp_path / "anchors", NOW, 0)) == []


@pytest.fixture(scope="module")
def planned() -> list[Plan]:
    """The cases of the demo that `make run` shows."""
    return plans(NOW, 150, seeded())


def test_the_same_cases_are_planned_at_every_run(planned: list[Plan]) -> None:
    def shown(found: list[Plan]) -> list[object]:
        return [(p.number, p.begins, p.stop, p.fate, p.scenario.by, dict(p.scenario.values)) for p in found]

    assert shown(plans(NOW, 150, seeded())) == shown(planned)


def test_no_two_cases_of_a_process_look_alike_and_every_process_is_there(planned: list[Plan]) -> None:
    assert {plan.file.process for plan in planned} == set(process_keys())
    customers = {plan.scenario.values.get("customer") for plan in planned}
    assert len(customers) > 30
    told = Counter(repr(sorted(plan.scenario.values.items())) for plan in planned if "fault" in plan.scenario.values)
    assert told.most_common(1)[0][1] <= 2


def test_they_begin_over_the_last_months_and_none_acts_after_now(planned: list[Plan]) -> None:
    assert planned == sorted(planned, key=lambda plan: plan.begins)
    assert NOW - timedelta(days=125) < planned[0].begins < NOW - timedelta(days=100)
    for plan in planned:
        if plan.stop is not None:
            *_, last = [moment for moment, _ in zip(plan.clock.moments(plan.scenario), range(plan.stop), strict=False)]
            assert last <= NOW


def test_work_stands_before_a_step_of_every_lane(planned: list[Plan]) -> None:
    lanes = {key: {node.id: node.lane for node in bundle(key).diagram.nodes.values()} for key in process_keys()}
    standing = {lanes[p.file.process][p.scenario.steps[p.stop - 1].do] for p in planned if p.stop}
    held = {role for person in demo.PEOPLE for role in person.roles}
    of_people = {lane for nodes in lanes.values() for lane in nodes.values() if lane}
    done_by_people = {
        lanes[file.process].get(step.do)
        for file in map(played, process_keys())
        for scenario in file.scenarios
        for step in scenario.steps
    }
    assert standing >= (of_people & held & done_by_people)


def test_some_are_taken_back_or_put_off(planned: list[Plan]) -> None:
    assert {plan.fate for plan in planned} == {"", "cancelled", "suspended", "interrupted"}


@pytest.mark.parametrize("process", process_keys())
def test_a_dressed_scenario_keeps_who_is_who_and_drops_what_was_refused(process: str) -> None:
    file = played(process)
    roles = {person.account: set(person.roles) for person in demo.PEOPLE}
    for number, scenario in enumerate(file.scenarios):
        cast, new = dressed(file, scenario, Random(number))  # noqa: S311
        assert len(cast.people) == len(file.people), "two people stay two people"
        assert all(set(wanted) <= roles[account] for account, wanted in cast.people.items())
        assert [step.do for step in new.steps] == [step.do for step in scenario.steps if step.refused is None]
        assert {new.by, *(step.by for step in new.steps)} - {""} <= cast.people.keys(), "the clock is nobody"
        assert new.values.keys() == scenario.values.keys()


def test_what_stands_for_a_customer_is_swapped_inside_texts_too() -> None:
    swaps = {"北岭轨道装备公司": "南川机车厂"}
    given = {"unit": "北岭轨道装备公司设备部", "rows": [{"to": "北岭轨道装备公司"}], "n": 3, "near": "北岭"}
    rows = [{"to": "南川机车厂"}]
    assert swapped(given, swaps) == {"unit": "南川机车厂设备部", "rows": rows, "n": 3, "near": "北岭"}


def test_machines_and_their_customers_stand_in_the_business_records(db: Database) -> None:
    demo_records.load_records(db, NOW)
    with db.reading() as session:
        known = set(session.execute(select(records.c.key).where(records.c.kind == "equipment")).scalars())
    machines = demo_world.machines()
    assert len({machine.serial_no for machine in machines}) == len(machines) > 30
    assert {machine.serial_no for machine in machines} <= known
    assert {machine.customer for machine in machines} <= set(demo_records.CUSTOMERS)
    assert {machine.model for machine in machines} == set(demo_world.FAULTS) == set(demo_world.FAMILIES)


def test_a_few_jobs_near_now_fail_at_every_attempt_until_somebody_else_tries(db: Database) -> None:
    notify = Troubles(NOW).handlers()["notify"]

    def job(key: str, before: timedelta) -> Job:
        given = {"to": "role:finance", "subject": "到货"}
        return Job(key, "SR-1", "tell", given, {}, NOW - before, db)

    near, long_ago = timedelta(hours=2), timedelta(days=9)
    assert notify.run(job("1-1-0", long_ago)) == {}
    for each in range(EACH):
        for _attempt in range(2):
            with pytest.raises(JobError):
                notify.run(job(f"2-{each}-0", near))
    assert notify.run(job("3-1-0", near)) == {}
    assert HANDLERS["notify"].run(job("2-0-0", near)) == {}
