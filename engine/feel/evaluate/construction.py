"""What makes a new value of others: lists, contexts, ranges and functions."""

from __future__ import annotations

from typing import Any

from engine.feel.evaluate.building import Build, Evaluator, tree_size
from engine.feel.evaluate.frames import FeelRun, Frame
from engine.feel.functions import Function
from engine.feel.parse import nodes as n
from engine.feel.ranges import Range


def build_function(node: n.FunctionLiteral, build: Build) -> Evaluator:
    """`function(a, b) body`, which sees the names around it wherever it is called."""
    names = [name for name, _ in node.parameters]
    types = [kind for _, kind in node.parameters]
    body = build(node.body) if node.body else None
    size, levels = tree_size(node.body), (node.body.depth if node.body else 0) + 2

    def define(frame: Frame) -> Function | None:
        if body is None:
            frame.run.warn("external functions are not called")
            return None

        def call(args: list[Any], run: FeelRun = frame.run) -> Any:
            run.spend(size)
            run.enter(levels)
            try:
                return body(Frame(dict(zip(names, args, strict=True)), frame, run))
            finally:
                run.leave(levels)

        return Function(names, call, types)

    return define


def build_list(node: n.ListLiteral, build: Build) -> Evaluator:
    """`[a, b]`."""
    items = tuple(map(build, node.items))
    return lambda frame: [item(frame) for item in items]


def build_context(node: n.ContextLiteral, build: Build) -> Evaluator:
    """`{key: value}`; each value sees the entries before it."""
    entries = [(key, build(value)) for key, value in node.entries]
    unique = len({key for key, _ in entries}) == len(entries)

    def make(frame: Frame) -> dict[str, Any] | None:
        if not unique:
            frame.run.warn("a context has a key twice")
            return None
        values: dict[str, Any] = {}
        inner = Frame(values, frame, frame.run)
        for key, step in entries:
            values[key] = step(inner)
        return values

    return make


def build_range(node: n.RangeLiteral, build: Build) -> Evaluator:
    """`[start..end]`; null when the ends are of different types."""
    start = build(node.start) if node.start else None
    end = build(node.end) if node.end else None
    ends = node.start_included, node.end_included

    def make(frame: Frame) -> Range | None:
        low, high = start(frame) if start else None, end(frame) if end else None
        if low is not None and high is not None and type(low) is not type(high):
            frame.run.warn("the ends of a range are of different types")
            return None
        return Range(low, high, *ends)

    return make
