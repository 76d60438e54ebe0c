"""Two workers with the same job at once: whoever comes second finds what the first one wrote."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import Table, func, select

from company.calendar.appointments import appointments
from company.notifications.tables import notifications
from company.numbers import document_numbers
from company.records.customer_files import customer_entries
from company.records.equipment_life import equipment_life
from company.stock import stock_movements
from engine.database import Database
from engine.jobs import Job
from handlers import HANDLERS
from tests.product import START

INPUTS = {
    "notify": ({"to": "person:sun", "subject": "重大故障"}, notifications),
    "document_number": ({"prefix": "QT"}, document_numbers),
    "customer_file": ({"customer": "南川机车厂", "kind": "投诉"}, customer_entries),
    "equipment_life": ({"serial_no": "LY-315-0007", "kind": "更换"}, equipment_life),
    "stock_movement": ({"kind": "in", "items": [{"part_no": "M", "quantity": Decimal(1)}]}, stock_movements),
    "calendar_entry": ({"who": "person:sun", "at": START, "text": "回访"}, appointments),
}


@pytest.mark.parametrize("name", INPUTS)
def test_a_job_run_by_two_workers_is_written_once(db: Database, job: Callable[..., Job], name: str) -> None:
    given, table = INPUTS[name]
    rounds, together = 5, Barrier(2)

    def work(_worker: int) -> list[object]:
        results: list[object] = []
        for number in range(rounds):
            together.wait(timeout=60)
            results.append(HANDLERS[name].run(job(f"{number}-0-0", **given)))
        return results

    with ThreadPoolExecutor(2) as workers:
        first, second = workers.map(work, range(2))

    assert first == second
    assert _rows(db, table) == rounds


def _rows(db: Database, table: Table) -> int:
    with db.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()
