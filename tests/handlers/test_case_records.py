"""The handlers that write one record: number, customer file, life file, diary; each once per job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from cli.content import prepare
from company.calendar.appointments import appointments_of
from company.records.customer_files import entries_of
from company.records.equipment_life import life_of
from demo import people as demo
from engine.database import Database
from engine.history.checks.anchor_check import Witnesses, check_all
from engine.jobs import Job, JobError
from handlers.calendar_entry import calendar_entry
from handlers.customer_file import customer_file
from handlers.document_number import document_number
from handlers.equipment_life import equipment_life
from tests.product import START

Make = Callable[..., Job]


def test_a_document_number_is_drawn_once_per_job(job: Make) -> None:
    drawn = [document_number(job(key, prefix="QT"))["number"] for key in ("1-0-0", "1-0-0", "1-1-0")]

    assert drawn == ["QT-2026-000001", "QT-2026-000001", "QT-2026-000002"]


def test_a_number_of_a_document_is_not_missed_as_a_case(db: Database, job: Make) -> None:
    document_number(job(prefix="QT"))

    with db.reading() as session:
        assert check_all(session, Witnesses.of(session, None)) == []


@pytest.mark.parametrize("prefix", ["", "qt", "Q-T", "报价", "QUOTATIONSX"])
def test_a_prefix_is_a_few_capitals(job: Make, prefix: str) -> None:
    with pytest.raises(JobError, match="prefix"):
        document_number(job(prefix=prefix))


def test_a_customer_file_grows_by_one_entry(db: Database, job: Make) -> None:
    for _ in range(2):
        customer_file(job(customer="北岭轨道装备公司", kind="投诉", text="漏油"))

    with db.reading() as session:
        (entry,) = entries_of(session, "北岭轨道装备公司")
    assert (entry.kind, entry.text, entry.number, entry.at) == ("投诉", "漏油", "FS-2026-000001", START)


def test_a_life_file_says_what_was_replaced_in_which_case(db: Database, job: Make) -> None:
    for _ in range(2):
        equipment_life(job(serial_no="LY-315-0007", kind="更换", part_out="A-1", part_in="A-2", note=None))

    with db.reading() as session:
        (event,) = life_of(session, "LY-315-0007")
    assert (event.part_out, event.part_in, event.note, event.number) == ("A-1", "A-2", "", "FS-2026-000001")


def test_a_date_in_the_diary_is_a_day_of_the_company(db: Database, job: Make) -> None:
    prepare(db)
    demo.load_people(db, START)
    for _ in range(2):
        calendar_entry(job(who="role:finance", at=date(2026, 3, 5), text="回访"))

    with db.reading() as session:
        (entry,) = appointments_of(session, "zhou", START)
        assert appointments_of(session, "wu", START) == []
    assert entry.at == datetime(2026, 3, 4, 16, tzinfo=UTC)


def test_a_record_without_its_subject_is_refused(job: Make) -> None:
    with pytest.raises(JobError, match="the input “customer” is missing"):
        customer_file(job(kind="投诉"))
    with pytest.raises(JobError, match="the input “serial_no” is missing"):
        equipment_life(job(kind="更换"))
    with pytest.raises(JobError, match="the input “at” is missing"):
        calendar_entry(job(who="person:lin", text="回访"))
