"""Prove that history was not changed."""

from __future__ import annotations

import argparse

from cli.command import Command, add_json
from cli.product import Product
from cli.progress import Progress
from cli.proofs import prove_all, say_all
from cli.settings import whole_number
from engine.errors import ClauseflowError
from engine.proving.reexecute import verify


class OneOrAll(ClauseflowError):
    """`verify` without an instance, or with both."""

    zh = "请给出一个事项编号，或者 --all。"
    en = "Give the number of one case, or --all."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("instance", nargs="?", metavar="INSTANCE")
    parser.add_argument("--all", action="store_true", help="所有事项 · every case")
    parser.add_argument(
        "--jobs", type=whole_number(64), default=1, metavar="N", help="用几个进程 · with how many processes"
    )
    add_json(parser)


def run(product: Product, options: argparse.Namespace) -> bool:
    """Prove one instance or all; false when anything is broken, or somebody interrupted."""
    if bool(options.instance) == options.all:
        raise OneOrAll
    with product.database() as db:
        if options.all:
            return prove_all(product, db, options.jobs, as_json=options.json)
        with db.reading() as session:
            report = verify(session, options.instance, product.settings.anchor_file, product.settings.tsa_roots)
        return say_all(product, [], [report], Progress(product, 1), as_json=options.json)


COMMAND = Command("证明历史未被改动 · prove that history was not changed", run, add_arguments)
