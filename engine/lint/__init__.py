"""The deploy gate: pure rules over a definition, each in the file of its name, each with a page in `docs/lint/`.

`RULES` is the one table of rules; a rule yields problems and says by their severity whether they stop a deploy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.bpmn import Definition
from engine.errors import Problem, Refused
from engine.lint.called_processes import called_processes
from engine.lint.citations import citations
from engine.lint.clause_changes import clause_changes
from engine.lint.context import LintContext
from engine.lint.decisions import decisions
from engine.lint.english_names import english_names
from engine.lint.forms import forms
from engine.lint.handlers import handlers
from engine.lint.process_key import process_key
from engine.lint.variables import variables

LintRule = Callable[[Definition, LintContext], Iterable[Problem]]
RULES: tuple[LintRule, ...] = (process_key, forms, decisions, handlers, called_processes, variables, citations,
                           clause_changes, english_names)  # fmt: skip

__all__ = ["RULES", "LintContext", "lint"]


def lint(definition: Definition, context: LintContext) -> list[Problem]:
    """Every problem of a definition, errors first. A file that cannot be read yields its own problems only."""
    try:
        _ = definition.diagram, definition.decisions
        for node_id in definition.diagram.nodes:
            definition.form(node_id)
    except Refused as refused:
        return refused.problems
    found = [problem for rule in RULES for problem in rule(definition, context)]
    return sorted(found, key=lambda problem: problem.severity != "error")
