"""What goes through lists: `for`, `some`, `every` and filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.budget import MAX_ITEMS, exceeded
from engine.feel.errors import NoValue
from engine.feel.evaluate.building import Build, Evaluator, mentions, tree_size
from engine.feel.evaluate.frames import Frame
from engine.feel.numbers import whole
from engine.feel.parse import nodes as n
from engine.feel.ranges import Range

Sources = list[tuple[str, Evaluator]]
Visit = Callable[[Frame], bool]


def as_list(value: Any) -> list[Any]:
    """The elements a loop goes through: a list's own, a range's whole numbers or days, or the single value."""
    if type(value) is list:
        return value
    return _elements(value) if type(value) is Range else [value]


def _elements(value: Range) -> list[Any]:
    if value.start is None or value.end is None:
        raise NoValue("a range without an end cannot be gone through")
    items = steps_between(value.start, value.end)
    first = 0 if value.start_included else 1
    return items[first : len(items) if value.end_included else -1]


def steps_between(start: Any, end: Any) -> list[Any]:
    """Whole numbers or days from `start` to `end`, both included, downwards if need be. Raises NoValue."""
    if type(start) is date and type(end) is date:
        return [start + timedelta(days=step) for step in _count(0, (end - start).days)]
    if type(start) is Decimal and type(end) is Decimal:
        return [Decimal(number) for number in _count(whole(start), whole(end))]
    raise NoValue("only whole numbers and dates can be counted through")


def _count(start: int, end: int) -> range:
    if abs(end - start) >= MAX_ITEMS:
        raise exceeded("list elements")
    return range(start, end + 1) if start <= end else range(start, end - 1, -1)


def build_steps(node: n.Steps, build: Build) -> Evaluator:
    """`start..end` of a loop; null when it cannot be counted through."""
    start, end = build(node.start), build(node.end)

    def make(frame: Frame) -> list[Any] | None:
        try:
            return steps_between(start(frame), end(frame))
        except NoValue as reason:
            frame.run.warn(str(reason))
            return None

    return make


def _visit(sources: Sources, at: int, frame: Frame, visit: Visit) -> bool:
    """Call `visit` with a frame for every combination, until it returns False. Raises NoValue for a null source."""
    name, source = sources[at]
    found = source(frame)
    if found is None:
        raise NoValue(f"what {name!r} goes through is null")
    for item in as_list(found):
        frame.run.spend(1)
        inner = Frame({name: item}, frame, frame.run)
        go_on = visit(inner) if at + 1 == len(sources) else _visit(sources, at + 1, inner, visit)
        if not go_on:
            return False
    return True


def build_for(node: n.For, build: Build) -> Evaluator:
    """`for ... return result`: the list of results; `partial` is the list so far."""
    sources = [(name, build(source)) for name, source in node.sources]
    result, cost = build(node.result), tree_size(node.result)
    uses_partial = mentions(node.result, "partial")

    def loop(frame: Frame) -> list[Any] | None:
        results: list[Any] = []

        def visit(inner: Frame) -> bool:
            run = inner.run
            if uses_partial:
                run.spend(len(results) // 4)
                inner = Frame({"partial": list(results)}, inner, run)
            run.spend(cost)
            results.append(result(inner))
            return True

        try:
            _visit(sources, 0, frame, visit)
        except NoValue as reason:
            frame.run.warn(str(reason))
            return None
        return results

    return loop


def build_quantified(node: n.Quantified, build: Build) -> Evaluator:
    """`some` and `every` in three-valued logic: a condition that is null leaves the answer open."""
    sources = [(name, build(source)) for name, source in node.sources]
    condition, cost, decisive = build(node.condition), tree_size(node.condition), not node.every

    def decide(frame: Frame) -> bool | None:
        seen: list[Any] = []

        def visit(inner: Frame) -> bool:
            inner.run.spend(cost)
            seen.append(condition(inner))
            return seen[-1] is not decisive

        try:
            if not _visit(sources, 0, frame, visit):
                return decisive
        except NoValue as reason:
            frame.run.warn(str(reason))
            return None
        return not decisive if all(type(one) is bool for one in seen) else None

    return decide


def build_filter(node: n.Filter, build: Build) -> Evaluator:
    """`list[condition]` and `list[index]`; the entries of an element are names inside the brackets."""
    base, condition, cost = build(node.base), build(node.condition), tree_size(node.condition)

    def select(frame: Frame) -> Any:
        found = base(frame)
        if found is None:
            items: list[Any] = []
        elif type(found) is Range:
            items = [found]
        else:
            items = as_list(found)
        kept = []
        for item in items or [None]:
            frame.run.spend(cost)
            outcome = condition(_element_frame(item, frame))
            if type(outcome) is Decimal:
                return _at(items, outcome)
            if outcome is True and items:
                kept.append(item)
        return kept

    return select


def _element_frame(item: Any, frame: Frame) -> Frame:
    names = {"item": item, **item} if type(item) is dict else {"item": item}
    return Frame(names, frame, frame.run)


def _at(items: list[Any], index: Decimal) -> Any:
    size = len(items)
    if index != index.to_integral_value() or not (1 <= index <= size or -size <= index <= -1):
        return None
    return items[int(index) - 1 if index > 0 else int(index)]
