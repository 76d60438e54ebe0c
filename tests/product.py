"""The product under test: a migrated database, the real register, people with roles, the real processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cli.content import bundle
from engine.actor import SYSTEM, Actor
from engine.clauses import Register, load_register
from engine.commands import Moved, complete_task, deploy_definition, start_instance
from engine.database import Database
from engine.lint import LintContext
from engine.scenarios import ScenarioFile, read_scenarios
from engine.tables import waits
from engine.task_id import TaskId

ROOT = Path(__file__).parent.parent
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 9:00 in Shanghai; every test's clock starts here."""


@pytest.fixture(scope="session")
def register() -> Register:
    """The register of clauses the product ships."""
    return load_register(ROOT / "regulations")


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A migrated database of either kind."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def approval_scenarios() -> ScenarioFile:
    """The scenarios of the price approval."""
    path = ROOT / "processes" / "price_approval.scenarios.yaml"
    return read_scenarios(path.read_bytes(), path.name)


def person(name: str, *roles: str, process: str = "price_approval") -> Actor:
    """Somebody who works in the lanes of the roles and may start and see the process."""
    held = {f"work:{role}" for role in roles} | {f"start:{process}", f"see:{process}"}
    return Actor(name, name, frozenset(held))


LIN = person("林一凡", "after_sales")
BAI = person("白小鹿", "after_sales")
ZHENG = person("郑知行", "after_sales_manager")
ZHOU = person("周会计", "finance")
WU = person("吴满仓", "supply")
QIAN = person("钱副总", "sales_vp")
SUN = person("孙总", "general_manager")
NOBODY = Actor("路过")

FAULT: dict[str, Any] = {
    "customer": "南川机车厂",
    "product": "轮对压装机 LY-315",
    "fault": "保压阶段压力下降",
    "diagnosis": "现场诊断为主缸密封圈老化",
    "in_warranty": False,
}
MATERIALS: dict[str, Any] = {
    "materials": [{"name": "主缸密封圈", "quantity": 2, "unit_price": 150}],
    "material_source": "供应商报价 GY-118",
}
DRAFT: dict[str, Any] = {
    "diagnosis_basis": "onsite",
    "price": 800,
    "price_basis": "收费标准第 3 档",
    "request_kind": "charge",
}


@dataclass(slots=True)
class Approval:
    """A price approval under way: acts one after the other, an hour apart."""

    db: Database
    now: datetime = START
    instance_id: int = 0
    number: str = ""

    def start(self, by: Actor = LIN, **values: Any) -> Approval:
        """Ask for a price."""
        moved = start_instance(self.db, by, self.now, "price_approval", FAULT | values)
        self.instance_id, self.number = moved.instance_id, moved.number
        return self

    def task(self, node_id: str) -> TaskId:
        """The newest task at a node, open or closed."""
        with self.db.reading() as session:
            row = session.execute(
                select(waits.c.seq, waits.c.k)
                .where(waits.c.instance_id == self.instance_id, waits.c.node_id == node_id)
                .order_by(waits.c.seq.desc(), waits.c.k.desc())
            ).first()
        assert row is not None, f"{node_id} never opened"
        return TaskId(self.instance_id, *row)

    def open_nodes(self) -> list[str]:
        """The nodes that wait now."""
        with self.db.reading() as session:
            found = select(waits.c.node_id).where(waits.c.instance_id == self.instance_id, waits.c.closed_at.is_(None))
            return sorted(session.execute(found).scalars())

    def do(self, by: Actor, node_id: str, **values: Any) -> Moved:
        """Complete the task at a node an hour later."""
        self.now += timedelta(hours=1)
        return complete_task(self.db, by, self.now, self.task(node_id), values)

    def drafted(self, **draft: Any) -> Approval:
        """Go on to a drafted price, ready for costing."""
        self.do(WU, "supply_material_prices", **MATERIALS)
        self.do(LIN, "draft_price", **(DRAFT | draft))
        return self

    def costed(self) -> Approval:
        """Go on to a costed price, ready for whoever decides."""
        self.do(ZHOU, "finance_costing", costing_result="costed", labor_cost=180, travel_cost=0)
        return self


@pytest.fixture
def approval(db: Database, register: Register) -> Approval:
    """The price approval, deployed and not started yet."""
    deploy_approval(db, register)
    return Approval(db)


def deploy_approval(db: Database, register: Register) -> None:
    """Deploy the price approval the product ships."""
    definition = bundle("price_approval")
    deploy_definition(db, SYSTEM, START, "price_approval", definition.files, LintContext(register))
