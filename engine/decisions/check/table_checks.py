"""Checks one decision table: its cells, its outputs, and whether its rules fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.decisions.check.cell_checks import check_cell
from engine.decisions.check.coverage import check_coverage
from engine.decisions.item_types import conform, plain_type
from engine.decisions.logic.cells import Cell
from engine.decisions.logic.tables import DecisionTable, InputClause, OutputClause
from engine.errors import Problem
from engine.feel.types import FeelType

if TYPE_CHECKING:
    from engine.decisions.model import Model

Types = dict[str, FeelType | None]


def check_table(table: DecisionTable, types: Types, model: Model) -> Iterator[Problem]:
    """The problems of a table. Its rules are only compared when each of its cells is right."""
    kinds = [_kind(clause, types) for clause in table.inputs]
    wrong = [*_check_inputs(table, types, kinds, model), *_check_outputs(table, types, model)]
    yield from wrong
    yield from _check_order(table)
    if not any(problem.severity == "error" for problem in wrong):
        yield from check_coverage(table, kinds)


def _kind(clause: InputClause, types: Types) -> FeelType | None:
    return plain_type(clause.type) or types.get(clause.expression.text)


def _check_inputs(table: DecisionTable, types: Types, kinds: list[FeelType | None], model: Model) -> Iterator[Problem]:
    for number, (clause, kind) in enumerate(zip(table.inputs, kinds, strict=True)):
        seen = {**types, "?": kind}
        yield from check_cell(clause.expression, types, model)
        if clause.values:
            yield from check_cell(clause.values, seen, model)
        for rule in table.rules:
            yield from check_cell(rule.tests[number], seen, model)


def _check_outputs(table: DecisionTable, types: Types, model: Model) -> Iterator[Problem]:
    for number, clause in enumerate(table.outputs):
        if clause.values:
            yield from check_cell(clause.values, {**types, "?": plain_type(clause.type)}, model)
        entries = [rule.outputs[number].cell for rule in table.rules]
        for cell in [*entries, *([clause.default.cell] if clause.default else [])]:
            wrong = list(check_cell(cell, types, model))
            yield from wrong or _check_output(clause, cell, model)


def _check_output(clause: OutputClause, cell: Cell, model: Model) -> Iterator[Problem]:
    """What a constant output is, against the column's type and values."""
    expression = feel.compile(cell.text or "null", model.member_names, model.types)
    value: Any = None if expression.names else _constant(expression)
    if value is None:
        return
    if conform(value, clause.type) is None:
        zh, en = f"输出不是该列的类型 {clause.type}", f"the output is no {clause.type}, which the column declares"
        yield cell.place.problem("dmn-type", f"{zh}。", f"{en}.")
    elif clause.values and not _allowed(clause.values.text, value):
        zh, en = f"输出不在该列允许的取值 {clause.values.text} 之内", f"the output is not one of {clause.values.text}"
        yield cell.place.problem("dmn-output-values", f"{zh}。", f"{en}.")


def _constant(expression: feel.Expression) -> Any:
    try:
        return expression.evaluate({})
    except feel.BudgetExceeded:
        return None


def _allowed(tests: str, value: Any) -> bool:
    every = value if isinstance(value, list) else [value]
    return feel.unary_tests(tests, value) is True or all(feel.unary_tests(tests, one) is True for one in every)


def _check_order(table: DecisionTable) -> Iterator[Problem]:
    if table.policy in ("PRIORITY", "OUTPUT ORDER") and not any(clause.ranking() for clause in table.outputs):
        yield table.place.problem(
            "dmn-hit-policy",
            f"命中策略 {table.policy} 需要列出输出值，其次序即优先级。",
            f"The hit policy {table.policy} needs output values, whose order is the priority.",
        )
