"""The case and the inbox say what went off about a late task, when, and who was told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from company.notifications.store import note
from engine.actor import SYSTEM, Actor
from engine.clauses import Register
from engine.commands import deploy_definition, start_instance
from engine.jobs import Handler
from engine.lint import LintContext
from engine.worker import Worker
from tests.bench import files_of
from tests.product import START

BOUNDARY = '<bpmn:boundaryEvent id="overdue" attachedToRef="reply">'
STARTER = Actor("lin", "林一凡", frozenset({"start:*", "see:*", "work:after_sales"}))


def tell(job):
    """A handler that tells the finance people and 孙总."""
    job.db.write(lambda session: [note(session, job.key, address, job.now, **SAID) for address in TOLD])
    return {}


SAID = {"subject": "逾期", "text": "", "number": "", "due_at": None}
TOLD = ("role:finance", "person:sun", "customer:a@example.com")


@pytest.fixture
def late(staffed):
    """A case whose task was not done within the hour: the timer told people, and the task is still open."""
    files = files_of("deadline")
    path = "processes/deadline.bpmn"
    text = files[path].decode().replace(BOUNDARY, BOUNDARY.replace(">", ' cancelActivity="false" name="满一小时">'))
    text = text.replace('<bpmn:userTask id="escalate"', '<bpmn:serviceTask id="escalate" cf:handler="tell"')
    text = text.replace('cf:nameEn="Escalate" cf:form="facts"', 'cf:nameEn="Escalate"')
    text = text.replace("<bpmn:flowNodeRef>escalate</bpmn:flowNodeRef>", "").replace('id="clerk"', 'id="after_sales"')
    context = LintContext(Register({}, {}), frozenset({"tell"}))
    deploy_definition(staffed.db, SYSTEM, START, "deadline", files | {path: text.encode()}, context)
    case = start_instance(staffed.db, STARTER, START, "deadline", {"subject": "A1"})
    after = START + timedelta(hours=1)
    Worker(staffed.db, {"tell": Handler(tell)}, lambda: after, "worker").drain(after)
    return case


def test_a_case_lists_what_went_off_and_who_was_told(visit, late, clock):
    clock.forward(hours=3)
    page = visit("admin").get(f"/cases/{late.number}").text
    section = re.search(r"<h2>提醒与升级</h2>(.*?)</section>", page, re.DOTALL)
    assert section
    assert "满一小时" in section[1]
    assert "→ 财务部、孙总、a@example.com" in section[1]


def test_a_case_without_any_says_nothing_of_it(visit, staffed, act):
    staffed.start(act("lin"))
    assert "提醒与升级" not in visit("lin").get(f"/cases/{staffed.number}").text


@pytest.mark.usefixtures("late")
def test_the_inbox_says_it_beside_the_task(visit, clock):
    clock.forward(hours=3)
    page = visit("lin").get("/?view=groups").text
    [line] = re.findall(r'<span class="reminded" title="满一小时">(.*?)</span>', page)
    assert line == "2 小时前提醒 → 财务部、孙总、a@example.com"
    english = visit("lin").speaks("en").get("/?view=groups").text
    assert "Reminded 2 hours ago → Finance, " in english
