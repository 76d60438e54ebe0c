"""Every job names a handler that exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import Definition
from engine.errors import Problem
from engine.lint.context import LintContext


def handlers(definition: Definition, context: LintContext) -> Iterator[Problem]:
    """An unknown `cf:handler` is an error."""
    for node in definition.diagram.nodes.values():
        if node.handler and node.handler not in context.handlers:
            known = "、".join(sorted(context.handlers)) or "（无）"
            yield Problem(
                "handlers",
                node.id,
                f"“{node.name}”的处理程序“{node.handler}”不存在；现有：{known}",
                f"“{node.name_en or node.name}” names the handler “{node.handler}”, which does not exist; "
                f"there are: {known}",
                node.line,
                file=definition.bpmn_path,
            )
