"""A company's clock is the zone of its working calendar: on every page, paper and number, through summer time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, update

from company.calendar.seed import seeded
from company.calendar.versions import values_of
from engine.calendar import Calendar
from engine.commands import start_instance
from engine.database import Database
from engine.history import calendars
from engine.history.calendars import zone_in_force
from engine.tables import waits
from tests.product import FAULT, ROOT
from tests.web.admin.test_calendar import posted
from web.shared.formats import exact
from web.shared.standing_in import period

BERLIN = ZoneInfo("Europe/Berlin")
WINTER, SUMMER = datetime(2026, 3, 2, 8, 15, tzinfo=UTC), datetime(2026, 7, 6, 8, 15, tzinfo=UTC)
PRODUCT = ("cli", "company", "demo", "engine", "handlers", "web", "processes", "forms")


@pytest.fixture
def database_url(sqlite_url):
    """Pages are the same on both databases."""
    return sqlite_url


def put_in_force(db: Database, zone: ZoneInfo) -> None:
    known: Calendar = replace(seeded(), zone=zone)
    db.write(lambda session: calendars.put_in_force(session, known, WINTER, "admin"))


@pytest.fixture
def berlin(staffed):
    """The company with its calendar in Berlin."""
    put_in_force(staffed.db, BERLIN)
    return staffed


def opened(berlin, act, clock, now):
    clock.now = now
    moved = start_instance(berlin.db, act("lin"), now, "price_approval", FAULT)
    berlin.instance_id, berlin.number = moved.instance_id, moved.number
    return moved.number


@pytest.mark.parametrize(("now", "read", "offset"), [(WINTER, "09:15", "+01:00"), (SUMMER, "10:15", "+02:00")])
def test_case_and_paper_are_on_the_companys_clock(berlin, visit, act, clock, now, read, offset):
    number = opened(berlin, act, clock, now)
    page = visit("lin").get(f"/cases/{number}").text
    assert f"{now:%Y-%m-%d} {read}:00{offset}" in page
    assert "+08:00" not in page
    assert f"<td>{now:%Y-%m-%d} {read}</td>" in visit("lin").get(f"/documents/{number}/0").text


def test_the_inbox_says_due_times_on_the_companys_clock(berlin, visit, act, clock):
    opened(berlin, act, clock, SUMMER)
    due = datetime(2026, 10, 26, 8, 0, tzinfo=UTC)
    berlin.db.write(lambda session: session.execute(update(waits).values(due_at=due)))
    page = visit("wu").get("/?view=groups").text
    assert "2026-10-26 09:00:00+01:00" in page, "summer time has ended by then"


def test_the_first_number_of_a_year_is_drawn_when_the_company_is_in_it(berlin, act, clock):
    assert opened(berlin, act, clock, datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == "PA-2026-000001"
    assert opened(berlin, act, clock, datetime(2026, 12, 31, 23, 1, tzinfo=UTC)) == "PA-2027-000001"


@pytest.mark.usefixtures("berlin")
def test_whoever_is_not_logged_in_reads_the_companys_clock_too(app):
    with app.test_request_context("/portal"):
        assert exact(SUMMER) == "2026-07-06 10:15:00+02:00"


@pytest.mark.usefixtures("berlin")
def test_days_that_somebody_stands_in_are_the_companys(app):
    with app.test_request_context("/me"):
        starts, ends = period("2026-03-29", "2026-03-29")
    assert (ends.astimezone(UTC) - starts.astimezone(UTC)).total_seconds() == 23 * 3600, "summer time begins that day"


def test_the_zone_needs_no_statement_of_its_own(berlin, visit):
    lin, statements = visit("lin"), []
    lin.get("/notifications")
    event.listen(berlin.db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    lin.get("/notifications")
    assert statements
    assert not [each for each in statements if "calendars" in each]


def choose(visit, **zone):
    admin = visit("admin")
    return admin.post("/admin/calendar?year=2030", posted(admin.get("/admin/calendar?year=2030").text) | zone)


def now_in_force(db: Database) -> str:
    with db.reading() as session:
        return str(zone_in_force(session))


def test_an_administrator_moves_the_company_to_another_zone(berlin, visit):
    assert choose(visit, zone="America/New_York").status_code == 303
    assert now_in_force(berlin.db) == "America/New_York"
    assert "公司时区改为 America/New_York" in visit("admin").get("/admin/calendar").text
    assert "time zone is now America/New_York" in visit("admin").speaks("en").get("/admin/calendar").text
    assert "Europe/Berlin → America/New_York" in visit("admin").get("/admin/log").text


def test_any_zone_that_there_is_can_be_named(berlin, visit):
    assert choose(visit, zone="other", other_zone="Europe/Zurich").status_code == 303
    assert now_in_force(berlin.db) == "Europe/Zurich"
    assert posted(visit("admin").get("/admin/calendar?year=2030").text)["other_zone"] == "Europe/Zurich"
    assert choose(visit).status_code == 303, "saved as it opened"
    with berlin.db.reading() as session:
        known = calendars.by_hash(session, calendars.hash_in_force(session))
    assert values_of(known, 2030)["other_zone"] == "Europe/Zurich"


def test_a_zone_that_there_is_not_is_refused_at_its_field(berlin, visit):
    answer = choose(visit, zone="other", other_zone="Mars/Olympus")
    assert answer.status_code == 422
    assert "没有“Mars/Olympus”这个时区" in answer.text
    assert choose(visit, zone="other", other_zone="../etc/passwd").status_code == 422
    assert choose(visit, zone="Mars/Olympus").status_code == 422
    assert choose(visit, zone="other").status_code == 422
    assert now_in_force(berlin.db) == "Europe/Berlin"


def test_the_default_is_named_at_one_place():
    files = [file for folder in PRODUCT for file in (ROOT / folder).rglob("*")
             if file.suffix in {".py", ".html", ".yaml", ".bpmn", ".dmn", ".form"}]  # fmt: skip
    named = {str(file.relative_to(ROOT)) for file in files if "Asia/Shanghai" in file.read_text(encoding="utf-8")}
    assert named == {"engine/calendar.py", "forms/administration/working_calendar.form"}, "the form offers it to choose"
