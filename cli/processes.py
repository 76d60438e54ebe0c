"""What a process designer runs: deploy, lint, scenarios, clauses."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cli.clock import now
from cli.content import bundle, diagrams_at, process_keys
from cli.printing import print_problems, problem_value
from cli.scenario_runs import own_database, run_scenarios_in
from engine.actor import SYSTEM
from engine.commands import Deployment, deploy_definition
from engine.database import Database
from engine.lint import lint
from engine.scenarios import Coverage, Outcome

if TYPE_CHECKING:
    from clauseflow import Product
    from cli.second_opinions import Opinions


def deploy(product: Product, options: argparse.Namespace) -> bool:
    """Lint processes and put them in force."""
    with product.database() as db:
        deploy_all(product, db, options.paths, now())
    return True


def deploy_all(product: Product, db: Database, paths: list[str], at: datetime) -> None:
    """Deploy the processes at the paths, all of the checkout's for none. Raises Refused, NoDiagram."""
    for key, root in diagrams_at(paths):
        definition = bundle(key, root)
        done = deploy_definition(db, SYSTEM, at, key, definition.files, product.surroundings)
        print_problems(done.warnings, product.settings.language)
        _print_deployment(product, done)


def _print_deployment(product: Product, done: Deployment) -> None:
    if done.changed:
        product.say(f"已部署 {done.key} 第 {done.version} 版", f"deployed {done.key} version {done.version}")
    else:
        product.say(f"{done.key} 第 {done.version} 版已在用", f"{done.key} version {done.version} is in force already")


def lint_processes(product: Product, options: argparse.Namespace) -> bool:
    """Report every problem of diagrams, decisions and forms; false when one of them is an error."""
    found = [
        problem for key, root in diagrams_at(options.paths) for problem in lint(bundle(key, root), product.surroundings)
    ]
    if options.json:
        print(json.dumps([problem_value(problem) for problem in found], ensure_ascii=False))
    else:
        print_problems(found, product.settings.language)
    return all(problem.severity != "error" for problem in found)


def scenarios(product: Product, options: argparse.Namespace) -> bool:
    """Run the scenarios of one process or all; false when one departs or a node or flow is never passed.

    `--second-opinion` has SpiffWorkflow's own layer carry out what was recorded; false, too, where it differs and no
    known trap says why.
    """
    failed = False
    report = []
    for key in [options.process] if options.process else process_keys():
        with own_database() as db:
            outcomes, coverage = run_scenarios_in(db, product.surroundings, key)
            opinions = _opinions(db, key, outcomes) if options.second_opinion else None
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


def _opinions(db: Database, key: str, outcomes: list[Outcome]) -> Opinions:
    # Not at the top: no command but this one loads the other engine.
    from cli.second_opinions import Opinions

    return Opinions.on(db, key, outcomes)


def _print_scenarios(product: Product, key: str, outcomes: list[Outcome], coverage: Coverage) -> None:
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


def _scenario_value(key: str, outcomes: list[Outcome], coverage: Coverage, opinions: Opinions | None) -> dict[str, Any]:
    return {
        "process": key,
        "scenarios": [
            {"name": o.scenario.name, "ok": o.ok, "problems": [problem_value(p) for p in o.problems]} for o in outcomes
        ],
        "missing": coverage.missing(),
        **({"second_opinion": opinions.to_value()} if opinions is not None else {}),
    }


def clauses(product: Product, options: argparse.Namespace) -> bool:
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
