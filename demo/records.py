"""The business records of the demo: plainly invented customers, machines, products, parts, contracts and solutions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from company import stock
from company.records.kinds import RECORD_KINDS
from company.records.save import judged, write
from company.records.sources import record_sources
from company.records.tables import records
from engine import forms
from engine.actor import SYSTEM
from engine.database import Database, command
from engine.session import Session

_INVENTED = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_bytes())

CUSTOMERS: list[str] = _INVENTED["customers"]
PRODUCTS: list[list[Any]] = _INVENTED["products"]
"""Model, name, English name, category, months of warranty."""
PARTS: list[list[Any]] = _INVENTED["parts"]
"""Number, name, specification, unit, category, price."""
MACHINES = 60
SOLUTIONS: list[dict[str, str]] = _INVENTED["solutions"]


def load_records(db: Database, now: datetime) -> int:
    """Write the demo's records into a database without any; how many were written."""
    environment = forms.FormEnvironment(now=now, sources=record_sources(db))
    with db.reading() as session:
        if session.execute(select(records.c.id).limit(1)).first():
            return 0
    today = now.date()
    content = list(_content(today))
    for kind, rows in content:  # kind by kind: later ones name records of earlier ones
        _load_kind(db, now, kind, rows, environment)
    return sum(len(rows) for _, rows in content)


@command
def _load_kind(
    session: Session, now: datetime, kind: str, rows: Sequence[Mapping[str, Any]], environment: forms.FormEnvironment
) -> None:
    for values in rows:
        clean = judged(session, RECORD_KINDS[kind], None, values, environment)
        write(session, SYSTEM, now, RECORD_KINDS[kind], None, clean, environment, "create")
    if kind == "parts":
        for place, (part_no, *_) in enumerate(PARTS):
            stock.move(session, "in", [(part_no, Decimal(4 + place * 7 % 30))], now, note="期初", by=SYSTEM.id)


def _content(today: date) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield "customers", [_customer(place, name, today) for place, name in enumerate(CUSTOMERS)]
    yield "parts", [_part(place, row) for place, row in enumerate(PARTS)]
    yield "products", [_product(place, row) for place, row in enumerate(PRODUCTS)]
    yield "equipment", [_machine(place, today) for place in range(MACHINES)]
    yield "contracts", [_contract(place, today) for place in range(12)]
    yield "knowledge", [_solution(row) for row in SOLUTIONS]


def _solution(row: Mapping[str, str]) -> dict[str, Any]:
    names = {model: name for model, name, *_ in PRODUCTS}
    by = "白小鹿" if row["kind"] == "complaint" else "林一凡"
    return {**row, "product": names.get(row.get("model", "")), "solved_by": by}


def _customer(place: int, name: str, today: date) -> dict[str, Any]:
    person = name.endswith(("女士", "先生"))
    model, product, *_ = PRODUCTS[place % len(PRODUCTS)]
    return {
        "number": f"KH-{place + 1:04d}",
        "name": name,
        "type": "person" if person else "dealer" if name.endswith(("行", "店")) else "company",
        "purchases": Decimal(place * 5 % 6),
        "phone": f"010-5550 {1000 + place:04d}",
        "address": f"演示市示例路 {place * 3 + 1} 号",
        "contacts": [] if person else [contact(place)],
        "gender": ("female" if name.endswith("女士") else "male") if person else None,
        "bought_on": today - timedelta(days=200 + place * 31),
        "warranty_until": today + timedelta(days=165 - place * 31),
        "goods": [{"product": product, "model": model, "quantity": Decimal(1 + place % 3)}],
        "receivable": Decimal(20_000 + place * 1_500),
        "received": Decimal(20_000 + place * 1_500 - (place % 4) * 2_000),
    }  # fmt: skip


def contact(place: int) -> dict[str, Any]:
    """Who answers at the demo's customer at a place in the list."""
    return {"contact_name": "石赵钱孙李周吴郑"[place % 8] + "主任", "contact_phone": f"138-0000-{place:04d}"}


def _part(place: int, row: Sequence[Any]) -> dict[str, Any]:
    part_no, name, specification, unit, category, price = row
    return {
        "part_no": part_no, "name": name, "specification": specification or None, "unit": unit, "category": category,
        "price": Decimal(price), "store": f"{place % 6 + 1} 架 {place % 4 + 1} 层", "least": Decimal(2),
    }  # fmt: skip


def _product(place: int, row: Sequence[Any]) -> dict[str, Any]:
    model, name, english, category, months = row
    needed = PARTS[place * 3 % 24 : place * 3 % 24 + 4]
    return {
        "model": model, "name": name, "name_en": english, "category": category, "warranty_months": Decimal(months),
        "unit_name": ("检测设备事业部", "液压设备事业部", "电器事业部")[place % 3],
        "bom": [{"part_no": part[0], "quantity": Decimal(1 + at)} for at, part in enumerate(needed)],
    }  # fmt: skip


def _machine(place: int, today: date) -> dict[str, Any]:
    model, _name, _english, _category, months = PRODUCTS[place % len(PRODUCTS)]
    accepted = today - timedelta(days=60 + place * 17)
    return {
        "serial_no": serial_no(place), "product": model, "customer": f"KH-{owner(place) + 1:04d}", "place": site(place),
        "delivered_on": accepted - timedelta(days=9), "accepted_on": accepted,
        "warranty_until": accepted + timedelta(days=months * 30), "state": "stopped" if place % 23 == 22 else "in_use",
    }  # fmt: skip


def serial_no(place: int) -> str:
    """The serial number of the demo's machine at a place in the list."""
    return f"{PRODUCTS[place % len(PRODUCTS)][0].replace('-', '')}-{800 + place:04d}"


def owner(place: int) -> int:
    """The place in CUSTOMERS of who has the machine at a place in the list."""
    return place * 7 % len(CUSTOMERS)


def site(place: int) -> str:
    """Where the machine at a place in the list stands."""
    return ("一号库", "总装车间", "检修基地二号库", "泵房", "配电间")[place % 5]


def _contract(place: int, today: date) -> dict[str, Any]:
    model, product, *_ = PRODUCTS[place % len(PRODUCTS)]
    signed = today - timedelta(days=340 - place * 25)
    return {
        "contract_no": f"WB-{signed.year}-{place + 1:04d}", "customer": f"KH-{place + 1:04d}", "product": product,
        "model": model, "signed_on": signed, "ends_on": signed + timedelta(days=365), "our_handler": "林一凡",
        "customer_handler": "石主任", "amount": Decimal(3_000 + place * 450),
        "content": "每季度上门保养一次，配件另计。",
    }  # fmt: skip
