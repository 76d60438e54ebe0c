"""Administrators see what stands still everywhere and what the clock starts, and have it tried again."""

from __future__ import annotations

import re

import pytest

from engine.bpmn.run.schedule import next_firing
from engine.history.definitions import NoSuchProcess
from engine.jobs import JobError
from handlers import given
from tests.bench import Bench


@pytest.fixture
def database_url(sqlite_url):
    """The commands and queries are tried on both databases: one is enough for their pages."""
    return sqlite_url


@pytest.fixture
def bench(staffed):
    return Bench(staffed.db)


@pytest.mark.usefixtures("staffed")
def test_without_trouble_and_schedules_the_pages_say_so(visit):
    admin = visit("admin")
    assert "没有异常单" in admin.get("/admin/incidents").text
    assert "没有定时发起的流程" in admin.get("/admin/schedules").text


def test_what_stands_still_leads_to_its_case(visit, bench):
    def refuse(_job):
        raise JobError(reason="没有这个邮箱")

    bench.deploy("notice")
    bench.mail = refuse
    bench.start("notice")
    bench.drain()
    page = visit("admin").get("/admin/incidents").text
    assert "没有这个邮箱" in page
    assert 'href="/cases/NOT-2026-000001"' in page


def test_a_schedule_shows_what_it_began_and_when_it_goes_on(visit, bench, clock):
    bench.deploy("patrol").later(hours=1, seconds=5).drain()
    clock.now = bench.now
    page = visit("admin").get("/admin/schedules").text
    assert "PAT-2026-000001" in page
    assert "59 分钟后" in page


def test_one_that_stands_still_is_tried_again_and_the_log_keeps_why(visit, bench, clock, monkeypatch):
    def refuse(*_):
        raise ValueError("not today")

    bench.deploy("patrol").later(hours=1)
    monkeypatch.setattr("engine.history.schedules.next_firing", refuse)
    bench.drain()
    monkeypatch.setattr("engine.history.schedules.next_firing", next_firing)
    clock.now, admin = bench.now, visit("admin")
    page = admin.get("/admin/schedules").text
    assert "not today" in page
    assert "not today" in admin.get("/admin/incidents").text
    retry = re.search(r'action="(/admin/schedules/\d+/retry)"', page)[1]
    admin.post(retry, {"reason": ""})
    assert "请填写理由。" in admin.get("/admin/schedules").text
    admin.post(retry, {"reason": "已修复"})
    assert "not today" not in admin.get("/admin/schedules").text
    log = admin.get("/admin/log").text
    assert "让定时发起重试" in log
    assert "已修复" in log
    admin.post(retry, {"reason": "再试"})
    assert "没有待处理的故障" in admin.get("/admin/schedules").text
    assert "再试" not in admin.get("/admin/log").text


@pytest.mark.usefixtures("staffed")
def test_a_message_that_is_not_there_is_refused_in_a_sentence(visit):
    admin = visit("admin")
    assert admin.post("/admin/messages/999/retry", {"reason": "试"}).location == "/admin/incidents"
    assert "没有待处理的故障" in admin.get("/admin/incidents").text


@pytest.mark.parametrize(
    ("fault", "zh", "en"),
    [
        (JobError(reason="没有这个邮箱", reason_en="there is no such mailbox"), "没有这个邮箱", "no such mailbox"),
        (given.refused("to", "缺失", "is missing"), "输入“to”缺失", "the input “to” is missing"),
        (NoSuchProcess(key="rma"), "没有部署流程“rma”。", "No process “rma” is deployed."),
        (ConnectionRefusedError("refused"), "执行时出错（ConnectionRefusedError: refused）", "It failed (Connection"),
    ],
)
def test_an_incident_is_told_in_the_readers_language(visit, bench, fault, zh, en):
    def fail(_job):
        raise fault

    bench.deploy("notice")
    bench.mail = fail
    bench.start("notice")
    for _ in range(6):
        bench.drain().later(hours=1)
    for address in ("/admin/incidents", "/cases/NOT-2026-000001"):
        for language, said, other in (("zh", zh, en), ("en", en, zh)):
            page = visit("admin").speaks(language).get(address).text
            assert said in page, (address, language)
            assert other not in page, (address, language)
