"""Reads decision tables."""

from __future__ import annotations

from typing import Protocol

from engine.decisions.logic import tables as t
from engine.decisions.logic.boxed import Literal
from engine.decisions.logic.cells import Cell, Tests
from engine.decisions.logic.hit_policies import AGGREGATIONS, POLICIES
from engine.decisions.read.source import DecisionSource
from engine.decisions.read.type_references import NamedTypes
from engine.feel.names import normalise
from engine.xml import Element


class Reader(Protocol):
    """The file being read, as tables need it."""

    source: DecisionSource
    types: NamedTypes


def read_table(reader: Reader, element: Element) -> t.DecisionTable:
    """The decision table an element is. Raises Refused for a table whose rows do not fit its columns."""
    source = reader.source
    inputs = [_input(reader, one) for one in source.children(element, "input")]
    outputs = [_output(reader, one) for one in source.children(element, "output")]
    if not outputs:
        source.refuse(element, "dmn-structure", "决策表没有输出列。", "The decision table has no output.")
    rules = list(source.children(element, "rule"))
    policy = element.get("hitPolicy") or "UNIQUE"
    aggregation = element.get("aggregation") or ""
    if policy not in POLICIES or aggregation not in ("", "COUNT", *AGGREGATIONS):
        zh, en = f"命中策略“{policy} {aggregation}”无效。", f"There is no hit policy “{policy} {aggregation}”."
        source.refuse(element, "dmn-structure", zh, en)
    return t.DecisionTable(
        place=source.place(element),
        type=reader.types.of(element),
        id=source.place(element).where,
        policy=policy,
        aggregation=aggregation if policy == "COLLECT" else "",
        inputs=inputs,
        outputs=outputs,
        rules=[_rule(reader, one, number, inputs, outputs) for number, one in enumerate(rules, 1)],
    )


def _input(reader: Reader, element: Element) -> t.InputClause:
    source = reader.source
    expression = source.child(element, "inputExpression")
    place = source.place(element)
    if expression is None:
        source.refuse(element, "dmn-structure", "输入列没有表达式。", "The input has no expression.")
        raise AssertionError
    label = normalise(element.get("label") or source.text(expression))
    return t.InputClause(
        label=label,
        expression=Cell(source.text(expression), source.place(expression, f"列“{label}”", f"column “{label}”")),
        values=_values(reader, element, "inputValues", label),
        type=reader.types.of(expression),
        place=place,
    )


def _output(reader: Reader, element: Element) -> t.OutputClause:
    source = reader.source
    label = normalise(element.get("label") or element.get("name") or "")
    name = source.member(source.name(element) or label or element.get("id", ""))
    default = source.child(element, "defaultOutputEntry")
    return t.OutputClause(
        name=name,
        label=label or name,
        type=reader.types.of(element),
        values=_values(reader, element, "outputValues", label),
        default=None
        if default is None
        else _entry(reader, default, f"列“{label}”默认值", f"default of column “{label}”"),
        place=source.place(element),
    )


def _values(reader: Reader, element: Element, kind: str, label: str) -> Tests | None:
    child = reader.source.child(element, kind)
    text = reader.source.text(child)
    if child is None or not text:
        return None
    return Tests(text, reader.source.place(child, f"列“{label}”的取值", f"values of column “{label}”"))


def _rule(
    reader: Reader,
    element: Element,
    number: int,
    inputs: list[t.InputClause],
    outputs: list[t.OutputClause],
) -> t.Rule:
    source = reader.source
    tests, entries = (list(source.children(element, kind)) for kind in ("inputEntry", "outputEntry"))
    if len(tests) != len(inputs) or len(entries) != len(outputs):
        zh = f"规则 {number} 有 {len(tests)} 个输入格、{len(entries)} 个输出格，应为 {len(inputs)} 和 {len(outputs)}。"
        en = f"Rule {number} has {len(tests)} inputs and {len(entries)} outputs, not {len(inputs)} and {len(outputs)}."
        source.refuse(element, "dmn-structure", zh, en)
    place = source.place(element)
    return t.Rule(
        id=element.get("id", ""),
        number=number,
        tests=[
            Tests(source.text(cell), source.place(cell, *_cell_name(number, column.label)))
            for cell, column in zip(tests, inputs, strict=True)
        ],
        outputs=[
            _entry(reader, cell, *_cell_name(number, column.label))
            for cell, column in zip(entries, outputs, strict=True)
        ],
        place=place,
    )


def _cell_name(number: int, label: str) -> tuple[str, str]:
    return f"规则 {number}，列“{label}”", f"rule {number}, column “{label}”"


def _entry(reader: Reader, element: Element, zh: str, en: str) -> Literal:
    place = reader.source.place(element, zh, en)
    return Literal(place=place, type=reader.types.of(element), cell=Cell(reader.source.text(element), place))
