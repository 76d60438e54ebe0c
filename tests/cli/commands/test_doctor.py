"""Doctor: a product at work is healthy, and every ill is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update

import clauseflow
from cli.clock import now
from company.notifications.tables import deliveries
from company.numbers import draw_number
from company.records.tables import records
from engine.calendar import Calendar
from engine.history import calendars
from engine.tables import anchors, entries, entry_texts, instances, schedules, waits, workers
from tests.bench import Bench
from tests.servers import Authority


def checks(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    clauseflow.main(["doctor", "--json"])
    return {finding["check"]: finding["state"] for finding in json.loads(capsys.readouterr().out)}


def test_doctor_finds_a_product_at_work_healthy(product: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    product.drain()
    product.db.write(lambda s: draw_number(s, "1-0-0", "PA-2026-000001", "QT", now()))
    product.db.write(lambda s: s.execute(insert(workers).values(name="w", started_at=now(), seen_at=now())))
    calendar_of(product, now().year, now().year + 1)

    found = checks(capsys)

    assert set(found) == {
        "database",
        "schema",
        "workers",
        "backlog",
        "schedules",
        "incidents",
        "calendar",
        "anchors",
        "stamps",
        "deliveries",
        "numbers",
        "keys",
        "disk",
    }
    assert {check for check, state in found.items() if state != "ok"} <= {"disk"}


def calendar_of(product: Bench, *years: int) -> None:
    """Put a calendar in force that knows one holiday of each year."""

    def work(session: Any) -> None:
        known = calendars.by_hash(session, calendars.hash_in_force(session))
        assert known is not None
        holidays = frozenset(datetime(year, 1, 1, tzinfo=UTC).date() for year in years)
        calendars.put_in_force(session, Calendar(known.zone, known.week, holidays), now(), "test")

    product.db.write(work)


OLD = timedelta(hours=3)
ILLS: dict[str, tuple[str, Callable[[Bench], Any]]] = {
    "deliveries": ("warning", lambda p: p.db.write(lambda s: s.execute(insert(deliveries).values(
        channel="mail", receiver="a@example.com", state="refused", attempts=1, answer="550", tried_at=now())))),
    "workers": ("broken", lambda p: p.db.write(lambda s: s.execute(delete(workers)))),
    "backlog": ("warning", lambda p: p.db.write(lambda s: s.execute(
        update(waits).where(waits.c.kind == "job").values(ready_at=now() - OLD)))),
    "incidents": ("warning", lambda p: p.db.write(lambda s: s.execute(
        update(waits).where(waits.c.kind == "job").values(incident="{}")))),
    "schedules": ("warning", lambda p: p.db.write(lambda s: s.execute(
        insert(schedules).values(key="notice", node_id="hourly", definition_id=1, next_at=now(), failure="{}")))),
    "calendar": ("warning", lambda p: calendar_of(p, 2001)),
    "anchors": ("broken", lambda p: p.db.write(lambda s: s.execute(update(anchors).values(root=bytes(32))))),
    "keys": ("warning", lambda p: p.db.write(lambda s: s.execute(insert(records).values(
        kind="parts", key="New", title="", facet="", search="", body=b"{}", archived=False, version=1,
        changed_at=now(), changed_by="")))),
    "numbers": ("broken", lambda p: p.db.write(lambda s: [
        s.execute(delete(t).where(t.c.instance_id == 3)) for t in (entry_texts, waits, entries)
    ] + [s.execute(delete(instances).where(instances.c.id == 3))])),
    "schema": ("broken", lambda p: p.db.write(lambda s: s.execute(text("UPDATE alembic_version SET version_num='0'")))),
}  # fmt: skip


@pytest.mark.usefixtures("product")
def test_doctor_says_how_little_room_is_left(monkeypatch: Any, capsys: Any) -> None:
    full = shutil.disk_usage("/")._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)

    assert checks(capsys)["disk"] == "broken"


def test_doctor_says_that_the_database_does_not_answer(product: Bench, monkeypatch: Any, capsys: Any) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none" if product.db.dialect == "postgresql" else "sqlite:////dev/null/x"
    monkeypatch.setenv("CLAUSEFLOW_DATABASE_URL", nowhere)

    found = checks(capsys)

    assert found["database"] == "broken"
    assert set(found) == {"database", "disk"}, "nothing else can be asked"


@pytest.mark.parametrize("ill", ILLS)
def test_doctor_names_what_is_wrong(product: Bench, ill: str, capsys: pytest.CaptureFixture[str]) -> None:
    state, harm = ILLS[ill]
    harm(product)

    assert checks(capsys)[ill] == state
    assert clauseflow.main(["doctor"]) == 1


def test_doctor_says_which_anchors_wait_for_a_time_stamp(
    product: Bench, monkeypatch: pytest.MonkeyPatch, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checks(capsys)["stamps"] == "ok"
    monkeypatch.setenv("CLAUSEFLOW_TSA_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("CLAUSEFLOW_TSA_ROOTS", str(authority.root_file))
    assert checks(capsys)["stamps"] == "ok", "just taken"
    product.db.write(lambda s: s.execute(update(anchors).values(at=now() - OLD)))

    clauseflow.main(["doctor"])
    assert "1 anchors (the first of 20" in capsys.readouterr().out
    assert checks(capsys)["stamps"] == "warning"


def test_doctor_says_that_no_anchor_was_taken_for_hours(product: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    product.db.write(lambda s: s.execute(update(instances).values(changed_at=now() - OLD)))

    assert checks(capsys)["anchors"] == "warning"
