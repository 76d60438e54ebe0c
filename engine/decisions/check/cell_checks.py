"""Checks one expression of a decision file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine import feel
from engine.decisions.logic.cells import Cell, Tests, syntax_problem
from engine.errors import Problem
from engine.feel.types import FeelType

if TYPE_CHECKING:
    from engine.decisions.model import Model


def check_cell(cell: Cell, types: dict[str, FeelType | None], model: Model) -> Iterator[Problem]:
    """Syntax errors, unknown names and types that never match, at the cell's place."""
    unary = isinstance(cell, Tests)
    if not cell.text:
        return
    try:
        compiled = feel.compile_unary_tests if unary else feel.compile
        compiled(cell.text, {*types, *model.member_names}, model.types)
    except feel.FeelError as error:
        yield syntax_problem(error, cell.place)
        return
    for found in feel.analyse(cell.text, types, unary=unary):
        # The analysis does not know the file's own types, so only the compiler is believed about syntax.
        if found.rule != "feel-syntax":
            column = found.column if found.line == 1 else None
            yield cell.place.problem(found.rule, f"{found.zh}。", f"{found.en}.", column=column, line=found.line)
