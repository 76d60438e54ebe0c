"""Proofs for the terminal and for programs: what is found is said as it is found."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.printing import problem_value
from cli.product import Product
from cli.progress import Progress
from engine.database import Database
from engine.errors import Problem
from engine.proving.proof import Proof
from engine.proving.reexecute import Report, Stamped


@dataclass(slots=True)
class Tally:
    """What is said of reports at the end; none of them is kept, however many there are."""

    cases: int = 0
    proven: int = 0
    entries: int = 0
    uncovered: int = 0
    stamped: list[Stamped] = field(default_factory=list)

    def add(self, report: Report) -> None:
        self.cases += 1
        self.proven += report.ok
        self.entries += report.entries
        self.uncovered += report.entries - (report.anchors.upto + 1)
        if report.stamped:
            self.stamped.append(report.stamped)


def prove_all(product: Product, db: Database, jobs: int = 1, *, as_json: bool = False) -> bool:
    """Prove everything and say what is found as it is found; false when anything is broken, or somebody interrupted."""
    proof = Proof(db, product.settings.anchor_file, product.settings.tsa_roots)
    return say_all(product, proof.problems, proof.reports(jobs), Progress(product, proof.cases), as_json=as_json)


def say_all(
    product: Product, problems: Sequence[Problem], reports: Iterable[Report], progress: Progress, *, as_json: bool
) -> bool:
    tally = Tally()
    counted = _until_interrupted(progress.over(reports), tally)
    if as_json:
        _print_json(problems, counted, tally, progress.total)
    else:
        _print_problems(product, problems, counted, progress)
        _print_tally(product, tally, progress.total)
    return not problems and tally.proven == progress.total


def _until_interrupted(reports: Iterator[Report], tally: Tally) -> Iterator[Report]:
    """The reports, counted. Ctrl-C, or being asked to end, ends them: what was proven until then is still said."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for report in reports:
            tally.add(report)
            yield report
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_json(problems: Sequence[Problem], reports: Iterator[Report], tally: Tally, total: int) -> None:
    """One object, written as its parts come."""
    print('{"cases": [', end="")
    for report in reports:
        print(", " if tally.cases > 1 else "", json.dumps(_report_value(report), ensure_ascii=False), sep="", end="")
    print("], ", end="")
    rest = {"problems": [problem_value(p) for p in problems], "complete": tally.cases == total}
    print(json.dumps(rest, ensure_ascii=False)[1:])


def _print_problems(
    product: Product, problems: Sequence[Problem], reports: Iterator[Report], progress: Progress
) -> None:
    for problem in problems:
        print(problem.text(product.settings.language))
    for report in reports:
        for verdict in (report.chain, report.anchors, report.reexecution):
            if verdict.problem:
                progress.clear()
                print(verdict.problem.text(product.settings.language), flush=True)


def _print_tally(product: Product, tally: Tally, total: int) -> None:
    if tally.cases < total:
        rest = total - tally.cases
        product.say(f"已中断：只查了前 {tally.cases} 个事项，其余 {rest} 个没有查",
                    f"interrupted: {tally.cases} cases were looked at, the other {rest} were not")  # fmt: skip
    product.say(f"{tally.proven}/{tally.cases} 个事项、共 {tally.entries} 条记录通过证明",
                f"{tally.proven}/{tally.cases} cases proven, {tally.entries} entries in all")  # fmt: skip
    if tally.uncovered:
        product.say(f"其中 {tally.uncovered} 条尚无锚点：只能发现前后不一致的改动",
                    f"{tally.uncovered} of them have no anchor yet: only inconsistent edits of those show")  # fmt: skip
    _print_stamps(product, tally.stamped)


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
