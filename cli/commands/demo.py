"""Load demo people, business records and cases."""

from __future__ import annotations

import argparse
from datetime import timedelta

from cli.clock import now
from cli.command import Command
from cli.content import prepare
from cli.deployments import deploy_all
from cli.product import Product
from company.files.store import FileStore

DEMO_BEFORE = timedelta(days=150)
"""How long before now the demo's people came and its processes were deployed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=150, metavar="N", help="演示事项数 · number of demo cases")


def run(product: Product, options: argparse.Namespace) -> bool:
    """Load the demo people, and cases made by really running the scenarios over the last 120 days."""
    from demo import cases, people, records  # what is invented loads only where it is asked for

    with product.database() as db, db.hurried():
        prepare(db)
        begun = now() - DEMO_BEFORE
        came = people.load_people(db, begun)
        if came:
            product.say(f"已载入 {came} 位演示人员", f"loaded {came} demo people")
        written = records.load_records(db, begun)
        if written:
            product.say(f"已载入 {written} 份业务档案", f"loaded {written} business records")
        deploy_all(product, db, [], begun if came else now())
        store = FileStore.at(product.settings.files_url)
        for done in cases.load_cases(db, store, product.settings.anchor_file, now(), options.size):
            if done % 10 == 0 or done == options.size:
                product.say(f"已办演示事项 {done}/{options.size}", f"demo cases {done}/{options.size}")
    return True


COMMAND = Command("载入演示人员与事项 · load demo people and cases", run, add_arguments)
