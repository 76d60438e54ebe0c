"""Bring the database to the newest schema."""

from __future__ import annotations

import argparse

from cli.command import Command
from cli.content import prepare
from cli.product import Product


def run(product: Product, _options: argparse.Namespace) -> bool:
    """Bring the database to the newest schema."""
    with product.database() as db:
        prepare(db)
    return True


COMMAND = Command("升级数据库结构 · bring the database to the newest schema", run)
