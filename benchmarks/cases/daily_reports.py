"""Cases in which somebody reports every day: alone, beside a branch that stays open, and there in a sub-process."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import select

from engine.actor import SYSTEM, Actor
from engine.bpmn import Input, WaitId
from engine.clauses import Register
from engine.commands import complete_task, deploy_definition, start_instance
from engine.commands.case import record
from engine.database import Database
from engine.history.append import load_to_write
from engine.lint import LintContext
from engine.session import Session
from engine.tables import instances, waits
from engine.task_id import TaskId

REPORTER = Actor("reporter", "reporter", frozenset({"work:clerk", "start:*"}))
SHAPES = {"alone": "day", "beside a branch": "day_beside", "in a sub-process": "day_inside"}
"""The keys of the processes by what is around the loop; the last two also have a task that stays open."""

_AT_ONCE = 100
_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:cf="urn:clauseflow:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" '
    'targetNamespace="urn:clauseflow:benchmarks">'
)
_LOOP = (
    '<bpmn:userTask id="report" name="日报" cf:nameEn="Report" cf:form="report"/>'
    '<bpmn:exclusiveGateway id="more" name="还有吗" cf:nameEn="More?" default="more_to_finish"/>'
)


def diagram(key: str) -> str:
    """The diagram of one of SHAPES, which SpiffWorkflow alone reads as well."""
    beside = '<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>'
    beside += '<bpmn:userTask id="long" name="长期" cf:nameEn="Long" cf:form="report"/>'
    loop = _LOOP + _flows("report", "more") + _again("more", "report")
    inside = f'{loop}<bpmn:startEvent id="begin"/><bpmn:endEvent id="finish"/>'
    inside += _flows("begin", "report") + _flows("more", "finish")
    content = {
        "day": loop + _flows("start", "report") + _flows("more", "finish") + '<bpmn:endEvent id="finish"/>',
        "day_beside": beside + loop + _flows("start", "split", "long", "join", "end") + _flows("split", "report")
        + '<bpmn:intermediateThrowEvent id="finish"/>' + _flows("more", "finish", "join") + '<bpmn:endEvent id="end"/>',
        "day_inside": beside + f'<bpmn:subProcess id="trip" name="出差" cf:nameEn="Trip">{inside}</bpmn:subProcess>'
        + _flows("start", "split", "long", "join", "end") + _flows("split", "trip", "join")
        + '<bpmn:endEvent id="end"/>',
    }[key]  # fmt: skip
    lane = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in ("report", "long")[: 1 + (key != "day")])
    lanes = f'<bpmn:lane id="clerk" name="文员" cf:nameEn="Clerk">{lane}</bpmn:lane>'
    return (
        f'{_HEAD}<bpmn:process id="{key}" name="日报" cf:nameEn="Daily report" cf:prefix="{key.upper()}" '
        f'isExecutable="true"><bpmn:laneSet id="lanes">{lanes}</bpmn:laneSet>'
        f'<bpmn:startEvent id="start" cf:form="report"/>{content}</bpmn:process></bpmn:definitions>'
    )


def _flows(*nodes: str) -> str:
    return "".join(f'<bpmn:sequenceFlow id="{a}_to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(nodes))


def _again(source: str, target: str) -> str:
    return (
        f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">'
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">amount &gt; 0</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
    )


def deploy(db: Database) -> None:
    """Put the process of every shape in force."""
    field = {"type": "number", "key": "amount", "label": "还有几次", "id": "amount", "properties": {"label:en": "Left"}}
    form = json.dumps({"type": "default", "schemaVersion": 18, "id": "report", "components": [field]}).encode()
    for key in SHAPES.values():
        files = {f"processes/{key}.bpmn": diagram(key).encode(), f"forms/{key}/report.form": form}
        deploy_definition(db, SYSTEM, datetime.now(UTC), key, files, LintContext(Register({}, {})))


def start(db: Database, key: str) -> int:
    """Start a case; gives its id."""
    return start_instance(db, REPORTER, datetime.now(UTC), key, {"amount": "1"}).instance_id


def report(db: Database, case: int) -> None:
    """One report, as its page would send it: found, then completed."""
    with db.reading() as session:
        task = TaskId(case, *_open_report(session, case))
    complete_task(db, REPORTER, datetime.now(UTC), task, {"amount": "1"})


def report_often(db: Database, case: int, times: int) -> None:
    """Many reports, a hundred to a transaction: the rows are those of as many steps."""

    def work(session: Session) -> None:
        for _ in range(_AT_ONCE):
            instance = load_to_write(session, case)
            wait = next(wait.id for wait in instance.state.waits if wait.node_id == "report")
            given = {"amount": Decimal(1)}
            record(session, instance, Input("complete", datetime.now(UTC), REPORTER.id, None, wait, given))

    for _ in range(times // _AT_ONCE):
        db.write(work)


def state_size(db: Database, case: int) -> int:
    """Bytes of a case's state as stored."""
    with db.reading() as session:
        return len(session.execute(select(instances.c.state).where(instances.c.id == case)).scalar_one())


def _open_report(session: Session, case: int) -> WaitId:
    here = select(waits.c.seq, waits.c.k).where(waits.c.instance_id == case, waits.c.closed_at.is_(None))
    return WaitId(*session.execute(here.where(waits.c.node_id == "report")).one())
