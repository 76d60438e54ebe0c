"""What an auditor runs: verify, anchor, rebuild."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from cli.clock import now
from cli.printing import problem_value
from engine.commands import rebuild
from engine.errors import ClauseflowError
from engine.history.anchors import take_anchor
from engine.queries import instance_numbers
from engine.reexecute import Report, verify

if TYPE_CHECKING:
    from clauseflow import Product


class OneOrAll(ClauseflowError):
    """`verify` without an instance, or with both."""

    zh = "请给出一个事项编号，或者 --all。"
    en = "Give the number of one case, or --all."


def verify_instances(product: Product, options: argparse.Namespace) -> bool:
    """Prove one instance or all; false when anything is broken."""
    if bool(options.instance) == options.all:
        raise OneOrAll
    with product.database() as db, db.reading() as session:
        numbers = [options.instance] if options.instance else instance_numbers(session)
        reports = [verify(session, number, product.settings.anchor_file) for number in numbers]
    if options.json:
        print(json.dumps([_report_value(report) for report in reports], ensure_ascii=False))
    else:
        _print_reports(product, reports)
    return all(report.ok for report in reports)


def _print_reports(product: Product, reports: list[Report]) -> None:
    for report in reports:
        for verdict in (report.chain, report.anchors, report.reexecution):
            if verdict.problem:
                print(verdict.problem.text(product.settings.language))
    proven = sum(report.ok for report in reports)
    entries = sum(report.entries for report in reports)
    product.say(f"{proven}/{len(reports)} 个事项、共 {entries} 条记录通过证明",
                f"{proven}/{len(reports)} cases proven, {entries} entries in all")  # fmt: skip


def _report_value(report: Report) -> dict[str, Any]:
    verdicts = {name: getattr(report, name) for name in ("chain", "anchors", "reexecution")}
    return {"number": report.number, "entries": report.entries, "ok": report.ok} | {
        name: {"ok": v.ok, "upto": v.upto, "problem": v.problem and problem_value(v.problem)}
        for name, v in verdicts.items()
    }


def rebuild_all(product: Product, _options: argparse.Namespace) -> bool:
    """Make every state and wait again from the entries."""
    with product.database() as db:
        with db.reading() as session:
            numbers = instance_numbers(session)
        for number in numbers:
            rebuild(db, number)
    product.say(f"已由历史重建 {len(numbers)} 个事项", f"rebuilt {len(numbers)} cases from history")
    return True


def anchor(product: Product, _options: argparse.Namespace) -> bool:
    """Take an anchor now."""
    with product.database() as db:
        taken = take_anchor(db, now(), product.settings.anchor_file)
    if taken:
        product.say(f"锚点 {taken.id}：{taken.root.hex()}（{taken.heads} 个事项）",
                    f"anchor {taken.id}: {taken.root.hex()} ({taken.heads} cases)")  # fmt: skip
    else:
        product.say("自上个锚点以来没有变化", "nothing changed since the last anchor")
    return True
