"""Do the rules of a table fit together? Inputs that no rule matches, rules that meet, rules that never decide."""

from __future__ import annotations

from collections.abc import Iterator

from engine.decisions.check.columns import CheckedColumn, ColumnPart, column_of
from engine.decisions.check.region_text import describe
from engine.decisions.logic.hit_policies import LISTS
from engine.decisions.logic.tables import DecisionTable, Rule
from engine.errors import Problem
from engine.feel.types import FeelType

MAX_NODES = 20_000
"""Combinations of regions looked at; a table that needs more is not judged."""
MAX_RULES = 1_500
"""Rules compared in pairs; a longer table is not searched for rules that meet."""
MAX_REPORTS = 5
"""Gaps told per table, and meeting pairs of rules."""


def check_coverage(table: DecisionTable, kinds: list[FeelType | None]) -> Iterator[Problem]:
    """Gaps and rules that never decide as warnings, contradictions as errors. Rules are the bits of a number."""
    columns = [column_of(table, number, kind) for number, kind in enumerate(kinds)]
    yield from _never(table, columns)
    if len(table.rules) <= MAX_RULES:
        yield from _meeting(table, columns)
    if table.policy in LISTS:
        return
    search = _Search(columns, (1 << len(table.rules)) - 1)
    search.run()
    if search.nodes > MAX_NODES or not all(column.judged for column in columns):
        zh, en = "组合过多，未检查是否有遗漏。", "There are too many combinations to look for gaps."
        yield table.place.problem("dmn-gap", zh, en, severity="warning")
        return
    if not any(clause.default for clause in table.outputs):
        yield from _gaps(table, columns, search)
    if table.policy == "FIRST":
        yield from _shadowed(table, columns, search)


class _Search:
    """Goes through the combinations of parts, column by column, dropping those that no rule can match any more."""

    def __init__(self, columns: list[CheckedColumn], rules: int) -> None:
        self.columns = columns
        self.rules = rules
        self.nodes = 0
        self.gaps: list[list[ColumnPart]] = []
        self.deciding = 0

    def run(self) -> None:
        self._go(0, self.rules, self.rules, [])

    def _go(self, at: int, may: int, must: int, way: list[ColumnPart]) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            return
        if not may:
            self.gaps.append(way)
        elif at == len(self.columns):
            first = must & -must
            self.deciding |= may & (2 * first - 1) if first else may
        else:
            for part in self.columns[at].parts:
                self._go(at + 1, may & part.may, must & part.must, [*way, part])


def _gaps(table: DecisionTable, columns: list[CheckedColumn], search: _Search) -> Iterator[Problem]:
    for way in search.gaps[:MAX_REPORTS]:
        places = list(zip(columns, way, strict=False))
        yield table.place.problem(
            "dmn-gap",
            f"{_where(places, 'zh')} 时没有规则。",
            f"No rule matches {_where(places, 'en')}.",
            severity="warning",
        )
    if len(search.gaps) > MAX_REPORTS:
        rest = len(search.gaps) - MAX_REPORTS
        zh, en = f"另有 {rest} 处没有规则。", f"No rule matches in {rest} more places."
        yield table.place.problem("dmn-gap", zh, en, severity="warning")


def _where(places: list[tuple[CheckedColumn, ColumnPart]], language: str) -> str:
    told = [(column, part) for column, part in places if len(column.parts) > 1]
    if language == "zh":
        return (
            "，".join(f"{column.clause.label} 在 {describe(part.regions, 'zh')}" for column, part in told) or "任何输入"
        )
    return (
        " and ".join(f"{column.clause.label} in {describe(part.regions, 'en')}" for column, part in told) or "any input"
    )


def _never(table: DecisionTable, columns: list[CheckedColumn]) -> Iterator[Problem]:
    for index, rule in enumerate(table.rules):
        for column, test in zip(columns, rule.tests, strict=True):
            if not any(part.may >> index & 1 for part in column.parts):
                zh, en = "此格永远不会匹配，规则不起作用。", "this cell never matches, so the rule has no effect."
                yield test.place.problem("dmn-unreachable", zh, en, severity="warning")


def _meeting(table: DecisionTable, columns: list[CheckedColumn]) -> Iterator[Problem]:
    """Rules that match together although the hit policy forbids it."""
    if table.policy not in ("UNIQUE", "ANY"):
        return
    told = 0
    for second, rule in enumerate(table.rules):
        for first, other in enumerate(table.rules[:second]):
            shared = [column.sure[first] & column.sure[second] for column in columns]
            if not all(shared) or (table.policy == "ANY" and not _differ(rule, other)):
                continue
            told += 1
            if told > MAX_REPORTS:
                return
            places = [(column, _together(column, parts)) for column, parts in zip(columns, shared, strict=True)]
            yield rule.place.problem(
                "dmn-overlap",
                f"规则 {other.number} 与规则 {rule.number} 在 {_where(places, 'zh')} 时同时匹配。",
                f"Rules {other.number} and {rule.number} both match {_where(places, 'en')}.",
            )


def _together(column: CheckedColumn, chosen: int) -> ColumnPart:
    """The parts of a column that a set of bits names, as one."""
    found = [part for number, part in enumerate(column.parts) if chosen >> number & 1]
    return ColumnPart(0, 0, [region for part in found for region in part.regions])


def _differ(rule: Rule, other: Rule) -> bool:
    """Whether the outputs are written differently; equal values written differently are rare enough to be told."""
    return [one.cell.text for one in rule.outputs] != [one.cell.text for one in other.outputs]


def _shadowed(table: DecisionTable, columns: list[CheckedColumn], search: _Search) -> Iterator[Problem]:
    for index, rule in enumerate(table.rules):
        possible = all(any(part.may >> index & 1 for part in column.parts) for column in columns)
        if possible and not search.deciding >> index & 1:
            zh = f"规则 {rule.number} 总被前面的规则抢先，不起作用。"
            en = f"Rule {rule.number} never decides, since rules before it match whatever it matches."
            yield rule.place.problem("dmn-unreachable", zh, en, severity="warning")
