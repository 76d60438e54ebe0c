"""What else is known about a business record: machines, cases, life file, stock."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from company import stock
from company.records import customer_files, equipment_life
from company.records.customer_files import FileEntry
from company.records.equipment_life import LifeEntry
from company.records.kinds import RECORD_KINDS
from company.records.save import Record, find_records
from company.stock import Movement
from engine.actor import Actor
from engine.queries import CaseHead, cases
from engine.session import Session

SHOWN = 50
"""How many of each are shown."""


@dataclass(slots=True)
class Relations:
    """What belongs to one record; what its kind does not know is empty."""

    machines: list[Record] = field(default_factory=list)
    used_in: list[Record] = field(default_factory=list)
    cases: list[CaseHead] = field(default_factory=list)
    entries: list[FileEntry] = field(default_factory=list)
    life: list[LifeEntry] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    in_store: Decimal | None = None


def relations_of(session: Session, actor: Actor, record: Record) -> Relations:
    """The relations the actor may see."""
    found = Relations()
    if record.kind == "customers":
        found.machines = _naming(session, "equipment", "customer", record.key)
        found.cases = cases(session, actor, search=record.title, limit=SHOWN).items
        found.entries = customer_files.entries_of(session, record.title)[:SHOWN]
    elif record.kind == "equipment":
        found.life = equipment_life.life_of(session, record.key)[:SHOWN]
    elif record.kind == "products":
        found.machines = _naming(session, "equipment", "product", record.key)
    elif record.kind == "parts":
        found.in_store = stock.in_store(session, record.key)
        found.movements = stock.movements_of(session, record.key, SHOWN)
        products = find_records(session, RECORD_KINDS["products"], search=record.key, limit=SHOWN).items
        found.used_in = [product for product in products if _uses(product, record.key)]
    return found


def _naming(session: Session, kind: str, key_field: str, key: str) -> list[Record]:
    found = find_records(session, RECORD_KINDS[kind], search=key, limit=SHOWN).items
    return [record for record in found if record.values.get(key_field) == key]


def _uses(product: Record, part_no: str) -> bool:
    bom = product.values.get("bom")
    return isinstance(bom, list) and any(isinstance(row, dict) and row.get("part_no") == part_no for row in bom)
