"""Deploying the processes of a checkout, saying what was done."""

from __future__ import annotations

from datetime import datetime

from cli.content import bundle, diagrams_at
from cli.printing import print_problems
from cli.product import Product
from engine.actor import SYSTEM
from engine.commands import Deployment, deploy_definition
from engine.database import Database


def deploy_all(product: Product, db: Database, paths: list[str], at: datetime) -> None:
    """Deploy the processes at the paths, all of the checkout's for none. Raises Refused, NoDiagram."""
    for key, root in diagrams_at(paths):
        definition = bundle(key, root)
        done = deploy_definition(db, SYSTEM, at, key, definition.files, product.lint_context)
        print_problems(done.warnings, product.settings.language)
        _print_deployment(product, done)


def _print_deployment(product: Product, done: Deployment) -> None:
    if done.changed:
        product.say(f"已部署 {done.key} 第 {done.version} 版", f"deployed {done.key} version {done.version}")
    else:
        product.say(f"{done.key} 第 {done.version} 版已在用", f"{done.key} version {done.version} is in force already")
