"""List clauses with the elements that cite them."""

from __future__ import annotations

import argparse
import json
from typing import Any

from cli.command import Command, add_json
from cli.content import bundle, process_keys
from cli.product import Product


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--uncited", action="store_true", help="没有元素引用的 · those cited by none")
    add_json(parser)


def run(product: Product, options: argparse.Namespace) -> bool:
    """List the clauses of each process with the elements that cite them; false when one is cited by none.

    `--uncited` leaves out what is cited.
    """
    rows = [row for key in process_keys() for row in _clause_rows(product, key)]
    uncited = [row for row in rows if not row["elements"]]
    shown = uncited if options.uncited else rows
    if options.json:
        print(json.dumps(shown, ensure_ascii=False))
        return not uncited
    for row in shown:
        clause = product.register.clause(row["clause"])
        text = clause.words(product.settings.language)[:40] if clause else "?"
        print(f"{row['process']}  {row['clause']:<7} {', '.join(row['elements']) or '—'}  {text}")
    for key in process_keys():
        _say_uncited(product, key, [row for row in rows if row["process"] == key])
    return not uncited


def _clause_rows(product: Product, key: str) -> list[dict[str, Any]]:
    """The clauses that name a process or that it cites, each with the elements that cite it."""
    diagram = bundle(key).diagram
    cited: dict[str, list[str]] = {}
    for element, ids in [(key, diagram.clauses), *((item.id, item.clauses) for item in diagram.elements())]:
        for clause_id in ids:
            cited.setdefault(clause_id, []).append(element)
    wanted = {clause.id for clause in product.register.naming(key)}
    return [{"process": key, "clause": each, "elements": cited.get(each, [])} for each in sorted(wanted | cited.keys())]


def _say_uncited(product: Product, key: str, rows: list[dict[str, Any]]) -> None:
    uncited = [row["clause"] for row in rows if not row["elements"]]
    if uncited:
        count, named = len(uncited), ", ".join(uncited)
        product.say(f"{key}：{len(rows)} 条条款，{count} 条没有元素引用：{named}",
                    f"{key}: {len(rows)} clauses, {count} cited by no element: {named}")  # fmt: skip
    else:
        product.say(f"{key}：{len(rows)} 条条款，全部有元素引用", f"{key}: {len(rows)} clauses, all of them cited")


COMMAND = Command("条款与执行它的元素 · clauses and the elements that cite them", run, add_arguments)
