"""Run scenarios and say which nodes and flows none of them passes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.command import Command, add_json
from cli.content import bundle, diagrams_at, process_keys
from cli.printing import problem_value
from cli.product import Product
from cli.scenario_runs import own_database, run_scenarios_in, with_called
from cli.settings import HOME
from engine.bpmn import Definition
from engine.database import Database
from engine.scenarios import Coverage, ScenarioOutcome

if TYPE_CHECKING:
    from cli.second_opinions import Opinions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "process",
        nargs="?",
        metavar="PROCESS",
        help="流程的键，或图、目录的路径 · a key, or the path of a diagram or folder",
    )
    parser.add_argument(
        "--second-opinion",
        action="store_true",
        help="再由 SpiffWorkflow 自带的执行层办一遍并比较 · have SpiffWorkflow's own layer do the same, and compare",
    )
    add_json(parser)


def run(product: Product, options: argparse.Namespace) -> bool:
    """Run the scenarios of one process or all; false when one departs or a node or flow is never passed.

    `--second-opinion` has SpiffWorkflow's own layer carry out what was recorded; false, too, where it differs and no
    known trap says why.
    """
    failed = False
    report = []
    for key, root in _chosen(options.process):
        with own_database() as db:
            outcomes, coverage = run_scenarios_in(db, product.lint_context, key, root)
            opinions = _opinions(db, bundle(key, root), root, outcomes) if options.second_opinion else None
        failed = failed or not coverage.complete or not all(outcome.ok for outcome in outcomes)
        failed = failed or not (opinions is None or opinions.ok)
        report.append(_scenario_value(key, outcomes, coverage, opinions))
        if not options.json:
            _print_scenarios(product, key, outcomes, coverage)
            if opinions is not None:
                opinions.print(product.say)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
    return not failed


def _chosen(process: str | None) -> list[tuple[str, Path]]:
    """The process of that key in the product's checkout, what lies at a path, or every process of the product's."""
    keys = process_keys() if process is None else [process] if process in process_keys() else []
    return [(key, HOME) for key in keys] or diagrams_at([str(process)])


def _opinions(db: Database, definition: Definition, root: Path, outcomes: list[ScenarioOutcome]) -> Opinions:
    # Not at the top: no command but this one loads the other engine.
    from cli.second_opinions import Opinions

    return Opinions.on(db, with_called(definition, root), outcomes)


def _print_scenarios(product: Product, key: str, outcomes: list[ScenarioOutcome], coverage: Coverage) -> None:
    zh = product.settings.language == "zh"
    for outcome in outcomes:
        print(f"{'✓' if outcome.ok else '✗'} {outcome.scenario.name if zh else outcome.scenario.name_en}")
        for problem in outcome.problems:
            print(f"    {problem.located(product.settings.language)}")
    nodes, flows = coverage.nodes, coverage.flows
    passed = f"{len(nodes & coverage.passed)}/{len(nodes)}", f"{len(flows & coverage.passed)}/{len(flows)}"
    product.say(f"{key}：{len(outcomes)} 个场景，节点 {passed[0]}，顺序流 {passed[1]}",
                f"{key}: {len(outcomes)} scenarios, nodes {passed[0]}, sequence flows {passed[1]}")  # fmt: skip
    if not coverage.complete:
        product.say(f"从未经过：{', '.join(coverage.missing())}", f"never passed: {', '.join(coverage.missing())}")


def _scenario_value(
    key: str, outcomes: list[ScenarioOutcome], coverage: Coverage, opinions: Opinions | None
) -> dict[str, Any]:
    return {
        "process": key,
        "scenarios": [
            {"name": o.scenario.name, "ok": o.ok, "problems": [problem_value(p) for p in o.problems]} for o in outcomes
        ],
        "missing": coverage.missing(),
        **({"second_opinion": opinions.to_value()} if opinions is not None else {}),
    }


COMMAND = Command("运行场景并统计覆盖 · run scenarios, print coverage", run, add_arguments)
