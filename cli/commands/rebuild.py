"""Make states and waits again from history."""

from __future__ import annotations

import argparse

from cli.clock import now
from cli.command import Command
from cli.product import Product
from company.records.save import index_again
from company.records.sources import record_sources
from engine import forms
from engine.commands import rebuild
from engine.queries import instance_numbers


def run(product: Product, _options: argparse.Namespace) -> bool:
    """Make every state and wait again from the entries, and what lists ask of the fields of records."""
    with product.database() as db:
        with db.reading() as session:
            numbers = instance_numbers(session)
        for number in numbers:
            rebuild(db, number)
        records = index_again(db, forms.FormEnvironment(now=now(), sources=record_sources(db)))
    product.say(f"已由历史重建 {len(numbers)} 个事项，{records} 份档案的筛选索引",
                f"rebuilt {len(numbers)} cases from history, and the fields of {records} records")  # fmt: skip
    return True


COMMAND = Command("由历史重建状态与待办 · make states and waits again from history", run)
