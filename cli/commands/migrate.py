"""Bring the database to the newest schema."""

from __future__ import annotations

import argparse

from cli.content import prepare
from cli.product import Product


def run(product: Product, _options: argparse.Namespace) -> bool:
    """Bring the database to the newest schema."""
    with product.database() as db:
        prepare(db)
    return True
