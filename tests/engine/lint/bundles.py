"""The price approval with one thing changed."""

from __future__ import annotations

from cli.content import bundle
from engine.bpmn import Definition
from engine.clauses import Register
from engine.errors import Problem
from engine.lint import LintContext, lint

BPMN = "processes/price_approval.bpmn"


def changed(old: str, new: str, path: str = BPMN) -> Definition:
    """The bundle with `old` replaced once in one of its files."""
    files = dict(bundle("price_approval").files)
    text = files[path].decode()
    assert old in text, f"{old} is not in {path}"
    files[path] = text.replace(old, new, 1).encode()
    return Definition("price_approval", files)


def without(path: str) -> Definition:
    """The bundle without one of its files."""
    files = dict(bundle("price_approval").files)
    del files[path]
    return Definition("price_approval", files)


def found(definition: Definition, register: Register, rule: str) -> list[Problem]:
    """What one rule finds."""
    return [problem for problem in lint(definition, LintContext(register)) if problem.rule == rule]
