"""Hit policies (DMN 1.5, 8.2.10): what a table comes to when rules match.

A policy that the matched rules violate gives null and notes why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from engine.decisions.logic.parts import Evaluation
from engine.decisions.place import Place
from engine.feel import compile as compile_feel
from engine.feel.comparison import equal

LISTS = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
"""Policies that give all matches, as a list."""
AGGREGATIONS = {name: compile_feel(f"{name.lower()}(outputs)", ["outputs"]) for name in ("SUM", "MIN", "MAX")}


class Column(Protocol):
    """An output column, as far as a policy asks."""

    name: str

    def ranking(self) -> list[Any]: ...


class Row(Protocol):
    """A rule, as far as a policy asks."""

    number: int


class Table(Protocol):
    """A decision table, as far as a policy asks."""

    policy: str
    aggregation: str
    place: Place

    @property
    def outputs(self) -> Sequence[Column]: ...


Policy = Callable[[Table, Sequence[Row], list[Any], Evaluation], Any]


def choose(table: Table, matched: Sequence[Row], results: list[Any], evaluation: Evaluation) -> Any:
    """The value of a table, of the rules that matched (at least one) and their results in rule order."""
    return POLICIES[table.policy](table, matched, results, evaluation)


def nothing_matched(table: Table) -> Any:
    """The value of a table without default outputs when no rule matches."""
    if table.policy not in LISTS:
        return None
    return {"": [], "COUNT": Decimal(0)}.get(table.aggregation)


def _unique(table: Table, matched: Sequence[Row], results: list[Any], evaluation: Evaluation) -> Any:
    if len(matched) == 1:
        return results[0]
    _violated(table, matched, evaluation, "唯一（UNIQUE）", "UNIQUE")
    return None


def _any(table: Table, matched: Sequence[Row], results: list[Any], evaluation: Evaluation) -> Any:
    if all(equal(results[0], other) for other in results[1:]):
        return results[0]
    _violated(table, matched, evaluation, "任意（ANY），但它们的输出不同", "ANY with different outputs")
    return None


def _violated(table: Table, matched: Sequence[Row], evaluation: Evaluation, zh: str, en: str) -> None:
    numbers = [str(rule.number) for rule in matched]
    evaluation.note(
        table.place.problem(
            "dmn-hit-policy",
            f"规则 {'、'.join(numbers)} 同时匹配，违反命中策略{zh}。",
            f"Rules {', '.join(numbers)} match at once, against the hit policy {en}.",
        )
    )


def _first(table: Table, matched: Sequence[Row], results: list[Any], evaluation: Evaluation) -> Any:
    return results[0]


def _rule_order(table: Table, matched: Sequence[Row], results: list[Any], evaluation: Evaluation) -> Any:
    return results


def _priority(table: Table, matched: Sequence[Row], results: list[Any], evaluation: Evaluation) -> Any:
    return _output_order(table, matched, results, evaluation)[0]


def _output_order(table: Table, matched: Sequence[Row], results: list[Any], evaluation: Evaluation) -> list[Any]:
    rankings = [(clause.name, clause.ranking()) for clause in table.outputs]

    def key(result: Any) -> list[int]:
        single = len(rankings) == 1
        return [_rank(result if single else result[name], ranking) for name, ranking in rankings]

    return sorted(results, key=key)


def _rank(value: Any, ranking: list[Any]) -> int:
    return next((index for index, listed in enumerate(ranking) if equal(value, listed)), len(ranking))


def _collect(table: Table, matched: Sequence[Row], results: list[Any], evaluation: Evaluation) -> Any:
    if table.aggregation == "":
        return results
    if table.aggregation == "COUNT":
        return Decimal(len(results))
    if len(table.outputs) == 1:
        return AGGREGATIONS[table.aggregation].evaluate({"outputs": results})
    evaluation.note(
        table.place.problem(
            "dmn-hit-policy",
            f"有多个输出列的表不能用 {table.aggregation} 汇总。",
            f"A table with several outputs cannot be aggregated by {table.aggregation}.",
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
