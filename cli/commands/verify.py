"""Prove that history was not changed."""

from __future__ import annotations

import argparse

from cli.product import Product
from cli.progress import Progress
from cli.proofs import prove_all, say_all
from engine.errors import ClauseflowError
from engine.reexecute import verify


class OneOrAll(ClauseflowError):
    """`verify` without an instance, or with both."""

    zh = "请给出一个事项编号，或者 --all。"
    en = "Give the number of one case, or --all."


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
