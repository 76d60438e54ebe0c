"""`stock_movement`: lend parts to a case, use them up, take them back; or move them in and out.

Input {kind: "loan" | "use" | "return" | "in" | "out", items: [{part_no, quantity}], note?}; returns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from company import stock
from engine.actor import SYSTEM
from engine.jobs import Job
from engine.values import Value
from handlers import given

MOST = Decimal(1_000_000_000)


def stock_movement(job: Job) -> Mapping[str, Value]:
    """Move the parts, once per job; no items, no movement."""
    kind = given.text(job, "kind")
    if kind not in stock.MOVEMENT_KINDS:
        raise given.refused(
            "kind", f"应为 {'、'.join(stock.MOVEMENT_KINDS)} 之一", f"must be one of {', '.join(stock.MOVEMENT_KINDS)}"
        )
    items = job.input.get("items") or []
    if not isinstance(items, list):
        raise given.refused("items", "不是列表", "is not a list")
    moved = [_item(each) for each in items]
    note = given.text(job, "note", "", 10_000)
    stock.move(job.db, kind, moved, job.now, number=job.number, note=note, by=SYSTEM.id, job_key=job.key)
    return {}


def _item(value: Value) -> tuple[str, Decimal]:
    part_no = value.get("part_no") if isinstance(value, dict) else None
    quantity = value.get("quantity") if isinstance(value, dict) else None
    if not isinstance(part_no, str) or not 1 <= len(part_no) <= 100:
        raise given.refused("items", "的 part_no 缺失或过长", "lacks a part_no of at most 100 characters")
    if not isinstance(quantity, Decimal) or not 0 < quantity <= MOST or quantity != round(quantity, 3):
        raise given.refused("items", f"中 {part_no} 的数量应大于零，至多三位小数",
                            f"needs a quantity of {part_no} above zero with at most three decimals")  # fmt: skip
    return part_no, quantity
