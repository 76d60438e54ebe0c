"""What an auditor runs: verify, anchor, rebuild."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from cli.anchor_stamps import have_stamped
from cli.clock import now
from cli.printing import problem_value
from company.record_sources import record_sources
from company.records import index_again
from engine import forms
from engine.commands import rebuild
from engine.database import Database
from engine.errors import ClauseflowError, Problem
from engine.history.anchors import take_anchor
from engine.history.stamp_tokens import FalseStamp
from engine.queries import instance_numbers
from engine.reexecute import Report, Stamped, verify, verify_all

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
        if options.all:
            reports, problems = verify_all(session, product.settings.anchor_file, product.settings.tsa_roots)
        else:
            outside, tsa_roots = product.settings.anchor_file, product.settings.tsa_roots
            reports, problems = [verify(session, options.instance, outside, tsa_roots)], []
    if options.json:
        found = {"cases": [_report_value(r) for r in reports], "problems": [problem_value(p) for p in problems]}
        print(json.dumps(found, ensure_ascii=False))
    else:
        _print_reports(product, reports, problems)
    return not problems and all(report.ok for report in reports)


def _print_reports(product: Product, reports: list[Report], problems: list[Problem]) -> None:
    for problem in problems:
        print(problem.text(product.settings.language))
    for report in reports:
        for verdict in (report.chain, report.anchors, report.reexecution):
            if verdict.problem:
                print(verdict.problem.text(product.settings.language))
    proven = sum(report.ok for report in reports)
    entries = sum(report.entries for report in reports)
    product.say(f"{proven}/{len(reports)} 个事项、共 {entries} 条记录通过证明",
                f"{proven}/{len(reports)} cases proven, {entries} entries in all")  # fmt: skip
    uncovered = entries - sum(report.anchors.upto + 1 for report in reports)
    if uncovered:
        product.say(f"其中 {uncovered} 条尚无锚点：只能发现前后不一致的改动",
                    f"{uncovered} of them have no anchor yet: only inconsistent edits of those show")  # fmt: skip
    _print_stamps(product, [report.stamped for report in reports if report.stamped])


def _print_stamps(product: Product, found: list[Stamped]) -> None:
    if not found:
        return
    first, last = (f"{end(f.stamp.at for f in found):%Y-%m-%d %H:%M}" for end in (min, max))
    by = ", ".join(sorted({f.stamp.by for f in found}))
    product.say(f"{len(found)} 个事项有时间戳证明其年代（{first} 至 {last} UTC，{by}）",
                f"time-stamps prove the age of {len(found)} cases ({first} to {last} UTC, {by})")  # fmt: skip
    if not all(f.stamp.traced for f in found):
        product.say("没有设 CLAUSEFLOW_TSA_ROOTS：只核对了时间戳的内容，没有核对签名",
                    "CLAUSEFLOW_TSA_ROOTS is not set: contents of time-stamps were compared, no signature")  # fmt: skip


def _report_value(report: Report) -> dict[str, Any]:
    verdicts = {name: getattr(report, name) for name in ("chain", "anchors", "reexecution")}
    found = report.stamped
    stamp = found and {"anchor": found.anchor, "upto": found.upto, "at": found.stamp.at.isoformat(),
                       "by": found.stamp.by, "traced": found.stamp.traced}  # fmt: skip
    return {"number": report.number, "entries": report.entries, "ok": report.ok, "stamped": stamp} | {
        name: {"ok": v.ok, "upto": v.upto, "problem": v.problem and problem_value(v.problem)}
        for name, v in verdicts.items()
    }


def rebuild_all(product: Product, _options: argparse.Namespace) -> bool:
    """Make every state and wait again from the entries, and what lists ask of the fields of records."""
    with product.database() as db:
        with db.reading() as session:
            numbers = instance_numbers(session)
        for number in numbers:
            rebuild(db, number)
        records = index_again(db, forms.Surroundings(now=now(), sources=record_sources(db)))
    product.say(f"已由历史重建 {len(numbers)} 个事项，{records} 份档案的筛选索引",
                f"rebuilt {len(numbers)} cases from history, and the fields of {records} records")  # fmt: skip
    return True


def anchor(product: Product, _options: argparse.Namespace) -> bool:
    """Take an anchor now."""
    with product.database() as db:
        taken = take_anchor(db, now(), product.settings.anchor_file)
        _have_stamped(product, db)
    if taken:
        product.say(f"锚点 {taken.id}：{taken.root.hex()}（{len(taken.heads)} 个事项）",
                    f"anchor {taken.id}: {taken.root.hex()} ({len(taken.heads)} cases)")  # fmt: skip
    else:
        product.say("自上个锚点以来没有变化", "nothing changed since the last anchor")
    return True


def _have_stamped(product: Product, db: Database) -> None:
    """An authority that does not answer is no failure of the anchor: the worker asks again."""
    if not product.settings.tsa_url:
        return
    try:
        count = have_stamped(db, product.settings)
        product.say(f"时间戳：盖了 {count} 个锚点", f"time-stamped {count} anchors")
    except (OSError, FalseStamp) as error:
        product.say(f"时间戳服务没有办成，后台会再请求：{_reason(error, 'zh')}",
                    f"not time-stamped, the worker asks again: {_reason(error, 'en')}")  # fmt: skip


def _reason(error: OSError | FalseStamp, language: str) -> str:
    return error.text(language) if isinstance(error, FalseStamp) else str(error)
