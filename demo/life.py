"""What happens to a demo case beside its scenario: people say things, and administrators step in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from company.comments import add_comment
from company.linked_cases import linked_cases
from demo import people as demo
from demo import world as demo_world
from demo.plans import Plan
from engine.actor import Actor
from engine.commands import cancel_instance, claim_task, resume_instance, suspend_instance
from engine.database import Database
from engine.errors import ClauseflowError
from engine.scenarios import ScenarioRun, invented_actor, open_tasks
from engine.tables import instances
from engine.task_id import TaskId

ADMINISTRATOR = Actor("admin", "关管理", frozenset({"correct", "see:*"}))
TALK = 0.08
"""How many acts somebody says something about."""

PAUSE = timedelta(days=2)
TIDIED_AFTER = timedelta(hours=2)
AFTERNOON, SEEN_AFTER = time(16, 30), timedelta(minutes=25)
DAILY = {"daily_report"}
"""What is done whenever it is open, also when the scenario comes to it again."""

TIDY, MOST_ROUNDS = 0.85, 12
"""How willingly people do what else stands open, and how often they look once the scenario is over."""

HELD = 2
"""How many tasks a person takes before others do."""

CANCELLED = ("客户自行修好，撤回。", "重复登记，以先登记的为准。", "合同变更，此事项不再办理。")
SUSPENDED = ("客户停产检修，下月再约。", "等客户确认停机窗口。", "等主管部门批文。")


def lived(db: Database, plan: Plan, run: ScenarioRun, held: Counter[str]) -> Iterator[datetime]:
    """The moments of a case's acts, each before it is done, and what else happens to it; `held` counts tasks taken."""
    dice = Random(plan.number)  # noqa: S311 - the demo is the same at every run
    said, last = 0, plan.begins
    for moment in run.acts():
        if run.done == plan.stop:
            last += timedelta(minutes=dice.randint(4, 40))
            if not plan.clock.over(last):
                yield last
                _take(db, run, last, held)
            return
        if plan.clock.over(moment):
            return
        if plan.fate and run.done == plan.fate_at and run.not_before is None:
            yield moment
            run.not_before = _befall(db, plan, run.number or "", dice, moment)
            if run.not_before is None or plan.clock.over(run.not_before):
                return
            yield run.not_before
            resume_instance(db, ADMINISTRATOR, run.not_before, run.number or "", "客户回话，继续办理。")
            moment = max(moment, run.not_before)
        if run.done > said and dice.random() < TALK:
            _say(db, run.number or "", dice, moment)
        said = run.done
        for look in _looks(plan, last, moment) if run.done else ():
            yield look
            _tidy(plan, run, dice, look)
        yield moment
        _tidy(plan, run, dice, moment)
        last = moment
    for _round in range(MOST_ROUNDS):
        last = plan.clock.at(last + TIDIED_AFTER)
        if plan.clock.over(last):
            return
        yield last
        if not _tidy(plan, run, dice, last):
            return


def _looks(plan: Plan, last: datetime, until: datetime) -> Iterator[datetime]:
    """When people look what else is open: soon after they did something, then late in every afternoon."""
    look = plan.clock.at(last + TIDIED_AFTER)
    while look < until:
        yield look
        local = look.astimezone(plan.scenario.at.tzinfo)
        days = 1 if local.time() >= AFTERNOON else 0
        look = plan.clock.at(datetime.combine(local.date() + timedelta(days=days), AFTERNOON, local.tzinfo))


def _tidy(plan: Plan, run: ScenarioRun, dice: Random, now: datetime) -> bool:
    """Do what stands open and the scenario will not come to, as chasing what is late; whether there was anything."""
    coming = {step.do for step in plan.scenario.steps[max(0, run.done - 1) :]}
    tidied = False
    for task in [*run.open_tasks(), *_tasks_of_linked(run)] if run.done else ():
        known = plan.known.get((task.key, task.node_id))
        if known is None or task.node_id in coming - DAILY or task.opened_at > now - SEEN_AFTER or dice.random() > TIDY:
            continue
        file, step = known
        by = invented_actor(file, step.by)
        if task.assignee:
            by = replace(by, id=task.assignee, name=task.assignee)
        try:
            run.complete(by, now, TaskId(task.instance_id, task.seq, task.k), step)
        except ClauseflowError:  # it does not fit this case: it stays for whoever opens the demo
            continue
        tidied = True
    return tidied


def _tasks_of_linked(run: ScenarioRun) -> list[Any]:
    """The open tasks of the cases that this one opened without waiting for them."""
    opened = select(instances.c.id).join(linked_cases, linked_cases.c.opened == instances.c.number)
    with run.db.reading() as session:
        found = session.execute(opened.where(linked_cases.c.number == run.number)).scalars().all()
        return [task for case_id in found for task in open_tasks(session, case_id)]


def _take(db: Database, run: ScenarioRun, now: datetime, held: Counter[str]) -> None:
    """Let whoever of the lane holds least take each open task of the case, if that may be theirs."""
    for task in run.open_tasks():
        able = [person for person in demo.PEOPLE if task.lane in person.roles and held[person.account] < HELD]
        for person in sorted(able, key=lambda person: (len(person.roles), held[person.account]))[:1]:
            actor = Actor(person.account, person.name, frozenset({f"work:{task.lane}"}))
            try:
                claim_task(db, actor, now, TaskId(task.instance_id, task.seq, task.k))
            except ClauseflowError:  # four eyes: somebody else's
                continue
            held[person.account] += 1


def _befall(db: Database, plan: Plan, number: str, dice: Random, now: datetime) -> datetime | None:
    """Cancel or suspend the case; gives when it goes on, None when it does not."""
    try:
        if plan.fate == "cancelled":
            cancel_instance(db, ADMINISTRATOR, now, number, dice.choice(CANCELLED))
            return None
        suspend_instance(db, ADMINISTRATOR, now, number, dice.choice(SUSPENDED))
    except ClauseflowError:  # the case has ended meanwhile
        return None
    return plan.clock.at(now + PAUSE) if plan.fate == "interrupted" else None


def _say(db: Database, number: str, dice: Random, at: datetime) -> None:
    person = dice.choice([person for person in demo.PEOPLE if "after_sales" in person.roles])
    speaker = Actor(person.account, person.name, frozenset({"see:*"}))
    add_comment(db, speaker, at - timedelta(minutes=dice.randint(1, 9)), number, dice.choice(demo_world.REMARKS))
