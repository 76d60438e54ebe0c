"""Lint processes and put them in force."""

from __future__ import annotations

import argparse

from cli.clock import now
from cli.deployments import deploy_all
from cli.product import Product


def run(product: Product, options: argparse.Namespace) -> bool:
    """Lint processes and put them in force."""
    with product.database() as db:
        deploy_all(product, db, options.paths, now())
    return True
