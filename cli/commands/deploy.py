"""Lint processes and put them in force."""

from __future__ import annotations

import argparse

from cli.clock import now
from cli.command import Command
from cli.deployments import deploy_all
from cli.product import Product


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH")


def run(product: Product, options: argparse.Namespace) -> bool:
    """Lint processes and put them in force."""
    with product.database() as db:
        deploy_all(product, db, options.paths, now())
    return True


COMMAND = Command("检查并部署流程 · lint processes and put them in force", run, add_arguments)
