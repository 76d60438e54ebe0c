"""Hit policies (DMN 1.5, 8.2.10): what a table comes to when rules match.

A policy that the matched rules violate gives null and notes why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from engine.decisions.logic.parts import Evaluation
from engine.decisions.place import Place
from engine.feel import compile as compile_feel
from engine.feel.comparison import equal

LISTS = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
"""Policies that give all matches, as a list."""
AGGREGATIONS = {name: compile_feel(f"{name.lower()}(outputs)", ["outputs"]) for name in ("SUM", "MIN", "MAX")}


class OutputColumn(Protocol):
    """An output column, as far as a policy asks."""

    name: str

    def ranking(self) -> list[Any]: ...


class RuleRow(Protocol):
    """A rule, as far as a policy asks."""

    number: int


class PolicyTable(Protocol):
    """A decision table, as far as a policy asks."""

    policy: str
    aggregation: str
    place: Place

    @property
    def outputs(self) -> Sequence[OutputColumn]: ...


@dataclass(frozen=True, slots=True)
class Matches:
    """The rules of a table that matched, at least one, and their results in rule order."""

    table: PolicyTable
    rules: Sequence[RuleRow]
    results: list[Any]
    evaluation: Evaluation


Policy = Callable[[Matches], Any]


def choose(table: PolicyTable, matched: Sequence[RuleRow], results: list[Any], evaluation: Evaluation) -> Any:
    """The value of a table, of the rules that matched (at least one) and their results in rule order."""
    return POLICIES[table.policy](Matches(table, matched, results, evaluation))


def nothing_matched(table: PolicyTable) -> Any:
    """The value of a table without default outputs when no rule matches."""
    if table.policy not in LISTS:
        return None
    return {"": [], "COUNT": Decimal(0)}.get(table.aggregation)


def _unique(matches: Matches) -> Any:
    if len(matches.rules) == 1:
        return matches.results[0]
    _violated(matches, "唯一（UNIQUE）", "UNIQUE")
    return None


def _any(matches: Matches) -> Any:
    if all(equal(matches.results[0], other) for other in matches.results[1:]):
        return matches.results[0]
    _violated(matches, "任意（ANY），但它们的输出不同", "ANY with different outputs")
    return None


def _violated(matches: Matches, zh: str, en: str) -> None:
    numbers = [str(rule.number) for rule in matches.rules]
    matches.evaluation.note(
        matches.table.place.problem(
            "dmn-hit-policy",
            f"规则 {'、'.join(numbers)} 同时匹配，违反命中策略{zh}。",
            f"Rules {', '.join(numbers)} match at once, against the hit policy {en}.",
        )
    )


def _first(matches: Matches) -> Any:
    return matches.results[0]


def _rule_order(matches: Matches) -> Any:
    return matches.results


def _priority(matches: Matches) -> Any:
    return _output_order(matches)[0]


def _output_order(matches: Matches) -> list[Any]:
    rankings = [(clause.name, clause.ranking()) for clause in matches.table.outputs]

    def key(result: Any) -> list[int]:
        single = len(rankings) == 1
        return [_rank(result if single else result[name], ranking) for name, ranking in rankings]

    return sorted(matches.results, key=key)


def _rank(value: Any, ranking: list[Any]) -> int:
    return next((index for index, listed in enumerate(ranking) if equal(value, listed)), len(ranking))


def _collect(matches: Matches) -> Any:
    if matches.table.aggregation == "":
        return matches.results
    if matches.table.aggregation == "COUNT":
        return Decimal(len(matches.results))
    if len(matches.table.outputs) == 1:
        return AGGREGATIONS[matches.table.aggregation].evaluate({"outputs": matches.results})
    matches.evaluation.note(
        matches.table.place.problem(
            "dmn-hit-policy",
            f"有多个输出列的表不能用 {matches.table.aggregation} 汇总。",
            f"A table with several outputs cannot be aggregated by {matches.table.aggregation}.",
        )
    )
    return None


POLICIES: dict[str, Policy] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}
