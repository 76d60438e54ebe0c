"""What a deploy should know about a decision file before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.decisions.check.cell_checks import check_cell
from engine.decisions.check.table_checks import check_table
from engine.decisions.check.walk import sites
from engine.decisions.logic.tables import DecisionTable
from engine.errors import Problem

if TYPE_CHECKING:
    from engine.decisions.model import Model


def check(model: Model) -> list[Problem]:
    """The problems of a model, in the order of the file.

    Errors: what can never work (syntax, unknown names and types, cells that can never match their column, outputs
    outside the output values, rules that contradict each other). Warnings: gaps, and rules that never decide.
    """
    problems = list(model.problems)
    for site in sites(model):
        if isinstance(site.found, DecisionTable):
            problems += check_table(site.found, site.types, model)
        else:
            problems += check_cell(site.found, site.types, model)
    return sorted(problems, key=lambda problem: problem.line or 0)
