"""Completing from the list: what needs no form with one press, a short form above the list, with or without script."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from company.people import sessions
from engine.actor import SYSTEM, Actor
from engine.bpmn import Definition
from engine.commands import deploy_definition, start_instance
from engine.lint import LintContext
from tests.product import START
from tests.web.test_accessible import complaints_of_axe
from web.shared.signed_in import COOKIE

FORM = {
    "type": "default",
    "schemaVersion": 18,
    "id": "ask",
    "components": [
        {"type": "textfield", "key": "answer", "label": "客户怎么说", "id": "a", "validate": {"required": True}},
    ],
}
LONG = FORM | {
    "components": [{"type": "textfield", "key": f"k{n}", "label": f"第 {n} 问", "id": f"k{n}"} for n in range(4)]
}
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:cf="urn:clauseflow:bpmn:1" targetNamespace="t">
  <process id="visit" name="回访" cf:nameEn="Visit" cf:prefix="HF" isExecutable="true">
    <laneSet id="lanes"><lane id="after_sales" name="售后部" cf:nameEn="After-sales">
      <flowNodeRef>begin</flowNodeRef><flowNodeRef>call</flowNodeRef><flowNodeRef>ask</flowNodeRef>
      <flowNodeRef>report</flowNodeRef><flowNodeRef>end</flowNodeRef>
    </lane></laneSet>
    <startEvent id="begin"/>
    <manualTask id="call" name="打电话" cf:nameEn="Call"/>
    <userTask id="ask" name="记录回答" cf:nameEn="Note the answer"/>
    <userTask id="report" name="写报告" cf:nameEn="Report"/>
    <endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="call"/>
    <sequenceFlow id="f2" sourceRef="call" targetRef="ask"/>
    <sequenceFlow id="f3" sourceRef="ask" targetRef="report"/>
    <sequenceFlow id="f4" sourceRef="report" targetRef="end"/>
  </process>
</definitions>"""
LIST = "/?view=groups"


@pytest.fixture
def database_url(sqlite_url):
    """The commands behind the list are tested on both databases; pages are the same on both."""
    return sqlite_url


@pytest.fixture
def visiting(staffed, register, clock):
    """A case that waits for a call."""
    files = {
        "processes/visit.bpmn": DIAGRAM.encode(),
        "forms/visit/ask.form": json.dumps(FORM).encode(),
        "forms/visit/report.form": json.dumps(LONG).encode(),
    }
    deploy_definition(staffed.db, SYSTEM, START, "visit", Definition("visit", files).files, LintContext(register))
    starter = Actor("lin", permissions=frozenset({"start:visit"}))
    moved = start_instance(staffed.db, starter, clock.now, "visit", {})
    staffed.instance_id = moved.instance_id
    return staffed


def test_a_task_without_a_form_is_done_with_one_press(visit, visiting):
    lin, call = visit("lin"), f"/tasks/{visiting.task('call')}"
    page = lin.get(LIST).text
    assert f'action="{call}"' in page
    assert "办妥" in page
    answer = lin.post(call, {"next": LIST})
    assert visiting.open_nodes() == ["ask"]
    following = lin.get(answer.location).text
    assert f'href="{LIST}"' in following, "the next task of the case knows the way back to the list"


def test_a_short_form_leads_back_to_the_list_as_it_was(visit, visiting):
    lin = visit("lin")
    lin.post(f"/tasks/{visiting.task('call')}")
    ask = f"/tasks/{visiting.task('ask')}"
    assert f'data-quick href="{ask}/quick?next=/?view%3Dgroups"' in lin.get(LIST).text
    page = lin.get(f"{ask}/quick?next=/?view%3Dgroups").text
    assert 'name="answer"' in page
    assert f'name="next" value="{LIST}"' in page
    refused = lin.post(ask, {"answer": "", "next": LIST})
    assert refused.status_code == 422
    assert f'name="next" value="{LIST}"' in refused.text
    lin.post(ask, {"answer": "满意", "next": LIST})
    report = visiting.task("report")
    assert lin.post(f"/tasks/{report}", {"next": LIST}).location == LIST


def test_a_longer_form_opens_its_own_page(visit, visiting):
    lin = visit("lin")
    lin.post(f"/tasks/{visiting.task('call')}")
    lin.post(f"/tasks/{visiting.task('ask')}", {"answer": "满意"})
    page = lin.get(LIST).text
    assert f"/tasks/{visiting.task('report')}?next" in page
    assert "data-quick" not in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_nobody_is_sent_to_another_site(visit, visiting, elsewhere):
    lin = visit("lin")
    lin.post(f"/tasks/{visiting.task('call')}")
    lin.post(f"/tasks/{visiting.task('ask')}", {"answer": "满意"})
    assert lin.post(f"/tasks/{visiting.task('report')}", {"next": elsewhere}).location == "/"


def test_another_groups_short_form_stays_shut(visit, visiting):
    assert visit("wu").get(f"/tasks/{visiting.task('call')}/quick").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_are_done_from_the_keyboard(new_page, address, visiting, clock, language):
    page = new_page()
    token = sessions.open_session(visiting.db, clock.now, "lin")
    cookies = {COOKIE: token, "cf_language": language}
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page.goto(address + LIST)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("main#main .task-head").wait_for()
    page.goto(address + LIST)
    page.keyboard.press("j")
    page.keyboard.press("e")
    dialog = page.locator("#quick")
    expect(dialog).to_be_visible()
    expect(dialog.locator('[name="answer"]')).to_be_focused()
    assert complaints_of_axe(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("e")
    expect(dialog.locator('[name="answer"]')).to_be_focused()
    page.keyboard.type("满意")
    page.keyboard.press("Enter")
    expect(page.locator(".flash-ok")).to_contain_text("HF-2026-000001")
    assert visiting.open_nodes() == ["report"]
