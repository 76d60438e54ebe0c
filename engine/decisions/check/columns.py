"""An input column as its rules divide it."""

from __future__ import annotations

from dataclasses import dataclass

from engine import feel
from engine.decisions.check.regions import Region, constants, regions
from engine.decisions.item_types import Constrained
from engine.decisions.logic.tables import DecisionTable, InputClause
from engine.feel.types import FeelType

MAX_TESTS = 100_000
"""Cells tried on samples, per column; a column that needs more is not judged."""


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """Regions of a column that the rules treat alike. `may` and `must` are sets of rules as bits, rule 1 the lowest:
    those that may match there, and those of them that surely do."""

    may: int
    must: int
    regions: list[Region]


@dataclass(frozen=True, slots=True)
class CheckedColumn:
    """The parts of a column, and for each rule the parts (as bits) where it surely matches."""

    clause: InputClause
    parts: list[ColumnPart]
    sure: list[int]
    judged: bool


def column_of(table: DecisionTable, number: int, kind: FeelType | None) -> CheckedColumn:
    """A column divided by the constants in its cells. Cells that say more than constants may match anywhere."""
    clause = table.inputs[number]
    cells = [rule.tests[number].text or "-" for rule in table.rules]
    allowed = clause.values.text if clause.values else _constraint(clause.type)
    known = {cell: constants(cell) for cell in dict.fromkeys([*cells, allowed])}
    cut = regions([value for one in known.values() for value in one or []], kind)
    judged = len(cut) * len(known) <= MAX_TESTS
    clear = {cell: _tests(cell) for cell, one in known.items() if one is not None and cut and judged}
    found = [one for one in cut if judged and (allowed not in clear or _meets(clear[allowed], one))]
    return _divide(clause, cells, clear, found or [Region(None, point=False)], judged)


def _constraint(kind: FeelType | None) -> str:
    return kind.tests if isinstance(kind, Constrained) else "-"


def _tests(cell: str) -> feel.UnaryTests | None:
    return None if cell == "-" else feel.compile_unary_tests(cell)


def _meets(tests: feel.UnaryTests | None, region: Region) -> bool:
    return tests is None or tests.evaluate(region.sample) is True


def _divide(
    clause: InputClause,
    cells: list[str],
    clear: dict[str, feel.UnaryTests | None],
    found: list[Region],
    judged: bool,
) -> CheckedColumn:
    rules: dict[str, int] = {}
    for index, cell in enumerate(cells):
        rules[cell] = rules.get(cell, 0) | 1 << index
    alike: dict[tuple[bool, ...], list[Region]] = {}
    for region in found:
        surely = tuple(cell == "-" or (cell in clear and _meets(clear[cell], region)) for cell in rules)
        alike.setdefault(surely, []).append(region)
    open_ = sum(mask for cell, mask in rules.items() if cell not in clear)
    parts, sure = [], dict.fromkeys(rules, 0)
    for number, (surely, members) in enumerate(alike.items()):
        holding = [cell for cell, holds in zip(rules, surely, strict=True) if holds]
        must = sum(rules[cell] for cell in holding)
        parts.append(ColumnPart(must | open_, must, members))
        for cell in holding:
            sure[cell] |= 1 << number
    return CheckedColumn(clause, parts, [sure[cell] for cell in cells], judged)
