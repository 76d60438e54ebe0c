"""What a return for repair leaves in the company's records: stock, life file, customer file, diary."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from cli.content import bundle
from cli.scenario_runs import samples_folder
from company import linked_cases, stock
from company.calendar import appointments
from company.calendar.seed import ensure_calendar
from company.files.samples import SampleFiles
from company.files.store import FileStore
from company.records import customer_files, equipment_life
from demo import people as demo
from demo.cast import played
from engine.actor import SYSTEM
from engine.clauses import Register
from engine.commands import deploy_definition
from engine.database import Database
from engine.lint import LintContext
from engine.scenarios import ScenarioFile, run_scenario
from engine.tables import instances, waits
from handlers import HANDLERS
from tests.product import START

pytestmark = pytest.mark.long

CALLED = ("price_approval", "salvage", "rma")
SERIAL = "ZJ200-0817"
CUSTOMER = "北岭轨道装备公司"


@pytest.fixture
def file(db: Database, register: Register) -> ScenarioFile:
    """The scenarios of the return for repair, which is deployed with what it calls."""
    demo.load_people(db, START)
    ensure_calendar(db, START)
    context = LintContext(register, frozenset(HANDLERS), frozenset(CALLED))
    for key in CALLED:
        deploy_definition(db, SYSTEM, START, key, bundle(key).files, context)
    return played("rma")


def run(db: Database, file: ScenarioFile, number: int) -> None:
    outcome = run_scenario(
        db, file, file.scenarios[number], HANDLERS, samples=SampleFiles(db, FileStore(), samples_folder())
    )
    assert outcome.problems == ()


def test_a_repair_uses_parts_and_the_life_file_says_which(db: Database, file: ScenarioFile) -> None:
    run(db, file, 0)
    with db.reading() as session:
        assert stock.in_store(session, "GL-17") == Decimal(-2)
        assert stock.in_store(session, "WL-0420") == 0, "the customer's own goods are held in trust"
        life = equipment_life.life_of(session, SERIAL)
        [replacement] = [event for event in life if event.part_in]
        assert (replacement.part_out, replacement.part_in) == ("功率管 GL17-001", "功率管 GL17-552")
        [whole] = [event for event in life if not event.part_in]
        assert "GZ-2026-0088" in whole.note, "the failure record that started the repair"


def test_an_old_part_waits_for_the_salvage_group_in_a_case_that_is_linked(db: Database, file: ScenarioFile) -> None:
    run(db, file, 0)
    with db.reading() as session:
        row = session.execute(
            select(instances.c.number, waits.c.node_id).join(waits).where(waits.c.closed_at.is_(None))
        )
        [(number, node)] = row.all()
        assert (number, node) == ("SV-2026-000001", "judge_old_part")
        assert linked_cases.linked_with(session, "RM-2026-000001") == [number]


def test_the_arrival_stands_in_the_travellers_diary(db: Database, file: ScenarioFile) -> None:
    run(db, file, 0)
    with db.reading() as session:
        [arrival] = appointments.appointments_of(session, "lu", START)
        assert arrival.at.isoformat() == "2026-03-13T01:00:00+00:00"


@pytest.mark.parametrize(
    "number, said", [(0, "更换功率管并老化试验八小时"), (2, "未修退回"), (3, "报废")],
)  # fmt: skip
def test_the_customers_file_tells_how_the_return_ended(
    db: Database, file: ScenarioFile, number: int, said: str
) -> None:
    run(db, file, number)
    with db.reading() as session:
        [entry] = customer_files.entries_of(session, CUSTOMER)
        assert said in entry.text


def test_each_round_of_repair_books_only_what_it_used(db: Database, file: ScenarioFile) -> None:
    run(db, file, 1)
    with db.reading() as session:
        assert stock.in_store(session, "MF-08") == Decimal(-1), "the second round replaced nothing"


def test_scrapped_goods_come_into_stock_only_as_what_was_recovered(db: Database, file: ScenarioFile) -> None:
    run(db, file, 3)
    with db.reading() as session:
        assert stock.in_store(session, "WL-0420") == Decimal(1)
        assert stock.in_store(session, "WL-0421") == 0
