"""The page of notifications: one's own and one's roles', text as text, read when one says so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from company.calendar.appointments import Appointment, add_appointment
from company.notifications.store import note
from company.notifications.tables import notification_reads
from tests.product import START


@pytest.fixture
def told(staffed):
    """Three notifications for finance, and one for the general manager."""

    def work(session):
        for i, address in enumerate(["role:finance"] * 3 + ["person:sun"]):
            content = {"text": "<b>主缸</b>", "number": f"FS-2026-{i}", "due_at": START - timedelta(hours=1)}
            note(session, f"1-{i}-0", address, START, subject=f"第 {i} 件", **content)
        add_appointment(
            session, "1-9-0", Appointment("person:zhou", START + timedelta(days=2), "回访客户", "FS-2026-9")
        )
        add_appointment(
            session, "1-8-0", Appointment("person:zhou", START - timedelta(days=2), "过去的事", "FS-2026-9")
        )

    staffed.db.write(work)
    return staffed.db


@pytest.mark.usefixtures("told")
def test_one_sees_what_ones_roles_were_told_and_the_diary_ahead(visit):
    page = visit("zhou").get("/notifications").text

    assert re.findall(r"第 \d 件", page) == ["第 2 件", "第 1 件", "第 0 件"]
    assert "回访客户" in page and "过去的事" not in page
    assert "期限" in page and "逾期" not in page, (
        "what was told may be done long since; being late is the inbox's to say"
    )
    assert "&lt;b&gt;主缸" in page and "<b>主缸" not in page
    assert 'href="/cases/FS-2026-2"' in page


@pytest.mark.usefixtures("told")
def test_what_one_has_read_stays_new_for_others(visit):
    zhou = visit("zhou")
    ids = re.findall(r'name="id" value="(\d+)"', zhou.get("/notifications").text)
    assert len(ids) == 3
    assert re.search(r"未读 3\b", zhou.get("/notifications").text)
    assert zhou.post("/notifications/read", {"id": ids}).status_code == 303

    assert "未读" not in zhou.get("/notifications").text
    assert "未读" in visit("qin").get("/notifications").text


def test_nobody_reads_in_anothers_place(visit, told):
    visit("wu").post("/notifications/read", {"id": ["1", "4", "x", "9" * 30]})

    with told.reading() as session:
        assert session.execute(select(func.count()).select_from(notification_reads)).scalar_one() == 0


@pytest.mark.usefixtures("told")
def test_who_was_told_nothing_is_told_so(visit):
    assert "还没有通知" in visit("wu").get("/notifications").text


@pytest.mark.usefixtures("told")
def test_strangers_are_sent_to_log_in(visit):
    assert visit(None).get("/notifications").location == "/login?next=/notifications"


def test_each_reader_is_told_in_their_own_language(visit, staffed):
    said = {"subject": "承诺逾期：南川", "subject_en": "Promise missed: Nanchuan", "number": "CO-1", "due_at": None}

    def work(session):
        note(session, "1-7-0", "role:finance", START, **said, text="请补办", text_en="Please see to it")
        ahead = Appointment("person:zhou", START + timedelta(days=2), "返修品将到", "RM-1", "Goods expected")
        add_appointment(session, "1-6-0", ahead)

    staffed.db.write(work)
    chinese, english = (
        ("承诺逾期：南川", "请补办", "返修品将到"),
        ("Promise missed: Nanchuan", "Please see to it", "Goods expected"),
    )
    for language, told, untold in (("zh", chinese, english), ("en", english, chinese)):
        page = visit("zhou").speaks(language).get("/notifications").text
        assert [text in page for text in (*told, *untold)] == [True] * 3 + [False] * 3


@pytest.mark.usefixtures("told")
def test_it_reads_in_english(visit):
    assert "Unread" in visit("zhou").speaks("en").get("/notifications").text
