"""Report the problems of diagrams, decisions and forms."""

from __future__ import annotations

import argparse
import json

from cli.command import Command, add_json
from cli.content import bundle, diagrams_at
from cli.printing import print_problems, problem_value
from cli.product import Product
from engine.lint import lint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH")
    add_json(parser)


def run(product: Product, options: argparse.Namespace) -> bool:
    """Report every problem of diagrams, decisions and forms; false when one of them is an error."""
    found = [
        problem for key, root in diagrams_at(options.paths) for problem in lint(bundle(key, root), product.lint_context)
    ]
    if options.json:
        print(json.dumps([problem_value(problem) for problem in found], ensure_ascii=False))
    else:
        print_problems(found, product.settings.language)
    return all(problem.severity != "error" for problem in found)


COMMAND = Command("检查流程 · report problems of processes", run, add_arguments)
