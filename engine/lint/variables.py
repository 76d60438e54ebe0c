"""Expressions on the diagram read only variables that something sets."""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.bpmn import Definition, Node
from engine.errors import Problem
from engine.lint.context import LintContext


def variables(definition: Definition, *args: LintContext) -> Iterator[Problem]:
    """A name in a condition or attribute that no form, result or handler sets is a warning."""
    known = set_somewhere(definition)
    for element, line, text in _expressions(definition):
        for name in sorted(feel.compile(text, names=known).names - known):
            yield Problem("variables", element, f"表达式“{text}”读取的变量“{name}”没有任何步骤写入",
                          f"the expression “{text}” reads “{name}”, which no step sets", line,
                          file=definition.bpmn_path, severity="warning")  # fmt: skip


def set_somewhere(definition: Definition) -> set[str]:
    """The names of all variables that forms, results, data objects and multi-instances of the process set."""
    found: set[str] = set()
    for node in definition.diagram.nodes.values():
        form = definition.form(node.id)
        found.update(form.keys if form else ())
        found.update(node.locals)
        found.update(name for name in (node.result, *_loop_names(node)) if name)
    return found


def _loop_names(node: Node) -> tuple[str | None, ...]:
    if node.loop is None:
        return ()
    return node.loop.item, node.loop.output_collection, "loopCounter"


def _expressions(definition: Definition) -> Iterator[tuple[str, int, str]]:
    diagram = definition.diagram
    for flow in diagram.flows.values():
        if flow.condition:
            yield flow.id, flow.line, flow.condition
    for node in diagram.nodes.values():
        for text in (node.due, node.assignee, node.priority):
            if text and text.startswith("="):
                yield node.id, node.line, text[1:]
    if diagram.title:
        yield diagram.key, diagram.line, diagram.title
