"""Decision tables (DMN 1.5, chapter 8): columns, rules, and what a set of inputs comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.decisions.logic import hit_policies
from engine.decisions.logic.boxed import Boxed, Literal
from engine.decisions.logic.cells import Cell, Tests
from engine.decisions.logic.parts import Evaluation, Values
from engine.decisions.place import Place
from engine.feel import FeelError
from engine.feel import compile as compile_feel
from engine.feel.types import FeelType


@dataclass(slots=True, kw_only=True)
class InputClause:
    """An input column: its expression and, if declared, the values it may have."""

    label: str
    expression: Cell
    values: Tests | None
    type: FeelType | None
    place: Place

    def allows(self, value: Any, scope: Values, evaluation: Evaluation) -> bool:
        """Whether a value is one the column may have; of a list, every element must be."""
        if self.values is None or self.values.meets(value, scope, evaluation):
            return True
        return isinstance(value, list) and all(self.values.meets(item, scope, evaluation) for item in value)


@dataclass(slots=True, kw_only=True)
class OutputClause:
    """An output column. Its values, if listed, are also their order of priority, highest first."""

    name: str
    label: str
    type: FeelType | None
    values: Tests | None
    default: Literal | None
    place: Place

    def allows(self, value: Any, scope: Values, evaluation: Evaluation) -> bool:
        """Whether a value is one the column may give; of a list, every element must be."""
        if self.values is None or value is None or self.values.meets(value, scope, evaluation):
            return True
        return isinstance(value, list) and all(self.values.meets(item, scope, evaluation) for item in value)

    def ranking(self) -> list[Any]:
        """The listed values, highest priority first; empty if there are none or they are not plain values."""
        text = self.values.text if self.values else getattr(self.type, "tests", "")
        if not text or text == "-":
            return []
        try:
            listed = compile_feel(f"[{text}]").evaluate({})
        except FeelError:
            return []
        return listed if isinstance(listed, list) else []


@dataclass(slots=True, kw_only=True)
class Rule:
    """A row: one test per input column, one expression per output column."""

    id: str
    number: int
    tests: list[Tests]
    outputs: list[Literal]
    place: Place

    def matches(self, values: list[Any], scope: Values, evaluation: Evaluation) -> bool:
        """Whether every test holds."""
        return all(test.meets(value, scope, evaluation) for test, value in zip(self.tests, values, strict=True))


@dataclass(slots=True, kw_only=True)
class DecisionTable(Boxed):
    """A decision table."""

    id: str
    policy: str
    aggregation: str
    inputs: list[InputClause]
    outputs: list[OutputClause]
    rules: list[Rule]

    def value(self, scope: Values, evaluation: Evaluation) -> Any:
        values = [clause.expression.value(scope, evaluation) for clause in self.inputs]
        allowed = [self._check_input(*pair, scope, evaluation) for pair in zip(self.inputs, values, strict=True)]
        matched = [rule for rule in self.rules if rule.matches(values, scope, evaluation)] if all(allowed) else []
        seen = {clause.label: value for clause, value in zip(self.inputs, values, strict=True)}
        evaluation.trace.table(self.id, seen, [(rule.number, rule.id) for rule in matched])
        if not all(allowed):
            return None
        if not matched:
            return self._default(scope, evaluation)
        results = [self._result(rule.outputs, scope, evaluation) for rule in matched]
        return hit_policies.choose(self, matched, results, evaluation)

    def _check_input(self, clause: InputClause, value: Any, scope: Values, evaluation: Evaluation) -> bool:
        if clause.allows(value, scope, evaluation):
            return True
        evaluation.note(
            clause.place.problem(
                "dmn-input-values",
                f"输入“{clause.label}”的值不在允许的取值之内。",
                f"The value of input “{clause.label}” is not one of its input values.",
            )
        )
        return False

    def _default(self, scope: Values, evaluation: Evaluation) -> Any:
        if not any(clause.default for clause in self.outputs):
            return hit_policies.nothing_matched(self)
        return self._result([clause.default for clause in self.outputs], scope, evaluation)

    def _result(self, cells: list[Any], scope: Values, evaluation: Evaluation) -> Any:
        values = {
            clause.name: self._output(clause, cell, scope, evaluation)
            for clause, cell in zip(self.outputs, cells, strict=True)
        }
        return next(iter(values.values())) if len(self.outputs) == 1 else values

    def _output(self, clause: OutputClause, cell: Literal | None, scope: Values, evaluation: Evaluation) -> Any:
        if cell is None:
            return None
        value = evaluation.conformed(cell.evaluate(scope, evaluation), clause.type, cell.place)
        if clause.allows(value, scope, evaluation):
            return value
        evaluation.note(
            cell.place.problem(
                "dmn-output-values",
                "输出值不在该列允许的取值之内。",
                "The output is not one of the column's output values.",
            )
        )
        return None
